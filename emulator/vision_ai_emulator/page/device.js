// The device: its store, its settings, restart, reset, and its state as a file.

import * as api from "./api.js";
import { byId, capitalize, h, protectEdits, releaseEdits, setFieldValue, setText, toWords, updateChildren } from "./dom.js";
import { run, showSuccess } from "./notices.js";

const FIRST = ["api", "firmware", "engine", "sdk", "sync", "sn", "sync_mode"];
// The settings that have their own controls.
const SEPARATE = new Set(["pace"]);
const CHOICES = {
  api: ["v1", "v2"],
  sync_mode: ["normal", "master", "slave"],
  predict_speed: ["fast", "normal"],
  empty_pan_result: ["no_guesses", "low_scores", "error"],
};

let current = {};

export function start(refresh, refreshAll) {
  const store = byId("store");
  protectEdits(store);
  store.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { id: store.elements.id.value, name: store.elements.name.value };
    const result = await run("Activating the device", () => api.put("store", body), {
      button: store.querySelector("button"),
      success: `The device is activated for ${body.name}.`,
    });
    if (result) releaseEdits(store);
    refresh();
  });
  byId("deactivate").addEventListener("click", async (event) => {
    const result = await run("Deactivating the device", () => api.remove("store"), {
      button: event.currentTarget,
      success: "The device is deactivated.",
    });
    if (result) releaseEdits(store);
    refresh();
  });

  const settings = byId("settings");
  protectEdits(settings);
  settings.addEventListener("submit", async (event) => {
    event.preventDefault();
    const result = await run("Applying the settings", () => api.put("settings", getChanges(settings)), {
      button: settings.querySelector("button"),
      success: "The settings are applied.",
    });
    if (result) releaseEdits(settings);
    refresh();
  });

  const reboot = byId("reboot");
  reboot.addEventListener("submit", async (event) => {
    event.preventDefault();
    const seconds = reboot.elements.seconds.value;
    const body = seconds === "" ? {} : { seconds: Number(seconds) };
    await run("Rebooting", () => api.post("reboot", body), { button: reboot.querySelector("button") });
    refresh();
  });

  byId("upgrade-file").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    const file = await run("Downloading the firmware file", () => api.getDownload("upgrade.evo"), { button });
    if (file) saveFile(file.blob, file.name);
  });

  startReset(refreshAll);
  startState(refreshAll);
}

function startReset(refreshAll) {
  const dialog = byId("reset-dialog");
  byId("reset").addEventListener("click", () => {
    byId("reset-form").reset();
    dialog.returnValue = "";
    dialog.showModal();
  });
  byId("reset-cancel").addEventListener("click", () => dialog.close());
  byId("reset-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { seed, pan } = byId("reset-form").elements;
    const body = {};
    if (seed.value !== "") body.seed = seed.valueAsNumber;
    if (pan.value !== "") body.pan = pan.value;
    dialog.close();
    await run("Resetting the device", () => api.post("reset", body), { success: "The device is reset." });
    refreshAll();
  });
}

function startState(refreshAll) {
  byId("state-save").addEventListener("click", async (event) => {
    const saved = await run("Saving the state", () => api.post("state/save"), { button: event.currentTarget });
    if (saved) showSuccess(`The state is saved in ${saved.file}.`);
  });
  byId("state-download").addEventListener("click", async (event) => {
    const state = await run("Downloading the state", () => api.get("state"), { button: event.currentTarget });
    if (!state) return;
    saveFile(new Blob([JSON.stringify(state, null, 2)], { type: "application/json" }), "vision-ai-emulator.json");
  });
  byId("state-load").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    event.target.value = "";
    const load = async () => api.put("state", JSON.parse(await file.text()));
    await run(`Loading ${file.name}`, load, { success: `The state of ${file.name} is loaded.` });
    refreshAll();
  });
}

function saveFile(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function getChanges(form) {
  const changes = {};
  for (const field of form.elements) {
    if (!field.name || !field.dataset.edited) continue;
    const before = current[field.name];
    const value =
      typeof before === "boolean" ? field.checked : typeof before === "number" ? field.valueAsNumber : field.value;
    if (value !== before) changes[field.name] = value;
  }
  return changes;
}

function createSettingField(name, value) {
  const label = capitalize(toWords(name));
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
  updateChildren(
    parent,
    names,
    (name) => name,
    (name) => createSettingField(name, current[name]),
    (label, name) => {
      const field = label.querySelector("input, select");
      if (field.type !== "checkbox") setFieldValue(field, current[name]);
      else if (!field.dataset.edited) field.checked = current[name];
    },
  );
}

export function show(status) {
  current = status.settings;
  const names = Object.keys(current).filter((name) => !SEPARATE.has(name));
  showSettings(byId("settings-first"), FIRST.filter((name) => name in current));
  showSettings(byId("settings-rest"), names.filter((name) => !FIRST.includes(name)));

  const { id, name } = byId("store").elements;
  setFieldValue(id, status.store.id);
  setFieldValue(name, status.store.name);
  const { activated } = status.store;
  setText(byId("activated"), activated ? "activated" : "not activated");
  byId("activated").dataset.tone = activated ? "good" : "warn";
  byId("deactivate").disabled = !activated;

  byId("reboot").querySelector("button").disabled = !status.plugged_in;
  byId("reboot").elements.seconds.placeholder = current.reboot_seconds ?? "";
  const restarts = status.reboots === 1 ? "1 restart" : `${status.reboots} restarts`;
  setText(byId("device-text"), `seed ${status.seed} · ${restarts}`);
  setText(byId("state-file"), status.state_file ? `“Save state” writes ${status.state_file}.` : "To save the state, start the emulator with --state FILE.");

  byId("upgrade").hidden = current.api !== "v1";
  updateChildren(
    byId("reset-form").elements.pan,
    ["", ...status.pan.kinds],
    (kind) => kind,
    (kind) => h("option", { value: kind }, kind ? capitalize(kind) : "Default (apple)"),
  );
}
