// Notices at the bottom of the page about what has just happened.

import {byId, createElement} from "./dom.js";
import {t} from "./texts.js";

const SUCCESS_MS = 5000;
const MAX_NOTICES = 3;

/** Removes the notices about failures, once the user has gone on to something else. */
export function removeFailureNotices() {
  for (const element of byId("notices").querySelectorAll(".bad")) element.remove();
}

/** Shows a notice. A "good" one disappears by itself, a "bad" one stays until the user dismisses it. */
export function showNotice(kind, text) {
  const container = byId("notices");
  const close = createElement("button", {type: "button", class: "quiet", "aria-label": t("dismiss")}, "✕");
  const role = kind === "bad" ? "alert" : "status";
  const element = createElement("div", {class: `notice ${kind}`, role}, createElement("p", {}, text), close);
  close.addEventListener("click", () => element.remove());
  if (kind === "good") setTimeout(() => element.remove(), SUCCESS_MS);
  // An open dialog covers everything outside it.
  (document.querySelector("dialog[open]") ?? document.body).append(container);
  container.append(element);
  while (container.children.length > MAX_NOTICES) container.firstElementChild.remove();
}

// A closed dialog hides everything inside it.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => document.body.append(byId("notices")));
}
