// The bar at the top that shows the running job, or the one that has just ended.

import {backupUrl} from "./backups.js";
import {onChange, state} from "./connection.js";
import {byId, setText} from "./dom.js";
import {failureText, onLanguage, readsChinese, t} from "./texts.js";

let dismissedNumber = 0;

/** The job's title and text. */
function describeJob(job) {
  const name = t(`job.${job.kind}`);
  if (job.state === "done") return [t(`job.done.${job.kind}`, {value: job.value}), ""];
  if (job.state === "failed") return [t("job.failed", {job: name}), failureText(job.failure)];
  const phase = job.phase ? t(`job.phase.${job.phase}`) : t("job.started");
  // While waiting for a restart, the message is the SDK's, in English. Otherwise it is the module's, in Chinese.
  const message = readsChinese() && job.phase !== "waiting" && job.message;
  return [name, message || phase];
}

function render() {
  const {job} = state;
  const isRunning = job?.state === "running";
  byId("job").hidden = !job || (!isRunning && job.number <= dismissedNumber);
  if (!job) return;
  byId("job").dataset.state = job.state;
  const [title, text] = describeJob(job);
  setText(byId("job-title"), title);
  setText(byId("job-text"), text);
  byId("job-progress").hidden = !isRunning;
  if (job.total) byId("job-progress").value = job.done / job.total;
  else byId("job-progress").removeAttribute("value");
  byId("job-dismiss").hidden = isRunning;
  const hasBackup = job.kind === "backup" && job.state === "done";
  byId("job-download").hidden = !hasBackup;
  if (hasBackup) Object.assign(byId("job-download"), {href: backupUrl(job.value), download: job.value});
}

byId("job-dismiss").addEventListener("click", () => {
  dismissedNumber = state.job.number;
  render();
});

// Do not show a job that ended before this page was opened.
let isFirst = true;
onChange(["job"], () => {
  if (isFirst && state.job && state.job.state !== "running") dismissedNumber = state.job.number;
  isFirst = false;
  render();
});
onLanguage(render);
