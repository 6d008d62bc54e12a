// Runs actions on the console, each press once.

import {removeFailureNotices, showNotice} from "./notices.js";
import {failureText, t} from "./texts.js";

// The second press of a double click comes within this time and is ignored.
const DOUBLE_CLICK_MS = 600;

const running = new Set();

/** A key that identifies the request, in case the browser sends it twice. */
function createKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function send(name, parameters) {
  try {
    const response = await fetch(`actions/${name}`, {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify({key: createKey(), arguments: parameters}),
    });
    if (response.status === 401) return {failure: {kind: "no_token"}};
    const isOutcome = response.headers.get("Content-Type")?.startsWith("application/json");
    return isOutcome ? await response.json() : {failure: {kind: "unexpected"}};
  } catch {
    return {failure: {kind: "no_console"}};
  }
}

/**
 * Runs an action and returns `{done}`. If it fails, shows a notice and returns undefined. Returns undefined at once
 * if the same action is already running for the same `object`. `button` shows that the action is running.
 */
export async function runAction(name, parameters = {}, button = null, object = "") {
  const id = `${name} ${object}`;
  if (running.has(id)) return undefined;
  running.add(id);
  removeFailureNotices();
  button?.setAttribute("aria-disabled", "true"); // unlike `disabled`, this keeps the focus
  const [outcome] = await Promise.all([
    send(name, parameters),
    new Promise((resolve) => setTimeout(resolve, DOUBLE_CLICK_MS)),
  ]);
  button?.removeAttribute("aria-disabled");
  running.delete(id);
  if (!outcome.failure) return outcome;
  showNotice("bad", `${t("action_failed")} ${failureText(outcome.failure)}`);
  return undefined;
}
