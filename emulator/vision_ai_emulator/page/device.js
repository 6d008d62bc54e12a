// The device itself: its store, its settings, restarting it, starting over, and its state as a file.

import * as api from "./api.js";
import { at, capital, h, keepEdits, keyed, offer, say, settled, words } from "./dom.js";
import { attempt, done } from "./notices.js";

const FIRST = ["firmware", "engine", "sdk", "sync", "sn", "sync_mode"];
// These have controls of their own.
const ELSEWHERE = new Set(["pace"]);
const CHOICES = { sync_mode: ["normal", "master", "slave"] };

let current = {};

export function start(refresh, refreshAll) {
  const store = at("store");
  keepEdits(store);
  store.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { id: store.elements.id.value, name: store.elements.name.value };
    const answer = await attempt("Activating the device", () => api.put("store", body), {
      button: store.querySelector("button"),
      success: `The device is activated for ${body.name}.`,
    });
    if (answer) settled(store);
    refresh();
  });
  at("deactivate").addEventListener("click", async (event) => {
    const answer = await attempt("Taking the activation away", () => api.remove("store"), {
      button: event.currentTarget,
      success: "The device is not activated any more.",
    });
    if (answer) settled(store);
    refresh();
  });

  const settings = at("settings");
  keepEdits(settings);
  settings.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await attempt("Applying the settings", () => api.put("settings", changes(settings)), {
      button: settings.querySelector("button"),
      success: "The settings are applied.",
    });
    if (answer) settled(settings);
    refresh();
  });

  const reboot = at("reboot");
  reboot.addEventListener("submit", async (event) => {
    event.preventDefault();
    const seconds = reboot.elements.seconds.value;
    const body = seconds === "" ? {} : { seconds: Number(seconds) };
    await attempt("Rebooting", () => api.post("reboot", body), { button: reboot.querySelector("button") });
    refresh();
  });

  startReset(refreshAll);
  startState(refreshAll);
}

function startReset(refreshAll) {
  const dialog = at("reset-dialog");
  at("reset").addEventListener("click", () => {
    at("reset-form").reset();
    dialog.returnValue = "";
    dialog.showModal();
  });
  at("reset-cancel").addEventListener("click", () => dialog.close());
  at("reset-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { seed, pan } = at("reset-form").elements;
    const body = {};
    if (seed.value !== "") body.seed = seed.valueAsNumber;
    if (pan.value !== "") body.pan = pan.value;
    dialog.close();
    await attempt("Resetting the device", () => api.post("reset", body), { success: "A fresh device." });
    refreshAll();
  });
}

function startState(refreshAll) {
  at("state-save").addEventListener("click", async (event) => {
    const saved = await attempt("Saving the state", () => api.post("state/save"), { button: event.currentTarget });
    if (saved) done(`The state is saved in ${saved.file}.`);
  });
  at("state-download").addEventListener("click", async (event) => {
    const state = await attempt("Downloading the state", () => api.get("state"), { button: event.currentTarget });
    if (!state) return;
    const url = URL.createObjectURL(new Blob([JSON.stringify(state, null, 2)], { type: "application/json" }));
    h("a", { href: url, download: "vision-ai-emulator.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  at("state-load").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    event.target.value = "";
    const load = async () => api.put("state", JSON.parse(await file.text()));
    await attempt(`Loading ${file.name}`, load, { success: `The device is now as in ${file.name}.` });
    refreshAll();
  });
}

function changes(form) {
  const changed = {};
  for (const field of form.elements) {
    if (!field.name || !field.dataset.edited) continue;
    const before = current[field.name];
    const value =
      typeof before === "boolean" ? field.checked : typeof before === "number" ? field.valueAsNumber : field.value;
    if (value !== before) changed[field.name] = value;
  }
  return changed;
}

function settingField(name, value) {
  const label = capital(words(name));
  if (typeof value === "boolean") {
    return h("label", { class: "check wide" }, h("input", { type: "checkbox", name }), ` ${label}`);
  }
  if (name in CHOICES) {
    const options = CHOICES[name].map((choice) => h("option", { value: choice }, choice));
    return h("label", { class: "half" }, `${label} `, h("select", { name }, ...options));
  }
  const kind = typeof value === "number" ? { type: "number", step: "any", required: true } : { type: "text" };
  return h("label", { class: "half" }, `${label} `, h("input", { ...kind, name, spellcheck: "false" }));
}

function showSettings(parent, names) {
  keyed(
    parent,
    names,
    (name) => name,
    (name) => settingField(name, current[name]),
    (label, name) => {
      const field = label.querySelector("input, select");
      if (field.type !== "checkbox") offer(field, current[name]);
      else if (!field.dataset.edited) field.checked = current[name];
    },
  );
}

export function show(status) {
  current = status.settings;
  const names = Object.keys(current).filter((name) => !ELSEWHERE.has(name));
  showSettings(at("settings-first"), FIRST.filter((name) => name in current));
  showSettings(at("settings-rest"), names.filter((name) => !FIRST.includes(name)));

  const { id, name } = at("store").elements;
  offer(id, status.store.id);
  offer(name, status.store.name);
  const { activated } = status.store;
  say(at("activated"), activated ? "activated" : "not activated");
  at("activated").dataset.mood = activated ? "good" : "warn";
  at("deactivate").disabled = !activated;

  at("reboot").elements.seconds.placeholder = current.reboot_seconds ?? "";
  const restarts = status.reboots === 1 ? "1 restart" : `${status.reboots} restarts`;
  say(at("device-text"), `seed ${status.seed} · ${restarts}`);
  say(at("state-file"), status.state_file ? `Saves to ${status.state_file}.` : "Saving needs an emulator that was started with --state FILE.");

  keyed(
    at("reset-form").elements.pan,
    ["", ...status.pan.kinds],
    (kind) => kind,
    (kind) => h("option", { value: kind }, kind ? capital(kind) : "as it was given last"),
  );
}
