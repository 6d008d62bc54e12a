// The page as a whole: polls the emulator about once a second and updates the sections that changed.

import * as api from "./api.js";
import * as catalog from "./catalog.js";
import * as device from "./device.js";
import * as dialect from "./dialect.js";
import { byId, setText } from "./dom.js";
import * as faults from "./faults.js";
import * as jobs from "./jobs.js";
import * as log from "./log.js";
import { showError } from "./notices.js";
import * as pan from "./pan.js";

const POLL_INTERVAL_MS = 1000;
const BUSY_POLL_INTERVAL_MS = 300;
const HIDDEN_POLL_INTERVAL_MS = 5000;
// Scripts can also teach through the control interface, which does not change the status.
const POLLS_PER_CATALOG_UPDATE = 4;

// The operations that change the catalog.
const CATALOG_OPERATIONS = [
  "register_item",
  "delete_registered_image",
  "delete_registered_item",
  "commit_registered_item",
  "result_feedback",
  "set_calib",
  "set_learnmode",
  "reset_device",
  "add_item_template",
  "delete_item_template",
  "delete_item",
  "clear_all_template",
];

// What the page shows now; a part is null until it is loaded.
let shown = createEmptyView();
let timer = 0;
// The parts to load again with the next poll, whatever the status is.
const outdated = new Set();
let isPolling = false;
// Where the control interface stays reachable; null if that is not known.
let controlUrl = null;
// After a lost connection another emulator may respond.
let wasDisconnected = false;
let pollAgain = false;

function createEmptyView() {
  return {
    etag: null,
    picture: null,
    catalog: null,
    catalogText: null,
    guesses: null,
    faults: null,
    counters: null,
    forms: null,
    polls: 0,
  };
}

/** Polls now, or once more after the poll that is running. */
function refresh() {
  if (isPolling) {
    pollAgain = true;
    return;
  }
  clearTimeout(timer);
  poll();
}

function refreshCatalog() {
  outdated.add("catalog");
  refresh();
}

function refreshFaults() {
  outdated.add("faults");
  refresh();
}

/** Loads everything again, for another device or another state of it. */
function refreshAll() {
  outdated.add("all");
  refresh();
}

function discardOutdated() {
  if (outdated.has("all")) {
    shown = { ...createEmptyView(), forms: shown.forms };
    log.restart();
  }
  for (const part of outdated) shown[part] = null;
  outdated.clear();
}

async function poll() {
  isPolling = true;
  discardOutdated();
  let interval = POLL_INTERVAL_MS;
  try {
    const status = await api.get("status");
    if (isAnotherDevice(status) || wasDisconnected) {
      wasDisconnected = false;
      outdated.add("all");
      discardOutdated();
    }
    showStatus(status);
    await showParts(status);
    if ((status.plugged_in && !status.up) || hasRunningJob(status)) interval = BUSY_POLL_INTERVAL_MS;
  } catch (error) {
    if (error instanceof api.ConnectionError) showDisconnected();
    else showError("Updating the page failed.", error);
  }
  isPolling = false;
  if (pollAgain) interval = 0;
  else if (document.hidden) interval = HIDDEN_POLL_INTERVAL_MS;
  pollAgain = false;
  timer = setTimeout(poll, interval);
}

// A counter decreases only if the emulator or the device was started anew.
function isAnotherDevice({ requests, reboots, picture }) {
  const before = shown.counters;
  shown.counters = [requests, reboots, picture];
  return before !== null && shown.counters.some((counter, index) => counter < before[index]);
}

function hasRunningJob({ jobs: { backup, restore } }) {
  return backup.status === 1 || restore.status === 2 || restore.status === 3;
}

function showState(state, text) {
  byId("state").dataset.state = state;
  setText(byId("state-text"), text);
  document.body.dataset.state = state;
}

function showDisconnected() {
  shown = createEmptyView();
  wasDisconnected = true;
  showState("disconnected", "Disconnected");
  pan.showDisconnected(controlUrl);
}

