// The long piece of work that goes on, or has just ended.

import {addressOf} from "./backups.js";
import {at, say} from "./dom.js";
import {on, state} from "./live.js";
import {failureText, onLanguage, readsChinese, t} from "./texts.js";

let dismissed = 0;

/** What the strip says of a job. */
function words(job) {
  const name = t(`job.${job.kind}`);
  if (job.state === "done") return [t(`job.done.${job.kind}`, {value: job.value}), ""];
  if (job.state === "failed") return [t("job.failed", {job: name}), failureText(job.failure)];
  const phase = job.phase ? t(`job.phase.${job.phase}`) : t("job.begun");
  // In a restart the message is the client's own, about a module that is away; else it is the module's.
  const message = readsChinese() && job.phase !== "waiting" && job.message;
  return [name, message || phase];
}

function render() {
  const {job} = state;
  at("job").hidden = !job || (job.state !== "running" && job.number <= dismissed);
  document.body.dataset.job = job?.state === "running" ? "running" : "";
  if (!job) return;
  const running = job.state === "running";
  at("job").dataset.state = job.state;
  const [title, text] = words(job);
  say(at("job-title"), title);
  say(at("job-text"), text);
  at("job-progress").hidden = !running;
  if (job.total) at("job-progress").value = job.done / job.total;
  else at("job-progress").removeAttribute("value");
  at("job-dismiss").hidden = running;
  const made = job.kind === "backup" && job.state === "done";
  at("job-download").hidden = !made;
  if (made) Object.assign(at("job-download"), {href: addressOf(job.value), download: job.value});
}

at("job-dismiss").addEventListener("click", () => {
  dismissed = state.job.number;
  render();
});

/** A job that had ended before this tab was opened is no news in it. */
let first = true;
on(["job"], () => {
  if (first && state.job && state.job.state !== "running") dismissed = state.job.number;
  first = false;
  render();
});
onLanguage(render);
