// What lasts and needs a person, the newest first: the view Alerts, and a few of them in the view Overview.

import {onChange, state} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {formatAge} from "./formats.js";
import {createReader, PART, renderPager} from "./lists.js";
import {readData} from "./requests.js";
import {go, makeHash, onRoute, route, scaleHash} from "./router.js";
import {ruleText} from "./status.js";
import {onLanguage, t} from "./texts.js";

const select = byId("alerts-rule");

let list = null;

const readQuery = () => ({
  rule: route.parameters.get("rule") ?? "",
  offset: Number(route.parameters.get("offset")) || 0,
});

const reader = createReader("alerts", async () => {
  const hash = location.hash;
  const {done} = await readData("alerts", {...readQuery(), size: PART});
  if (hash !== location.hash || !done) return;
  list = done;
  render();
});

function renderAlerts(parent, rows) {
  updateChildren(
    parent,
    rows,
    (alert) => `${alert.rule} ${alert.store}/${alert.scale}`,
    () =>
      createElement(
        "li",
        {},
        createElement("a"),
        createElement("span", {class: "grow"}, createElement("strong"), createElement("span", {class: "faint"})),
        createElement("span", {class: "note"}),
      ),
    (item, alert) => {
      const [link, text, time] = item.children;
      setAttribute(link, "href", scaleHash(alert));
      setText(link, `${alert.store}/${alert.scale}`);
      setText(text.children[0], ruleText(alert.rule));
      setText(text.children[1], alert.message);
      setText(time, formatAge(alert.since));
    },
  );
}

/** The newest alerts, in the view Overview. */
function renderRecent() {
  const rows = state.alerts?.rows ?? [];
  byId("recent-none").hidden = rows.length > 0;
  renderAlerts(byId("recent"), rows);
}

function render() {
  if (route.view !== "alerts" || !list) return;
  const {rule} = readQuery();
  byId("alerts-none").hidden = list.total > 0;
  updateChildren(
    select,
    ["", ...list.rules],
    (name) => name,
    (name) => createElement("option", {value: name}),
    (option, name) => setText(option, name ? ruleText(name) : t("alerts.all")),
  );
  select.value = rule;
  renderAlerts(byId("alert-rows"), list.rows);
  renderPager(byId("alerts-pager"), list, (offset) => go(makeHash("alerts", {...readQuery(), offset})));
}

select.addEventListener("change", () => go(makeHash("alerts", {rule: select.value})));

onRoute(() => route.view === "alerts" && reader.run());
onChange(["revisions"], () => route.view === "alerts" && reader.refresh());
onChange(["alerts"], renderRecent);
onLanguage(() => {
  renderRecent();
  render();
});
