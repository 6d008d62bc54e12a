// Requests to the center: what a view reads, and what an operator orders.

import {removeFailureNotices, showNotice} from "./notices.js";
import {failureText, t} from "./texts.js";

// The second press of a double click comes within this time and is ignored.
const DOUBLE_CLICK_MS = 600;

const running = new Set();

/** Reads data, as `{done}` or `{failure}`. Missing and empty parameters are left out; a list is repeated. */
export async function readData(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each) query.append(name, each);
  }
  try {
    const response = await fetch(`data/${path}?${query}`);
    if (response.status === 401) return {failure: {kind: "no_token"}};
    const body = await response.json();
    return body?.failure ? {failure: body.failure} : {done: body};
  } catch {
    return {failure: {kind: "no_console"}};
  }
}

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
    if (response.status === 403) return {failure: {kind: "read_only"}};
    return response.ok ? await response.json() : {failure: {kind: "unexpected"}};
  } catch {
    return {failure: {kind: "no_console"}};
  }
}

/**
 * Runs an action and returns `{done}`. If it fails, `showFailure` shows it, else a notice, and it returns undefined.
 * Returns undefined at once if the same action is already running.
 */
export async function runAction(name, parameters, button, showFailure) {
  if (running.has(name)) return undefined;
  running.add(name);
  removeFailureNotices();
  button.setAttribute("aria-disabled", "true"); // unlike `disabled`, this keeps the focus
  const [outcome] = await Promise.all([
    send(name, parameters),
    new Promise((resolve) => setTimeout(resolve, DOUBLE_CLICK_MS)),
  ]);
  button.removeAttribute("aria-disabled");
  running.delete(name);
  if (!outcome.failure) return outcome;
  if (showFailure) showFailure(outcome.failure);
  else showNotice("bad", `${t("action_failed")} ${failureText(outcome.failure)}`);
  return undefined;
}
