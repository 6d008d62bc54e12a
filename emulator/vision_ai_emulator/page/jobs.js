// Backups, restores, and the clock that they follow.

import * as api from "./api.js";
import { byId, h, setText, updateChildren } from "./dom.js";
import { run } from "./notices.js";

// The vendor's numbers. The page also shows the device's message, which is Chinese.
const MEANINGS = {
  backup: { 0: "none", 1: "generating", 3: "completed", 6: "failed" },
  restore: { 0: "none", 2: "restoring", 3: "verifying", 4: "completed", 5: "restore failed", 7: "verification failed" },
};
const END = { backup: 3, restore: 4 };
const SUCCESS = { backup: 3, restore: 4 };

function getTone(job, status) {
  if (status === 0) return "none";
  if (status < END[job]) return "running";
  return status === SUCCESS[job] ? "good" : "bad";
}

function startRadioGroup(id, name, send, refresh) {
  byId(id).addEventListener("change", async (event) => {
    await run(name, () => send(event.target.value));
    refresh();
  });
}

function checkRadio(id, value) {
  for (const input of byId(id).querySelectorAll("input")) input.checked = input.value === value;
}

export function start(refresh) {
  startRadioGroup("pace", "Changing the pace", (pace) => api.put("pace", { pace }), refresh);
  startRadioGroup("clock-mode", "Changing the clock", (mode) => api.put("clock", { mode }), refresh);
  const form = byId("step");
  const step = async (seconds, button) => {
    await run("Stepping the clock", () => api.post("clock/step", { seconds }), { button });
    refresh();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-seconds]");
    if (button) step(Number(button.dataset.seconds), button);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(form.elements.seconds.valueAsNumber, form.querySelector("button:not([data-seconds])"));
  });
}

export function show(status) {
  updateChildren(
    byId("jobs-list"),
    Object.entries(status.jobs),
    ([job]) => job,
    ([job]) =>
      h(
        "div",
        { "data-job": job },
        h("dt", {}, job === "backup" ? "Backup" : "Restore"),
        h("dd", {}, h("span", { class: "badge" }), h("span", { class: "meaning" }), h("span", { class: "code" })),
        h("dd", { class: "faint message", lang: "zh" }),
        h("dd", { class: "faint file" }, h("code", {})),
      ),
    (row, [job, { status: number, code, msg, filename }]) => {
      row.dataset.tone = getTone(job, number);
      const [badge, meaning, codeText] = row.querySelector("dd").children;
      setText(badge, number);
      badge.setAttribute("aria-label", `status ${number}`);
      setText(meaning, MEANINGS[job]?.[number] ?? "a number that the vendor does not list");
      setText(codeText, code ? `code ${code}` : "");
      setText(row.querySelector(".message"), msg);
      setText(row.querySelector(".file code"), filename ?? "");
    },
  );
  checkRadio("pace", status.settings.pace);
  // Of V2's export and import of templates only the titles are known.
  const hasJobs = status.settings.api === "v1";
  byId("jobs").hidden = !hasJobs;
  byId("jobs-link").hidden = !hasJobs;

  const { device_now: deviceNow, mode, now, seconds } = status.clock;
  byId("device-now").hidden = Math.abs(Date.parse(deviceNow) - Date.parse(now)) < 1000;
  setText(byId("device-now"), `The module’s own date is ${deviceNow.slice(0, 19).replace("T", "  ")}.`);
  checkRadio("clock-mode", mode);
  const [date, time] = now.split("T");
  setText(byId("now"), `${date}  ${time.slice(0, 12)}`);
  byId("now").dateTime = now.slice(0, 23);
  setText(byId("clock-seconds"), seconds.toFixed(1));
  for (const element of byId("step").elements) element.disabled = mode !== "frozen";
}
