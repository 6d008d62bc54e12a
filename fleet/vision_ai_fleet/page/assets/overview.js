// The view Overview: how many scales work, what runs on them, and what needs a person.

import {formatShare, createMeterRow, renderLegend, renderStackBar, updateMeterRow} from "./bars.js";
import {onChange, state} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {createRollout, updateRollout} from "./rollout_row.js";
import {makeHash, scaleHash} from "./router.js";
import {FAILING, renderStatus, STATUSES} from "./status.js";
import {errorText, formatAge} from "./formats.js";
import {formatNumber, onLanguage, t} from "./texts.js";

const SPREADS = ["firmware", "engine", "api", "agent"];

const whereHash = (...where) => makeHash("scales", {where});

function renderTiles({total, stores, online, offline, failing, drift}) {
  const tiles = [
    {name: "scales", count: total, note: t("tile.stores", {count: formatNumber(stores)}), href: "#scales"},
    {name: "online", count: online, note: total ? formatShare(online / total) : "", href: whereHash("online=true")},
    {name: "offline", count: offline, note: t("tile.offline"), href: whereHash("online=false"), tone: offline && "off"},
    {name: "failing", count: failing, note: t("tile.failing"), href: whereHash(...FAILING), tone: failing && "bad"},
    {name: "drift", count: drift, note: t("tile.drift"), href: whereHash(...STATUSES.drift.where), tone: drift && "warn"},
  ];
  updateChildren(
    byId("tiles"),
    tiles,
    ({name}) => name,
    () => createElement("li", {}, createElement("a", {}, createElement("span"), createElement("strong"), createElement("small"))),
    (item, {name, count, note, href, tone}) => {
      const [link] = item.children;
      setAttribute(link, "href", href);
      item.dataset.tone = tone || "";
      const [title, number, small] = link.children;
      setText(title, t(`tile.${name}.title`));
      setText(number, formatNumber(count));
      setText(small, note);
    },
  );
}

function renderHealth() {
  const {scales} = state;
  if (!scales) return;
  renderTiles(scales);
  const parts = Object.entries(STATUSES).map(([name, {tone, where}]) => ({
    name,
    tone,
    label: t(`status.${name}`),
    count: scales[name],
    href: whereHash(...where),
  }));
  renderStackBar(byId("health-bar"), parts, scales.total);
  renderLegend(byId("health-legend"), parts.filter(({count}) => count > 0), scales.total);
}

function describeVersion(name, {version, others, count}) {
  const total = state.scales?.total || 1;
  const title = others ? t("versions.others", {count: others}) : (version ?? t("versions.none"));
  const condition = version ? `${name}=${escapePattern(version)}` : `${name}=`;
  return {
    key: others ? "others" : String(version),
    title: name === "api" && version ? version.toUpperCase() : title,
    href: others ? null : whereHash(condition),
    share: count / total,
    value: `${formatNumber(count)} · ${formatShare(count / total)}`,
  };
}

/** A version as a condition has it: what stands for any characters there must not. */
const escapePattern = (text) => text.replace(/[*?[]/g, "?");

function renderVersions() {
  updateChildren(
    byId("versions"),
    SPREADS,
    (name) => name,
    () => createElement("table", {class: "rates"}, createElement("caption"), createElement("tbody")),
    (table, name) => {
      const [caption, body] = table.children;
      setText(caption, t(`column.${name}`));
      const rows = (state[`versions.${name}`] ?? []).map((each) => describeVersion(name, each));
      updateChildren(body, rows, ({key}) => key, createMeterRow, updateMeterRow);
    },
  );
}

function renderFailing() {
  const rows = state.failing ?? [];
  byId("failing-none").hidden = rows.length > 0;
  setAttribute(byId("failing-all"), "href", whereHash(...FAILING));
  updateChildren(
    byId("failing"),
    rows,
    ({store, scale}) => `${store}/${scale}`,
    () => createElement("li", {}, createElement("a"), createElement("span", {class: "grow faint"}), createElement("span", {class: "badge"})),
    (item, row) => {
      const [link, text, badge] = item.children;
      setAttribute(link, "href", scaleHash(row));
      setText(link, `${row.store}/${row.scale}`);
      setText(text, row.status === "error" && row.code ? errorText(row) : t("failing.seen", {age: formatAge(row.time)}));
      renderStatus(badge, row.status);
    },
  );
}

function renderWorst() {
  const rows = state.stores ?? [];
  byId("worst-none").hidden = rows.length > 0;
  updateChildren(byId("worst"), rows, ({store}) => store, createStore, updateStore);
}

export const createStore = () =>
  createElement(
    "li",
    {},
    createElement("a"),
    createElement("span", {class: "stack-bar grow", "aria-hidden": "true"}),
    createElement("span", {class: "note"}),
  );

export function updateStore(item, {store, total, offline, failing, drift}) {
  const [link, bar, text] = item.children;
  setAttribute(link, "href", makeHash("scales", {where: `store=${store}`}));
  setText(link, store);
  const parts = [
    {name: "ready", tone: "good", count: total - offline - failing - drift},
    {name: "drift", tone: "warn", count: drift},
    {name: "failing", tone: "bad", count: failing},
    {name: "offline", tone: "off", count: offline},
  ];
  renderStackBar(bar, parts, total);
  const counts = {offline: formatNumber(offline), failing: formatNumber(failing), total: formatNumber(total)};
  setText(text, t("store.counts", counts));
}

function renderActive() {
  const rows = state.rollouts?.rows ?? [];
  byId("active-none").hidden = rows.length > 0;
  updateChildren(byId("active"), rows, ({id}) => id, createRollout, updateRollout);
}

onChange(["scales"], renderHealth);
onChange(["scales", ...SPREADS.map((name) => `versions.${name}`)], renderVersions);
onChange(["failing"], renderFailing);
onChange(["stores"], renderWorst);
onChange(["rollouts"], renderActive);
onLanguage(() => {
  for (const render of [renderHealth, renderVersions, renderFailing, renderWorst, renderActive]) render();
});
