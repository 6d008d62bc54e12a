// What has just happened, at the bottom of the page.

import {at, h} from "./dom.js";
import {t} from "./texts.js";

const GOOD_NEWS_MS = 5000;
const AT_MOST = 3;

/** `kind` is "good", which goes by itself, or "bad", which stays until somebody has read it. */
export function notice(kind, text) {
  const box = at("notices");
  const close = h("button", {type: "button", class: "quiet", "aria-label": t("dismiss")}, "✕");
  const element = h("div", {class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status"}, h("p", {}, text), close);
  close.addEventListener("click", () => element.remove());
  if (kind === "good") setTimeout(() => element.remove(), GOOD_NEWS_MS);
  box.append(element);
  while (box.children.length > AT_MOST) box.firstElementChild.remove();
}
