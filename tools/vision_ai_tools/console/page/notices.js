// What has just happened, at the bottom of the page.

import {at, h} from "./dom.js";
import {t} from "./texts.js";

const GOOD_NEWS_MS = 5000;
const AT_MOST = 3;

/** Takes away what went wrong before: somebody has gone on since. */
export function forget() {
  for (const element of at("notices").querySelectorAll(".bad")) element.remove();
}

/** `kind` is "good", which goes by itself, or "bad", which stays until somebody has read it. */
export function notice(kind, text) {
  const box = at("notices");
  const close = h("button", {type: "button", class: "quiet", "aria-label": t("dismiss")}, "✕");
  const element = h("div", {class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status"}, h("p", {}, text), close);
  close.addEventListener("click", () => element.remove());
  if (kind === "good") setTimeout(() => element.remove(), GOOD_NEWS_MS);
  // A dialog lies over everything that is not in it.
  (document.querySelector("dialog[open]") ?? document.body).append(box);
  box.append(element);
  while (box.children.length > AT_MOST) box.firstElementChild.remove();
}

// Out of a dialog that is closed, where nobody would see them.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => document.body.append(at("notices")));
}
