// One rollout: its stages, what became of it on each scale, and what an operator can do about it.

import {createMeterRow, renderLegend, renderStackBar, updateMeterRow} from "./bars.js";
import {isOperator, onChange} from "./connection.js";
import {openDialog} from "./dialogs.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {formatMoment} from "./formats.js";
import {createReader, PART, renderPager} from "./lists.js";
import {readData, runAction} from "./requests.js";
import {listParts} from "./rollout_row.js";
import {onRoute, route, scaleHash} from "./router.js";
import {describeJob, renderFacts} from "./scale.js";
import {GROUPS, kindText, renderPhase, renderState} from "./status.js";
import {failureText, formatList, formatNumber, onLanguage, t} from "./texts.js";

const REFRESH_MS = 10_000;
const dialog = byId("cancel-dialog");
const select = byId("executions-state");

let job = null;
let failure = null;
let executions = null;
let offset = 0;
let shown = "";

const jobId = () => route.names[0] ?? "";

const reader = createReader("job", async () => {
  const id = jobId();
  const path = `rollouts/${encodeURIComponent(id)}`;
  const [outcome, list] = await Promise.all([
    readData(path),
    readData(`${path}/executions`, {state: select.value, offset, size: PART}),
  ]);
  if (route.view !== "job" || jobId() !== id) return;
  failure = outcome.failure ?? list.failure ?? null;
  job = outcome.done ?? null;
  executions = list.done ?? null;
  render();
});

function renderStages({stages, stage}) {
  updateChildren(
    byId("job-stages"),
    stages.map((each, number) => ({...each, number})),
    ({number}) => number,
    createMeterRow,
    (row, {name, size, submitted, ended, number}) => {
      row.dataset.current = String(number === stage);
      const counts = {ended: formatNumber(ended), submitted: formatNumber(submitted), size: formatNumber(size)};
      const title = t("job.stage", {number: number + 1, name});
      updateMeterRow(row, {title, share: size ? ended / size : 0, value: t("job.stage.counts", counts)});
    },
  );
}

/** An argument of a job. A file is shown by its name. */
function describeArgument(name, value) {
  if (name === "mode" && [0, 1].includes(value)) return t(`mode.${value}`);
  return value && typeof value === "object" ? String(value.name ?? "…") : `${name}=${value}`;
}

function renderSpec({kind, where, max_failures: limit, window, order, created, by, total, arguments: given}) {
  const settings = Object.entries(given ?? {}).map(([name, value]) => describeArgument(name, value));
  renderFacts(byId("job-facts"), [
    [t("start.kind"), formatList([kindText(kind), ...settings])],
    [t("job.total"), formatNumber(total)],
    [t("filter.conditions"), where.length ? formatList(where) : t("job.all")],
    [t("start.max_failures"), limit],
    [t("start.window"), window ?? t("job.any_time")],
    [t("job.order"), t(`order.${order}`)],
    [t("job.created"), `${formatMoment(created)}${by ? ` · ${by}` : ""}`],
  ]);
}

function renderExecutions() {
  byId("executions-none").hidden = !executions || executions.total > 0;
  if (!executions) return;
  updateChildren(
    byId("executions"),
    executions.rows,
    ({store, scale}) => `${store}/${scale}`,
    () => createElement("li", {}, createElement("a"), createElement("span", {class: "grow faint"}), createElement("span", {class: "badge"})),
    (item, row) => {
      const [link, text, badge] = item.children;
      setAttribute(link, "href", scaleHash(row));
      setText(link, `${row.store}/${row.scale}`);
      setText(text, describeJob(row));
      renderState(badge, row.state);
    },
  );
  renderPager(byId("executions-pager"), executions, (value) => {
    offset = value;
    reader.run();
  });
}

function renderSelect() {
  const options = ["", ...Object.keys(GROUPS)];
  updateChildren(
    select,
    options,
    (name) => name,
    (name) => createElement("option", {value: name}),
    (option, name) => setText(option, name ? t(`group.${name}`) : t("executions.all")),
  );
}

function render() {
  renderSelect();
  if (route.view !== "job") return;
  setText(byId("job-name"), job ? `${kindText(job.kind)} · ${job.id}` : jobId());
  byId("job-failure").hidden = !failure;
  setText(byId("job-failure"), failure ? failureText(failure) : "");
  const phase = job?.phase;
  byId("job-pause").hidden = !isOperator || phase !== "RUNNING";
  byId("job-resume").hidden = !isOperator || phase !== "PAUSED";
  byId("job-cancel").hidden = !isOperator || !["RUNNING", "PAUSED"].includes(phase);
  byId("job-reason").hidden = !job?.reason;
  setText(byId("job-phase"), "");
  renderExecutions();
  if (!job) return;
  renderPhase(byId("job-phase"), phase);
  setText(byId("job-reason"), job.reason);
  const parts = listParts(job);
  renderStackBar(byId("job-bar"), parts, job.total);
  renderLegend(byId("job-legend"), parts.filter(({count}) => count > 0), job.total);
  renderStages(job);
  renderSpec(job);
}

async function command(name, button) {
  if (await runAction(name, {rollout: jobId()}, button)) reader.run();
}

byId("job-pause").addEventListener("click", (event) => command("pause", event.currentTarget));
byId("job-resume").addEventListener("click", (event) => command("resume", event.currentTarget));
byId("job-cancel").addEventListener("click", () => {
  setText(byId("cancel-title"), t("cancel.title", {id: jobId()}));
  openDialog(dialog);
});
byId("cancel-go").addEventListener("click", async (event) => {
  await command("cancel", event.currentTarget);
  dialog.close();
});
select.addEventListener("change", () => {
  offset = 0;
  reader.run();
});

onRoute(() => {
  if (route.view !== "job") return;
  if (shown !== location.hash) {
    [job, failure, executions, offset] = [null, null, null, 0];
    select.value = "";
  }
  shown = location.hash;
  render();
  reader.run();
});
// Executions change more often than the rollout, which counts them.
setInterval(() => route.view === "job" && reader.refresh(), REFRESH_MS);
onChange(["revisions"], () => route.view === "job" && reader.refresh());
onLanguage(render);
