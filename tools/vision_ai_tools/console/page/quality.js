// How often the recognition is right: figures of the console's journal, as tables with bars.

import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {fillTeachForm} from "./teach.js";
import {failureText, formatDay, formatNumber, formatPercent, onLanguage, t} from "./texts.js";

const REFRESH_MS = 30_000;
// With fewer weighings, the intervals are so wide that they say little.
const FEW_WEIGHINGS = 30;

let days = 7;
let figures = null;
let failure = null;
let timer = null;

const productName = (name, id) => (name ? `${name} (${id})` : t("recognize.unnamed", {id}));

/** Reads the figures, and again after a while as long as the view is shown. */
export async function readQuality() {
  clearTimeout(timer);
  const wanted = days;
  let outcome;
  try {
    outcome = await (await fetch(`quality?days=${wanted}`)).json();
  } catch {
    outcome = {failure: {kind: "no_console"}};
  }
  if (wanted !== days) return;
  figures = outcome.done ?? null;
  failure = outcome.failure ?? null;
  render();
  if (document.body.dataset.view === "quality") timer = setTimeout(readQuality, REFRESH_MS);
}

/** The share with its 95 % interval, such as "87% (80–92%)"; a dash without any weighing. */
function formatRate({share, low, high}) {
  if (share === null) return "–";
  return t("quality.rate", {share: formatPercent(share), low: formatPercent(low), high: formatPercent(high)});
}

function createRow() {
  const bar = createElement("span", {class: "meter"}, createElement("span"));
  return createElement("tr", {}, createElement("th", {scope: "row"}), createElement("td", {}, bar), createElement("td"));
}

function updateRow(row, [title, rate]) {
  const [head, meter, value] = row.children;
  setText(head, title);
  meter.firstElementChild.firstElementChild.style.width = `${(rate.share ?? 0) * 100}%`;
  setText(value, formatRate(rate));
}

function renderTable(id, rows) {
  updateChildren(byId(id), rows, ([title]) => title, createRow, updateRow);
}

function renderPlaces({overall}) {
  renderTable("quality-places", [
    [t("quality.first"), overall.first],
    [t("quality.first3"), overall.first3],
    [t("quality.first5"), overall.first5],
    [t("quality.absent"), overall.absent],
  ]);
}

/** The days with weighings, the newest first. */
function renderDays({days: entries}) {
  const rows = entries.filter(({hits}) => hits.weighings > 0).reverse();
  byId("quality-by-day").hidden = rows.length < 2;
  renderTable(
    "quality-days",
    rows.map(({day, hits}) => [t("quality.day", {day: formatDay(day), count: hits.weighings}), hits.first]),
  );
}

const formatReason = ({reason, rate, taken_for: other, taken_for_name: otherName}) =>
  t(`quality.reason.${reason}`, {
    count: rate.count,
    total: rate.total,
    other: other === null ? "" : productName(otherName, other),
  });

function createAdvice({id, name}) {
  const teach = createElement("a", {class: "button", href: "#teach"});
  teach.addEventListener("click", () => fillTeachForm({id, name: name ?? ""}));
  const text = createElement("p", {}, createElement("strong"), createElement("span", {class: "faint"}));
  return createElement("li", {}, text, teach);
}

function updateAdvice(item, advice) {
  const [text, teach] = item.children;
  const name = productName(advice.name, advice.id);
  setText(text.firstElementChild, name);
  setText(text.lastElementChild, formatReason(advice));
  setText(teach, t("view.teach"));
  setAttribute(teach, "aria-label", t("quality.teach.label", {name}));
}

function renderAdvice({teach, confusions, unconfirmed, overall}) {
  byId("quality-teach-none").hidden = teach.length > 0;
  setText(byId("quality-teach-none"), t(overall.weighings < FEW_WEIGHINGS ? "quality.teach.few" : "quality.teach.none"));
  updateChildren(byId("quality-teach"), teach, ({id}) => id, createAdvice, updateAdvice);
  byId("quality-confused").hidden = confusions.length === 0;
  renderTable(
    "quality-confusions",
    confusions.map(({id, name, taken_for: other, taken_for_name: otherName, rate}) => [
      t("quality.pair", {name: productName(name, id), other: productName(otherName, other)}),
      rate,
    ]),
  );
  byId("quality-unconfirmed").hidden = unconfirmed.length === 0;
  const products = unconfirmed.map(({id, name}) => productName(name, id)).join(", ");
  setText(byId("quality-unconfirmed"), t("quality.unconfirmed", {products}));
}

const formatSeconds = (value) => (value === null ? "–" : t("quality.seconds", {value: formatNumber(value, 2)}));

function renderFacts({recognitions, confirmed, latency, connections_lost: lost, time, automatic}) {
  const facts = [
    [t("quality.recognitions"), formatNumber(recognitions)],
    [t("quality.confirmed"), formatNumber(confirmed.count)],
    [t("quality.latency"), `${formatSeconds(latency.median)} / ${formatSeconds(latency.p95)}`],
    [t("quality.lost"), formatNumber(lost)],
    [t("quality.saved"), t("quality.minutes", {value: formatNumber(time.seconds_saved / 60)})],
    [t("quality.automatic"), automatic.state === "found" ? formatNumber(automatic.score, 2) : t(`quality.${automatic.state}`)],
  ];
  updateChildren(
    byId("quality-facts"),
    facts,
    ([title]) => title,
    () => createElement("div", {}, createElement("dt"), createElement("dd")),
    (row, [title, value]) => {
      setText(row.firstElementChild, title);
      setText(row.lastElementChild, value);
    },
  );
}

function render() {
  for (const button of byId("quality-periods").children) {
    setAttribute(button, "aria-pressed", String(Number(button.dataset.days) === days));
  }
  const weighings = figures?.overall.weighings ?? 0;
  byId("quality-note").hidden = Boolean(figures) && weighings >= FEW_WEIGHINGS;
  const note = weighings ? t("quality.few", {count: weighings}) : t("quality.none");
  setText(byId("quality-note"), failure ? failureText(failure) : figures ? note : t("quality.reading"));
  for (const part of document.querySelectorAll("[data-figures]")) part.hidden = !weighings;
  if (!figures) return;
  renderPlaces(figures);
  renderDays(figures);
  renderAdvice(figures);
  renderFacts(figures);
}

byId("quality-periods").addEventListener("click", ({target}) => {
  if (!target.dataset.days) return;
  days = Number(target.dataset.days);
  readQuality();
});

onLanguage(render);
