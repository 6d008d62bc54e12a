// What went well or wrong with something that was asked for, over the lower edge of the page.

import { at, capital, h, say } from "./dom.js";

const SHOWN_MS = 3500;
let timer = 0;

/** Something was done. Goes by itself. */
export function done(text) {
  clearTimeout(timer);
  at("error").hidden = true;
  const box = at("done");
  say(box, text);
  box.hidden = false;
  timer = setTimeout(() => {
    box.hidden = true;
    say(box, "");
  }, SHOWN_MS);
}

/** Something was refused. Stays until it is dismissed or something else succeeds. */
export function failed(what, error) {
  clearTimeout(timer);
  at("done").hidden = true;
  const box = at("error");
  const message = error instanceof Error ? error.message : String(error);
  box.replaceChildren(
    h("div", { class: "notice-text" }, h("strong", {}, what), h("span", {}, capital(message))),
    h("button", { type: "button", class: "quiet", onclick: () => (box.hidden = true) }, "Dismiss"),
  );
  box.hidden = false;
}

/**
 * Does something that a person asked for and says how it went. While it goes on, `button` does nothing, and it
 * keeps the focus.
 */
export async function attempt(what, action, { button, success } = {}) {
  if (button?.getAttribute("aria-busy") === "true") return undefined;
  button?.setAttribute("aria-busy", "true");
  try {
    const result = await action();
    at("error").hidden = true;
    if (success) done(success);
    return result ?? true;
  } catch (error) {
    failed(`${what} did not work.`, error);
    return undefined;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}
