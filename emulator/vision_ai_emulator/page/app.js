// The page as a whole: looks at the emulator about once a second and tells the sections what is new.

import * as api from "./api.js";
import * as catalogue from "./catalogue.js";
import * as device from "./device.js";
import * as dialect from "./dialect.js";
import { at, say } from "./dom.js";
import * as faults from "./faults.js";
import * as jobs from "./jobs.js";
import * as log from "./log.js";
import * as pan from "./pan.js";
import { failed } from "./notices.js";

const EVERY_MS = 1000;
// While something goes on, and while nobody looks.
const EVERY_BUSY_MS = 300;
const EVERY_HIDDEN_MS = 5000;
// Scripts can teach through the control interface too, which leaves no trace in the status.
const CATALOGUE_ANYWAY = 4;

// Which operations change what the catalogue shows.
const TEACHING = [
  "register_item",
  "delete_registered_image",
  "delete_registered_item",
  "commit_registered_item",
  "result_feedback",
  "set_calib",
  "set_learnmode",
  "reset_device",
];

let seen = fresh();
let timer = 0;
// What must be asked for again at the next look, whatever the status says.
const stale = new Set();
let looking = false;
// Who answers after a silence may be another emulator.
let lost = false;
let again = false;

function fresh() {
  return { etag: null, picture: null, catalogue: null, guesses: null, faults: null, taught: null, counts: null, forms: false, looks: 0 };
}

/** Looks now, and once more if a look is under way already. */
function refresh() {
  if (looking) {
    again = true;
    return;
  }
  clearTimeout(timer);
  look();
}

function refreshCatalogue() {
  stale.add("catalogue");
  refresh();
}

function refreshFaults() {
  stale.add("faults");
  refresh();
}

/** Another device, or another state of it: nothing that was seen holds any more. */
function refreshAll() {
  stale.add("all");
  refresh();
}

function forgetStale() {
  if (stale.has("all")) {
    seen = { ...fresh(), forms: seen.forms };
    log.restart();
  }
  for (const name of stale) seen[name] = null;
  stale.clear();
}

async function look() {
  looking = true;
  forgetStale();
  let pause = EVERY_MS;
  try {
    const status = await api.get("status");
    if (isAnother(status) || lost) {
      lost = false;
      stale.add("all");
      forgetStale();
    }
    showStatus(status);
    await showRest(status);
    if (!status.up || working(status)) pause = EVERY_BUSY_MS;
  } catch (error) {
    if (error instanceof api.NoContact) showNoContact();
    else failed("Looking at the emulator did not work.", error);
  }
  looking = false;
  if (again) pause = 0;
  else if (document.hidden) pause = EVERY_HIDDEN_MS;
  again = false;
  timer = setTimeout(look, pause);
}

// What only grows has shrunk: the emulator was started anew, or the device was by somebody else.
function isAnother({ requests, reboots, picture }) {
  const before = seen.counts;
  seen.counts = [requests, reboots, picture];
  return before !== null && seen.counts.some((count, place) => count < before[place]);
}

function working({ jobs: { backup, restore } }) {
  return backup.status === 1 || restore.status === 2 || restore.status === 3;
}

function showState(state, text) {
  at("state").dataset.state = state;
  say(at("state-text"), text);
  document.body.dataset.state = state;
}

function showNoContact() {
  seen = fresh();
  lost = true;
  showState("lost", "No contact");
  pan.showNoContact();
}

function showStatus(status) {
  if (status.up) showState("up", "Running");
  else showState("gone", "Gone: restarting");
  say(at("url"), status.url ?? "in this process");
  pan.show(status);
  catalogue.showPan(status.pan.kind);
  jobs.show(status);
  device.show(status);
  faults.showCount(status.faults);
  log.showActed(status.acted);
}

async function showRest(status) {
  if (!seen.forms) {
    const [kinds, switches] = await Promise.all([api.get("faults/kinds"), api.get("dialect/switches")]);
    faults.showKinds(kinds);
    dialect.showSwitches(switches);
    seen.forms = true;
  }
  dialect.show(status.dialect);
  const asked = await log.update(status.requests);
  await showFaults(status, asked);
  await showCatalogue(status);
  await showPicture(status);
  await showGuesses(status);
}

async function showFaults(status, asked) {
  const version = String(status.faults);
  if (version === seen.faults && !(asked && status.faults)) return;
  faults.show(await api.get("faults"));
  seen.faults = version;
}

async function showCatalogue(status) {
  const counts = TEACHING.map((operation) => status.acted[operation] ?? 0);
  const version = JSON.stringify([counts, status.jobs.restore.status, status.reboots, status.up, status.seed]);
  seen.looks += 1;
  if (version === seen.catalogue && seen.looks % CATALOGUE_ANYWAY) return;
  const answer = await api.get("catalogue");
  seen.catalogue = version;
  const text = JSON.stringify(answer);
  if (text === seen.taught) return;
  seen.taught = text;
  catalogue.show(answer);
  pan.showArea(answer.calibration);
}

async function showPicture(status) {
  if (status.camera_lost || status.picture === seen.picture) return;
  const picture = await api.picture(seen.etag);
  seen.picture = status.picture;
  if (!picture) return;
  await pan.showPicture(picture.blob);
  seen.etag = picture.etag;
}

async function showGuesses(status) {
  const version = JSON.stringify([seen.etag, seen.taught, status.camera_lost, status.pan.kind]);
  if (version === seen.guesses) return;
  if (status.camera_lost) pan.showGuesses(null, "There is no picture to look at.");
  else pan.showGuesses(await api.get("guesses"));
  seen.guesses = version;
}

/** Shows the question for the token; cannot be left without an answer, as nothing works without. */
function askForToken(wasWrong) {
  showState("waiting", "Token needed");
  const dialog = at("token-dialog");
  const form = at("token-form");
  say(
    at("token-text"),
    wasWrong
      ? "That was not it. The emulator prints its token where it was started."
      : "It was started with one. It is kept until this tab is closed.",
  );
  form.reset();
  return new Promise((resolve) => {
    const stay = (event) => event.preventDefault();
    dialog.addEventListener("cancel", stay);
    form.addEventListener(
      "submit",
      () => {
        dialog.removeEventListener("cancel", stay);
        resolve(form.elements.token.value);
      },
      { once: true },
    );
    dialog.showModal();
  });
}

api.onTokenNeeded(askForToken);
await pan.start(refresh);
catalogue.start(refreshCatalogue);
jobs.start(refresh);
log.start(refresh);
faults.start(refreshFaults);
dialect.start(refresh);
device.start(refresh, refreshAll);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
look();
