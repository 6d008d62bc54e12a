// The requests to the module, newest first.

import * as api from "./api.js";
import { byId, h, setText, toWords, updateChildren } from "./dom.js";
import { run } from "./notices.js";

const PAGE_SIZE = 150;
const MAX_ENTRIES = 1000;
// A response that is missing after this many updates was dropped by a fault.
const MAX_UPDATES = 20;

let entries = []; // newest first
let latest = 0;
let pending = new Map(); // the number of updates since a request without a response, by its number
let generation = 0; // the number of times that the log was cleared: an earlier response is outdated
let previousTotal = 0;
let limit = PAGE_SIZE;
let filter = "";

export function start(refresh) {
  byId("log-clear").addEventListener("click", async (event) => {
    const cleared = await run("Clearing the log", () => api.remove("requests"), { button: event.currentTarget });
    if (cleared) clear();
    refresh();
  });
  byId("log-older").addEventListener("click", () => {
    limit += PAGE_SIZE;
    draw();
  });
  byId("log-filter").addEventListener("input", (event) => {
    filter = event.target.value.trim().toLowerCase();
    limit = PAGE_SIZE;
    draw();
  });
  byId("log").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.nextElementSibling.hidden = !open;
  });
}

/** Starts with the log of another device, whose numbers begin at 1. */
export function restart() {
  latest = 0;
  clear();
}

function clear() {
  entries = [];
  pending = new Map();
  generation += 1;
  draw();
}

/** Loads new requests if there are any; `number` is the number of the latest request. Returns whether there are. */
export async function update(number) {
  if (number < latest) restart();
  const incomplete = entries.filter((entry) => pending.has(entry.number)).map((entry) => entry.number);
  if (number === latest && incomplete.length === 0) return false;
  const hasNew = number !== latest;
  const after = Math.min(latest, ...incomplete.map((entryNumber) => entryNumber - 1));
  const startGeneration = generation;
  const { requests } = await api.get(`requests?after=${after}`);
  if (startGeneration !== generation) return hasNew;
  merge(requests);
  latest = Math.max(number, latest);
  draw();
  return hasNew;
}

function merge(requests) {
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  for (const request of requests) byNumber.set(request.number, request);
  entries = [...byNumber.values()].sort((one, other) => other.number - one.number).slice(0, MAX_ENTRIES);
  latest = Math.max(latest, entries[0]?.number ?? 0);
  const before = pending;
  pending = new Map();
  for (const { number, status } of entries) {
    const count = (before.get(number) ?? 0) + 1;
    const isNew = requests.some((request) => request.number === number);
    if (status === null && isNew && count <= MAX_UPDATES) pending.set(number, count);
  }
}

function matches({ method, path, operation, code, faults }) {
  if (!filter) return true;
  return [method, path, operation, code, ...faults].some((part) => String(part ?? "").toLowerCase().includes(filter));
}

function draw() {
  const matching = entries.filter(matches);
  updateChildren(
    byId("log"),
    matching.slice(0, limit),
    (entry) => entry.number,
    createRow,
    updateRow,
  );
  const none = byId("log-none");
  none.hidden = matching.length > 0;
  setText(none, entries.length ? "No request matches the filter." : "There are no requests.");
  byId("log-older").hidden = matching.length <= limit;
  setText(byId("requests-count"), filter ? `${matching.length} of ${entries.length}` : entries.length);
}

function createRow({ number }) {
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

function updateRow(row, entry) {
  if (row.entry === entry) return;
  row.entry = entry;
  const [what, result, more, chips] = row.firstElementChild.children;
  setText(what.firstElementChild, entry.method);
  setText(what.lastElementChild, entry.path);
  what.title = entry.path;
  const [text, tone] = describeResult(entry);
  setText(result, text);
  result.dataset.tone = tone;
  setText(more, `${entry.number} · ${entry.time.slice(11, 23)} · ${entry.operation ?? "unknown operation"}${formatHttpStatus(entry)}`);
  chips.replaceChildren(...entry.faults.map((kind) => h("span", { class: "chip" }, toWords(kind))));
  setText(row.querySelector("pre"), formatBody(entry.body));
}

function formatHttpStatus({ status }) {
  return status === null || status === 200 ? "" : ` · HTTP ${status}`;
}

function describeResult(entry) {
  if (entry.code !== null) return [String(entry.code).replace("-", "−"), entry.code === 0 ? "good" : "bad"];
  if (entry.status !== null) return [`HTTP ${entry.status}`, entry.status < 400 ? "plain" : "bad"];
  return pending.has(entry.number) && !entry.faults.length ? ["…", "plain"] : ["no response", "bad"];
}

function formatBody(body) {
  if (body === null) return "No JSON body.";
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body || "An empty body.";
  }
}

/** Shows how often the device performed each operation. */
export function showOperationCounts(acted) {
  const counts = Object.entries(acted).sort(([one], [other]) => one.localeCompare(other));
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  // The total decreases only if the log was cleared or the device was reset.
  if (total < previousTotal) restart();
  previousTotal = total;
  setText(byId("operation-counts-text"), total ? `${total} ${total === 1 ? "call" : "calls"}` : "none yet");
  updateChildren(
    byId("operation-counts-list"),
    counts,
    ([operation]) => operation,
    ([operation]) => h("li", {}, h("code", {}, operation), h("b", {})),
    (row, [, count]) => setText(row.lastElementChild, count),
  );
}