function showStatus(status) {
  controlUrl = status.control_url;
  if (status.up) showState("up", "Running");
  else showState("down", status.plugged_in ? "Restarting" : "Unplugged");
  setText(byId("url"), status.url ?? "in this process");
  setText(byId("api"), status.settings.api.toUpperCase());
  pan.show(status);
  catalog.showPan(status.pan.kind);
  jobs.show(status);
  device.show(status);
  faults.showCount(status.faults);
  log.showOperationCounts(status.acted);
}

async function showParts(status) {
  if (shown.forms !== status.settings.api) {
    const [kinds, switches] = await Promise.all([api.get("faults/kinds"), api.get("dialect/switches")]);
    faults.showKinds(kinds);
    dialect.showSwitches(switches);
    shown.forms = status.settings.api;
  }
  dialect.show(status.dialect);
  const hasNewRequests = await log.update(status.requests);
  await showFaults(status, hasNewRequests);
  await showCatalog(status);
  await showPicture(status);
  await showGuesses(status);
}

async function showFaults(status, hasNewRequests) {
  const version = String(status.faults);
  if (version === shown.faults && !(hasNewRequests && status.faults)) return;
  faults.show(await api.get("faults"));
  shown.faults = version;
}

async function showCatalog(status) {
  const counts = CATALOG_OPERATIONS.map((operation) => status.acted[operation] ?? 0);
  const version = JSON.stringify([counts, status.jobs.restore.status, status.reboots, status.up, status.seed]);
  shown.polls += 1;
  if (version === shown.catalog && shown.polls % POLLS_PER_CATALOG_UPDATE) return;
  const content = await api.get("catalog");
  shown.catalog = version;
  const text = JSON.stringify(content);
  if (text === shown.catalogText) return;
  shown.catalogText = text;
  catalog.show(content);
  pan.showArea(content.calibration);
}

async function showPicture(status) {
  if (status.camera_lost || status.picture === shown.picture) return;
  const picture = await api.getPicture(shown.etag);
  shown.picture = status.picture;
  if (!picture) return;
  await pan.showPicture(picture.blob);
  shown.etag = picture.etag;
}

async function showGuesses(status) {
  const { plugged_in: pluggedIn, up, camera_lost: cameraLost, pan: { kind } } = status;
  const version = JSON.stringify([shown.etag, shown.catalogText, pluggedIn, up, cameraLost, kind]);
  if (version === shown.guesses) return;
  if (!up) pan.showGuesses(null, pluggedIn ? "The module is restarting." : "The module is unplugged.");
  else if (cameraLost) pan.showGuesses(null, "There is no picture.");
  else pan.showGuesses(await api.get("guesses"));
  shown.guesses = version;
}

/** Asks for the token. The dialog cannot be closed without an input, because nothing works without the token. */
function askForToken(wasWrong) {
  showState("waiting", "Token required");
  const dialog = byId("token-dialog");
  const form = byId("token-form");
  setText(
    byId("token-text"),
    wasWrong
      ? "The token is wrong. Enter the value of --token that the emulator was started with."
      : "Enter the value of --token that the emulator was started with. This tab keeps it until you close it.",
  );
  form.reset();
  return new Promise((resolve) => {
    const stayOpen = (event) => event.preventDefault();
    dialog.addEventListener("cancel", stayOpen);
    form.addEventListener(
      "submit",
      () => {
        dialog.removeEventListener("cancel", stayOpen);
        resolve(form.elements.token.value);
      },
      { once: true },
    );
    dialog.showModal();
  });
}

api.onTokenRequired(askForToken);
await pan.start(refresh);
catalog.start(refreshCatalog);
catalog.startLearnMode(refreshCatalog);
jobs.start(refresh);
log.start(refresh);
faults.start(refreshFaults);
dialect.start(refresh);
device.start(refresh, refreshAll);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
poll();
