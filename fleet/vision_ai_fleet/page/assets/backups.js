// The view Backups: those of all scales, or of a store, a scale or an engine.

import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {formatMoment} from "./formats.js";
import {createReader, PART, renderPager} from "./lists.js";
import {readData} from "./requests.js";
import {go, makeHash, onRoute, route, scaleHash} from "./router.js";
import {failureText, formatSize, onLanguage, t} from "./texts.js";

const FIELDS = ["store", "scale", "engine"];
const form = byId("backups-filter");

let list = null;
let failure = null;

function readQuery() {
  const {parameters} = route;
  const fields = Object.fromEntries(FIELDS.map((name) => [name, parameters.get(name) ?? ""]));
  return {...fields, offset: Number(parameters.get("offset")) || 0};
}

const reader = createReader("backups", async () => {
  const hash = location.hash;
  const outcome = await readData("backups", {...readQuery(), size: PART});
  if (hash !== location.hash) return;
  failure = outcome.failure ?? null;
  list = outcome.done ?? null;
  render();
});

function render() {
  if (route.view !== "backups") return;
  byId("backups-wrong").hidden = !failure;
  setText(byId("backups-wrong"), failure ? failureText(failure) : "");
  byId("backups-none").hidden = !list || list.total > 0;
  updateChildren(
    byId("backup-rows"),
    list?.rows ?? [],
    ({store, scale, name}) => `${store}/${scale} ${name}`,
    () => createElement("li", {}, createElement("a"), createElement("span", {class: "grow faint"}), createElement("span", {class: "note"})),
    (item, backup) => {
      const [link, text, size] = item.children;
      setAttribute(link, "href", scaleHash(backup));
      setText(link, `${backup.store}/${backup.scale}`);
      const facts = [formatMoment(backup.created), t("backup.engine", {engine: backup.engine ?? "–"}), backup.name];
      setText(text, facts.join(" · "));
      setText(size, typeof backup.size === "number" ? formatSize(backup.size) : "–");
    },
  );
  renderPager(byId("backups-pager"), list ?? {total: 0, offset: 0, rows: []}, (offset) =>
    go(makeHash("backups", {...readQuery(), offset})),
  );
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go(makeHash("backups", Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value.trim()]))));
});

onRoute(() => {
  if (route.view !== "backups") return;
  const query = readQuery();
  for (const name of FIELDS) form.elements[name].value = query[name];
  reader.run();
});
onLanguage(render);
