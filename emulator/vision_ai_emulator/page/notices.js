// Notices at the bottom of the page about the success or the failure of an action.

import { byId, capitalize, h, setText } from "./dom.js";

const SUCCESS_MS = 3500;
let timer = 0;

/** Shows a success for a few seconds. */
export function showSuccess(text) {
  clearTimeout(timer);
  byId("error").hidden = true;
  const box = byId("success");
  setText(box, text);
  box.hidden = false;
  timer = setTimeout(() => {
    box.hidden = true;
    setText(box, "");
  }, SUCCESS_MS);
}

/** Shows an error until it is dismissed or an action succeeds. */
export function showError(title, error) {
  clearTimeout(timer);
  byId("success").hidden = true;
  const box = byId("error");
  const message = error instanceof Error ? error.message : String(error);
  box.replaceChildren(
    h("div", { class: "notice-text" }, h("strong", {}, title), h("span", {}, capitalize(message))),
    h("button", { type: "button", class: "quiet", onclick: () => (box.hidden = true) }, "Dismiss"),
  );
  box.hidden = false;
}

/** Runs an action of the user and shows the outcome. Meanwhile `button` keeps the focus and ignores clicks. */
export async function run(name, action, { button, success } = {}) {
  if (button?.getAttribute("aria-busy") === "true") return undefined;
  button?.setAttribute("aria-busy", "true");
  try {
    const result = await action();
    byId("error").hidden = true;
    if (success) showSuccess(success);
    return result ?? true;
  } catch (error) {
    showError(`${name} failed.`, error);
    return undefined;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}
