// The requests that programs made of the module, newest first.

import * as api from "./api.js";
import { at, h, keyed, say, words } from "./dom.js";
import { attempt } from "./notices.js";

const PAGE = 150;
const KEPT = 1000;
// An answer that has not come after this many looks was lost on purpose.
const LOOKS = 20;

let entries = []; // newest first
let latest = 0;
let looks = new Map(); // number of an unanswered request → how often it was looked at since
let age = 0; // counts how often the log was forgotten: an answer that was on its way then is out of date
let actedBefore = 0;
let shown = PAGE;
let filter = "";

export function start(refresh) {
  at("log-clear").addEventListener("click", async (event) => {
    const cleared = await attempt("Clearing the log", () => api.remove("requests"), { button: event.currentTarget });
    if (cleared) forget();
    refresh();
  });
  at("log-older").addEventListener("click", () => {
    shown += PAGE;
    draw();
  });
  at("log-filter").addEventListener("input", (event) => {
    filter = event.target.value.trim().toLowerCase();
    shown = PAGE;
    draw();
  });
  at("log").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.nextElementSibling.hidden = !open;
  });
}

/** The log of another device: its numbers begin anew. */
export function restart() {
  latest = 0;
  forget();
}

function forget() {
  entries = [];
  looks = new Map();
  age += 1;
  draw();
}

/** Asks for what is new, if anything is: `number` is that of the latest request. */
export async function update(number) {
  if (number < latest) restart();
  const waiting = entries.filter((entry) => looks.has(entry.number)).map((entry) => entry.number);
  if (number === latest && waiting.length === 0) return false;
  const grown = number !== latest;
  const after = Math.min(latest, ...waiting.map((unanswered) => unanswered - 1));
  const asked = age;
  const { requests } = await api.get(`requests?after=${after}`);
  if (asked !== age) return grown;
  merge(requests);
  latest = Math.max(number, latest);
  draw();
  return grown;
}

function merge(requests) {
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  for (const request of requests) byNumber.set(request.number, request);
  entries = [...byNumber.values()].sort((one, other) => other.number - one.number).slice(0, KEPT);
  latest = Math.max(latest, entries[0]?.number ?? 0);
  const before = looks;
  looks = new Map();
  for (const { number, status } of entries) {
    const count = (before.get(number) ?? 0) + 1;
    const isNew = requests.some((request) => request.number === number);
    if (status === null && isNew && count <= LOOKS) looks.set(number, count);
  }
}

function matches({ method, path, operation, code, faults }) {
  if (!filter) return true;
  return [method, path, operation, code, ...faults].some((part) => String(part ?? "").toLowerCase().includes(filter));
}

function draw() {
  const wanted = entries.filter(matches);
  keyed(
    at("log"),
    wanted.slice(0, shown),
    (entry) => entry.number,
    make,
    redraw,
  );
  const none = at("log-none");
  none.hidden = wanted.length > 0;
  say(none, entries.length ? "No request matches the filter." : "No program has asked the module anything since.");
  at("log-older").hidden = wanted.length <= shown;
  say(at("requests-count"), filter ? `${wanted.length} of ${entries.length}` : entries.length);
}

function make({ number }) {
  return h(
    "li",
    { value: number },
    h(
      "button",
      { type: "button", "aria-expanded": "false" },
      h("span", { class: "what" }, h("b", {}), h("code", {})),
      h("span", { class: "result" }),
      h("span", { class: "more faint" }),
      h("span", { class: "chips" }),
    ),
    h("div", { class: "body", hidden: true }, h("pre", {})),
  );
}

// A request that was answered once never changes again.
function redraw(row, entry) {
  if (row.drawn === entry) return;
  row.drawn = entry;
  const [what, result, more, chips] = row.firstElementChild.children;
  say(what.firstElementChild, entry.method);
  say(what.lastElementChild, entry.path);
  what.title = entry.path;
  const [text, mood] = verdict(entry);
  say(result, text);
  result.dataset.mood = mood;
  say(more, `${entry.number} · ${entry.time.slice(11, 23)} · ${entry.operation ?? "no such operation"}${httpStatus(entry)}`);
  chips.replaceChildren(...entry.faults.map((kind) => h("span", { class: "chip" }, words(kind))));
  say(row.querySelector("pre"), readable(entry.body));
}

function httpStatus({ status }) {
  return status === null || status === 200 ? "" : ` · HTTP ${status}`;
}

function verdict(entry) {
  if (entry.code !== null) return [String(entry.code).replace("-", "−"), entry.code === 0 ? "good" : "bad"];
  if (entry.status !== null) return [`HTTP ${entry.status}`, entry.status < 400 ? "plain" : "bad"];
  return looks.has(entry.number) && !entry.faults.length ? ["…", "plain"] : ["no answer", "bad"];
}

function readable(body) {
  if (body === null) return "No JSON body.";
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body || "An empty body.";
  }
}

/** How often the device really did each operation. */
export function showActed(acted) {
  const counts = Object.entries(acted).sort(([one], [other]) => one.localeCompare(other));
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  // They only shrink when somebody emptied the log or started the device over.
  if (sum < actedBefore) restart();
  actedBefore = sum;
  say(at("acted-text"), sum ? `${sum} ${sum === 1 ? "call" : "calls"}` : "nothing yet");
  keyed(
    at("acted-list"),
    counts,
    ([operation]) => operation,
    ([operation]) => h("li", {}, h("code", {}, operation), h("b", {})),
    (row, [, count]) => say(row.lastElementChild, count),
  );
}
