// Parts of lists that the center keeps: read when a view shows them, and again when they change.

import {createElement, setAttribute, setText} from "./dom.js";
import {route} from "./router.js";
import {formatNumber, t} from "./texts.js";

export const PART = 50;
// A list that changes all the time is read again this often at the most.
const REFRESH_MS = 2000;

/** Runs `read` at once, and after `refresh` in a moment: one at a time, and only while its view is shown. */
export function createReader(view, read) {
  let timer = null;
  let isReading = false;
  let isAsked = false;
  async function run() {
    clearTimeout(timer);
    timer = null;
    if (route.view !== view) return;
    if (isReading) {
      isAsked = true;
      return;
    }
    isReading = true;
    await read();
    isReading = false;
    if (isAsked) {
      isAsked = false;
      run();
    }
  }
  const refresh = () => {
    timer ??= setTimeout(run, REFRESH_MS);
  };
  return {run, refresh};
}

/** The buttons below a list: which part is shown, and the parts before and after it. */
export function renderPager(container, {total, offset, rows}, show) {
  container.hidden = total <= PART && !offset;
  if (!container.children.length) {
    const create = (name, sign) => createElement("button", {type: "button", "data-step": name}, sign);
    container.append(create("previous", "‹"), createElement("p", {role: "status"}), create("next", "›"));
  }
  const [previous, text, next] = container.children;
  const [first, last] = [rows.length ? offset + 1 : 0, offset + rows.length];
  setText(text, t("pager", {first: formatNumber(first), last: formatNumber(last), total: formatNumber(total)}));
  setAttribute(previous, "aria-label", t("pager.previous"));
  setAttribute(next, "aria-label", t("pager.next"));
  previous.disabled = offset === 0;
  next.disabled = last >= total;
  previous.onclick = () => show(Math.max(0, offset - PART));
  next.onclick = () => show(offset + PART);
}
