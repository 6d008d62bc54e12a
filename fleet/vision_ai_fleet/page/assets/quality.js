// The view Quality: how often the recognition is right, by store and product, from the events of all tills.

import {createMeterRow, updateMeterRow} from "./bars.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {formatExactPercent} from "./formats.js";
import {createReader} from "./lists.js";
import {readData} from "./requests.js";
import {go, makeHash, onRoute, route, scaleHash} from "./router.js";
import {failureText, formatDay, formatNumber, onLanguage, t} from "./texts.js";

// With fewer weighings, the intervals are so wide that they say little.
const FEW_WEIGHINGS = 30;
const form = byId("quality-filter");

let figures = null;
let failure = null;

const readQuery = () => ({days: route.parameters.get("days") ?? "7", store: route.parameters.get("store") ?? ""});

const reader = createReader("quality", async () => {
  const hash = location.hash;
  const outcome = await readData("quality", readQuery());
  if (hash !== location.hash) return;
  failure = outcome.failure ?? null;
  figures = outcome.done ?? null;
  render();
});

const productName = (name, id) => (name ? `${name} (${id})` : id);

/** The share with its 95 % interval, such as "87% (80–92%)"; a dash without any weighing. */
function formatRate({share, low, high}) {
  if (share === null) return "–";
  return t("quality.rate", {share: formatExactPercent(share), low: formatExactPercent(low), high: formatExactPercent(high)});
}

const formatRange = ({share, low, high}) =>
  share === null ? "" : t("quality.range", {low: formatExactPercent(low), high: formatExactPercent(high)});

const percent = (rate) => (rate.share === null ? "–" : formatExactPercent(rate.share));

function renderTiles({recognitions, hits: {weighings, first, first3, absent}}) {
  const tiles = [
    {name: "first", value: percent(first), note: formatRange(first)},
    {name: "first3", value: percent(first3), note: formatRange(first3)},
    {name: "absent", value: percent(absent), note: formatRange(absent)},
    {name: "recognitions", value: formatNumber(recognitions), note: t("quality.weighings", {count: formatNumber(weighings)})},
  ];
  updateChildren(
    byId("quality-tiles"),
    tiles,
    ({name}) => name,
    () => createElement("li", {}, createElement("div", {}, createElement("span"), createElement("strong"), createElement("small"))),
    (item, {name, value, note}) => {
      const [title, number, small] = item.firstElementChild.children;
      setText(title, t(name === "recognitions" ? "quality.recognitions" : `quality.tile.${name}`));
      setText(number, value);
      setText(small, note);
    },
  );
}

function renderRates(id, rows) {
  updateChildren(byId(id), rows, ({key}) => key, createMeterRow, updateMeterRow);
}

const rateRow = (key, title, rate, href = null) => ({key, title, href, share: rate.share ?? 0, value: formatRate(rate)});

function render() {
  if (route.view !== "quality") return;
  const {days, store} = readQuery();
  for (const button of byId("quality-periods").children) {
    setAttribute(button, "aria-pressed", String(button.dataset.days === days));
  }
  const weighings = figures?.overall?.hits.weighings ?? 0;
  for (const part of document.querySelectorAll("[data-figures]")) part.hidden = !weighings;
  byId("quality-note").hidden = Boolean(figures) && weighings >= FEW_WEIGHINGS;
  const note = figures ? t(weighings ? "quality.few" : "quality.none.events", {count: weighings}) : t("quality.reading.events");
  setText(byId("quality-note"), failure ? failureText(failure) : note);
  if (!weighings) return;
  renderTiles(figures.overall);
  setText(byId("quality-places-title"), t(store ? "quality.by_scale" : "quality.by_store"));
  const places = figures.places.map(({store: name, scale, hits}) => {
    const href = scale ? scaleHash({store: name, scale}) : makeHash("quality", {days, store: name});
    return rateRow(scale ?? name, scale ? `${name}/${scale}` : name, hits.first, href);
  });
  renderRates("quality-places", places);
  renderRates("quality-products", figures.products.map(({id, name, hits}) => rateRow(id, productName(name, id), hits.first)));
  const rows = figures.days.filter(({hits}) => hits.weighings > 0).reverse();
  byId("quality-days").closest("section").hidden = rows.length < 2;
  renderRates("quality-days", rows.map(({day, hits}) => rateRow(day, t("quality.day", {day: formatDay(day), count: formatNumber(hits.weighings)}), hits.first)));
}

byId("quality-periods").addEventListener("click", ({target}) => {
  if (target.dataset.days) go(makeHash("quality", {...readQuery(), days: target.dataset.days}));
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  go(makeHash("quality", {...readQuery(), store: form.elements.store.value.trim()}));
});

onRoute(() => {
  if (route.view !== "quality") return;
  form.elements.store.value = readQuery().store;
  figures = failure = null;
  render();
  reader.run();
});
onLanguage(() => {
  form.elements.store.placeholder = t("quality.all_stores");
  render();
});
