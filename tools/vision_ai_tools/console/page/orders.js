// What people have the console do, each press once.

import {forget, notice} from "./notices.js";
import {failureText, t} from "./texts.js";

// The second press of a double click comes within this time, and is one too many.
const REST_MS = 600;

const inHand = new Set();

/** A number of its own for each order: should the browser send one again, the console knows it. */
function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sent(name, parameters) {
  try {
    const answer = await fetch(`orders/${name}`, {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify({key: freshKey(), arguments: parameters}),
    });
    if (answer.status === 401) return {failure: {kind: "no_token"}};
    return answer.ok ? await answer.json() : {failure: {kind: "unexpected"}};
  } catch {
    return {failure: {kind: "no_console"}};
  }
}

/**
 * Has the console do something, and tells what went wrong. Gives `{done}`, or undefined where it did not work or
 * the same is in hand already: that of the same name, about the same `object` where there are several. `button`
 * shows that it is being done.
 */
export async function order(name, parameters = {}, button = null, object = "") {
  const what = `${name} ${object}`;
  if (inHand.has(what)) return undefined;
  inHand.add(what);
  forget();
  button?.setAttribute("aria-disabled", "true"); // unlike `disabled`, it leaves the focus where it is
  const [answer] = await Promise.all([
    sent(name, parameters),
    new Promise((resolve) => setTimeout(resolve, REST_MS)),
  ]);
  button?.removeAttribute("aria-disabled");
  inHand.delete(what);
  if (!answer.failure) return answer;
  notice("bad", `${t("did_not_work")} ${failureText(answer.failure)}`);
  return undefined;
}
