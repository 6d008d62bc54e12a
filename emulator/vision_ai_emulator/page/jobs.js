// Backups and restores, and the clock that they go by.

import * as api from "./api.js";
import { at, h, keyed, say } from "./dom.js";
import { attempt } from "./notices.js";

// The vendor's numbers. The device's own message is Chinese and stands beside these.
const MEANINGS = {
  backup: { 0: "none", 1: "generating", 3: "completed", 6: "failed" },
  restore: { 0: "none", 2: "restoring", 3: "verifying", 4: "completed", 5: "restore failed", 7: "verification failed" },
};
const OVER_FROM = { backup: 3, restore: 4 };
const GOOD = { backup: 3, restore: 4 };

function mood(job, status) {
  if (status === 0) return "none";
  if (status < OVER_FROM[job]) return "going";
  return status === GOOD[job] ? "good" : "bad";
}

function segments(id, what, send, refresh) {
  at(id).addEventListener("change", async (event) => {
    await attempt(what, () => send(event.target.value));
    refresh();
  });
}

function choose(id, value) {
  for (const input of at(id).querySelectorAll("input")) input.checked = input.value === value;
}

export function start(refresh) {
  segments("pace", "Changing the pace", (pace) => api.put("pace", { pace }), refresh);
  segments("clock-mode", "Changing the clock", (mode) => api.put("clock", { mode }), refresh);
  const form = at("step");
  const step = async (seconds, button) => {
    await attempt("Stepping the clock", () => api.post("clock/step", { seconds }), { button });
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
  keyed(
    at("jobs-list"),
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
      row.dataset.mood = mood(job, number);
      const [badge, meaning, codeText] = row.querySelector("dd").children;
      say(badge, number);
      badge.setAttribute("aria-label", `status ${number}`);
      say(meaning, MEANINGS[job]?.[number] ?? "a number the vendor does not list");
      say(codeText, code ? `code ${code}` : "");
      say(row.querySelector(".message"), msg);
      say(row.querySelector(".file code"), filename ?? "");
    },
  );
  choose("pace", status.settings.pace);

  const { mode, now, seconds } = status.clock;
  choose("clock-mode", mode);
  const [date, time] = now.split("T");
  say(at("now"), `${date}  ${time.slice(0, 12)}`);
  at("now").dateTime = now.slice(0, 23);
  say(at("clock-seconds"), seconds.toFixed(1));
  for (const element of at("step").elements) element.disabled = mode !== "frozen";
}
