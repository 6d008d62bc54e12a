// The view Scales: a part of the list of those that meet the conditions. The center filters, sorts and counts.

import {isOperator, onChange, state} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {formatAge, formatMoment} from "./formats.js";
import {createReader, PART, renderPager} from "./lists.js";
import {readData} from "./requests.js";
import {go, makeHash, onRoute, route, scaleHash} from "./router.js";
import {renderStatus} from "./status.js";
import {failureText, formatNumber, onLanguage, t} from "./texts.js";

const SEARCH_MS = 300;
const form = byId("filter");

let list = null;
let failure = null;
let shown = "";
let searchTimer = null;

/** What the address asks for. */
export function readQuery() {
  const {parameters} = route;
  return {
    where: parameters.getAll("where"),
    search: parameters.get("search") ?? "",
    sort: parameters.get("sort") ?? "",
    offset: Number(parameters.get("offset")) || 0,
  };
}

/** How many scales the shown list has. */
export const countSelected = () => list?.total ?? 0;

function show(changes, replaces = false) {
  go(makeHash("scales", {...readQuery(), offset: 0, ...changes}), replaces);
}

const reader = createReader("scales", async () => {
  const hash = location.hash;
  const outcome = await readData("scales", {...readQuery(), size: PART});
  if (hash !== location.hash) return;
  failure = outcome.failure ?? null;
  list = outcome.done ?? list;
  render();
});

const createCell = (column, ...children) => createElement("td", {"data-column": column}, ...children);

const createRow = () =>
  createElement(
    "tr",
    {},
    createElement("th", {scope: "row"}, createElement("a")),
    createCell("status", createElement("span", {class: "badge"}), createElement("span", {class: "activity"})),
    ...["firmware", "engine", "api", "items", "backup", "time"].map((name) =>
      createElement("td", {"data-column": name, class: name === "items" ? "number" : null}),
    ),
  );

function updateRow(row, scale) {
  const [head, status, firmware, engine, api, items, backup, time] = row.children;
  const [link] = head.children;
  setAttribute(link, "href", scaleHash(scale));
  setText(link, `${scale.store}/${scale.scale}`);
  renderStatus(status.children[0], scale.status);
  setText(status.children[1], scale.activity && scale.activity !== "idle" ? t(`activity.${scale.activity}`) : "");
  setText(firmware, scale.firmware ?? "–");
  setText(engine, scale.engine ?? "–");
  setText(api, scale.api?.toUpperCase() ?? "–");
  setText(items, scale.items === null ? "–" : formatNumber(scale.items));
  setText(backup, formatAge(scale.backup_time));
  setAttribute(backup, "title", formatMoment(scale.backup_time));
  setText(time, formatAge(scale.time));
  for (const cell of row.querySelectorAll("td")) cell.dataset.title = t(`column.${cell.dataset.column}`);
}

function renderFilters() {
  const {where} = readQuery();
  byId("filters").hidden = where.length === 0 || route.view !== "scales";
  updateChildren(
    byId("filters"),
    where,
    (condition) => condition,
    () => createElement("li", {}, createElement("button", {type: "button"}, createElement("code"), "✕")),
    (item, condition) => {
      const [button] = item.children;
      setText(button.firstElementChild, condition);
      setAttribute(button, "aria-label", t("filter.remove", {condition}));
      button.onclick = () => show({where: where.filter((each) => each !== condition)});
    },
  );
}

function renderOrder() {
  const {sort} = readQuery();
  for (const button of document.querySelectorAll("[data-sort]")) {
    const name = button.dataset.sort;
    const isOrdered = sort === name || sort === `-${name}` || (!sort && name === "id");
    const order = sort.startsWith("-") ? "descending" : "ascending";
    const cell = button.parentElement;
    if (isOrdered) cell.setAttribute("aria-sort", order);
    else cell.removeAttribute("aria-sort");
    button.onclick = () => show({sort: isOrdered && order === "ascending" ? `-${name}` : name});
  }
}

/** Versions that exist, as conditions to choose from. */
function renderSuggestions() {
  const versions = ["firmware", "engine", "api", "agent"].flatMap((name) =>
    (state[`versions.${name}`] ?? []).filter(({version}) => version).map(({version}) => `${name}=${version}`),
  );
  const others = ["online=false", "module!=ready", "module=camera_lost", "drift=true", "store=0042", "learn_mode=1", "items<10"];
  updateChildren(
    byId("conditions"),
    [...new Set([...versions, ...others])],
    (condition) => condition,
    (condition) => createElement("option", {value: condition}),
  );
}

function render() {
  if (route.view !== "scales") return;
  byId("filter-wrong").hidden = !failure;
  setText(byId("filter-wrong"), failure ? failureText(failure) : "");
  renderFilters();
  renderOrder();
  byId("start").hidden = !isOperator;
  byId("start").disabled = !list?.total || Boolean(failure);
  if (!list) return;
  setText(byId("list-title"), t("list.title", {count: formatNumber(list.total)}));
  setText(byId("start"), t("start.open", {count: formatNumber(list.total)}));
  byId("list-none").hidden = list.total > 0;
  setText(byId("list-none"), t("list.none"));
  byId("scales-table").hidden = list.total === 0;
  updateChildren(byId("scale-rows"), list.rows, ({store, scale}) => `${store}/${scale}`, createRow, updateRow);
  renderPager(byId("list-pager"), list, (offset) => show({offset}));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const condition = form.elements.where.value.trim();
  if (!condition) return;
  const {where} = readQuery();
  form.elements.where.value = "";
  show({where: [...new Set([...where, condition])]});
});
form.elements.search.addEventListener("input", () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => {
    if (route.view === "scales") show({search: form.elements.search.value.trim()}, true);
  }, SEARCH_MS);
});

onRoute(() => {
  if (route.view !== "scales") return;
  if (location.hash !== shown) failure = null;
  shown = location.hash;
  if (document.activeElement !== form.elements.search) form.elements.search.value = readQuery().search;
  render();
  reader.run();
});
onChange(["revisions"], () => route.view === "scales" && reader.refresh());
onChange(["versions.firmware", "versions.engine"], renderSuggestions);
onLanguage(render);
