// Bars: of one share, and of parts that add up to a whole.

import {createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {formatNumber, formatPercent} from "./texts.js";

/** `[{name, count, tone}]` as one bar of `total`. The width of a part is at least visible. */
export function renderStackBar(bar, parts, total) {
  updateChildren(
    bar,
    parts.filter(({count}) => count > 0),
    ({name}) => name,
    () => createElement("span"),
    (part, {count, tone}) => {
      part.dataset.tone = tone;
      part.style.flexBasis = `${total ? (count / total) * 100 : 0}%`;
    },
  );
}

/** The parts of a bar as a list, each a link where it has one. */
export function renderLegend(list, parts, total) {
  updateChildren(
    list,
    parts,
    ({name}) => name,
    ({href}) =>
      createElement(
        "li",
        {},
        createElement(href ? "a" : "span", {}, createElement("i"), createElement("span"), createElement("b"), createElement("small")),
      ),
    (item, {label, count, tone, href}) => {
      const [link] = item.children;
      const [dot, name, number, share] = link.children;
      if (href) setAttribute(link, "href", href);
      dot.dataset.tone = tone;
      setText(name, label);
      setText(number, formatNumber(count));
      setText(share, total ? formatShare(count / total) : "");
    },
  );
}

/** A share in percent, never 0% or 100% for a part that is not. */
export function formatShare(share) {
  if (share > 0 && share < 0.01) return `<${formatPercent(0.01)}`;
  return share > 0.99 && share < 1 ? `>${formatPercent(0.99)}` : formatPercent(share);
}

export function createMeterRow() {
  const bar = createElement("span", {class: "meter"}, createElement("span"));
  return createElement("tr", {}, createElement("th", {scope: "row"}), createElement("td", {}, bar), createElement("td"));
}

/** Fills a row of `createMeterRow`. `href` makes its title a link. */
export function updateMeterRow(row, {title, href, share, value}) {
  const [head, meter, text] = row.children;
  if (href && !head.firstElementChild) head.append(createElement("a"));
  const target = href ? head.firstElementChild : head;
  if (href) setAttribute(target, "href", href);
  setText(target, title);
  meter.firstElementChild.firstElementChild.style.width = `${share * 100}%`;
  setText(text, value);
}
