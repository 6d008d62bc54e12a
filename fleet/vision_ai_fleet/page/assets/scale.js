// One scale: what it reported, how it should be set, its jobs and backups, and its console.

import {onChange} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {errorText, formatDuration, formatMoment} from "./formats.js";
import {createReader} from "./lists.js";
import {readData} from "./requests.js";
import {makeHash, onRoute, route} from "./router.js";
import {jobHash} from "./rollout_row.js";
import {kindText, renderState, renderStatus, ruleText} from "./status.js";
import {failureText, formatList, formatNumber, formatSize, hasText, onLanguage, t} from "./texts.js";

const DEVICE = ["sn", "clientName", "clientID", "firmware", "app", "board", "engine", "sdk", "item_count"];

const SHOWN_ELSEWHERE = ["learnMode"];

let scale = null;
let failure = null;
let shown = "";

const reader = createReader("scale", async () => {
  const [store, name] = route.names;
  const outcome = await readData(`scales/${encodeURIComponent(store)}/${encodeURIComponent(name)}`);
  if (route.view !== "scale" || route.names[0] !== store || route.names[1] !== name) return;
  failure = outcome.failure ?? null;
  scale = outcome.done ?? (failure ? null : scale);
  render();
});

/** A value of an agent as a text: it may be anything. */
function formatValue(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return t(`device.flag.${value}`);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function renderFacts(list, facts) {
  updateChildren(
    list,
    facts,
    ([title]) => title,
    () => createElement("div", {}, createElement("dt"), createElement("dd")),
    (row, [title, value]) => {
      setText(row.firstElementChild, title);
      setText(row.lastElementChild, value);
    },
  );
}

function renderDevice({inventory}) {
  const device = inventory.device && typeof inventory.device === "object" ? inventory.device : {};
  const others = Object.keys(device).filter((name) => !DEVICE.includes(name) && !SHOWN_ELSEWHERE.includes(name));
  const names = [...DEVICE.filter((name) => name in device), ...others.filter((name) => device[name] !== "")];
  const facts = names.map((name) => [hasText(`device.${name}`) ? t(`device.${name}`) : name, formatValue(device[name])]);
  const versions = [
    [t("device.api"), formatValue(scale.api?.toUpperCase())],
    ["SDK Python", formatValue(inventory.sdk)],
    [t("column.agent"), formatValue(inventory.agent)],
    [t("scale.platform"), formatValue(inventory.platform)],
  ];
  renderFacts(byId("scale-device"), [...facts, ...versions]);
}

function renderSettings({inventory, presence, backup_time: backup}) {
  const area = inventory.reported?.calibration;
  const facts = [
    [t("scale.agent"), presence ? t(`activity.${presence.state}`) : t("status.offline")],
    [t("column.time"), formatMoment(scale.time)],
    [t("learn.title"), formatMode(inventory.reported?.learn_mode)],
    [t("scale.area"), area && typeof area === "object" ? formatArea(area) : "–"],
    [t("column.items"), scale.items === null ? "–" : formatNumber(scale.items)],
    [t("column.backup"), formatMoment(backup)],
    ...(presence ? [[t("scale.outbox"), formatValue(presence.outbox)]] : []),
    ...(scale.code ? [[t("scale.code"), errorText(scale)]] : []),
  ];
  renderFacts(byId("scale-state"), facts);
  const {desired} = inventory;
  const lines = scale.drift.map((name) => describeDrift(name, inventory.reported?.[name], desired?.[name]));
  byId("scale-drift").hidden = lines.length === 0;
  updateChildren(
    byId("scale-drift"),
    lines,
    (line) => line,
    () => createElement("li"),
    (item, line) => setText(item, line),
  );
}

const formatMode = (mode) => (mode === 0 || mode === 1 ? t(`mode.${mode}`) : formatValue(mode));
const formatArea = ({left, top, width, height}) => `${formatValue(left)}, ${formatValue(top)} · ${formatValue(width)} × ${formatValue(height)}`;

function describeDrift(name, reported, desired) {
  const format = name === "learn_mode" ? formatMode : (value) => (value && typeof value === "object" ? formatArea(value) : formatValue(value));
  const title = hasText(`drift.${name}`) ? t(`drift.${name}`) : name;
  return t("scale.drift", {title, reported: format(reported), desired: format(desired)});
}

// The inventory has no values for the texts of the doctor.
const NO_VALUES = new Proxy({}, {get: () => "…"});
const describeFinding = (code) => (typeof code === "string" && hasText(code) ? t(code, NO_VALUES) : formatValue(code));

function renderLink({inventory}) {
  const findings = Array.isArray(inventory.link) ? inventory.link.filter((each) => each && typeof each === "object") : [];
  byId("scale-link-none").hidden = findings.length > 0;
  updateChildren(
    byId("scale-link"),
    findings.map((finding, index) => ({...finding, index})),
    ({index}) => index,
    () =>
      createElement(
        "li",
        {},
        createElement("span", {class: "badge"}),
        createElement("p", {}, createElement("strong"), createElement("span")),
      ),
    (item, {step, status, code}) => {
      const [badge, text] = item.children;
      badge.dataset.state = {right: "good", wrong: "bad"}[status] ?? "";
      setText(badge, hasText(`doctor.state.${status}`) ? t(`doctor.state.${status}`) : formatValue(status));
      setText(text.children[0], hasText(`doctor.step.${step}`) ? t(`doctor.step.${step}`) : formatValue(step));
      setText(text.children[1], status === "right" ? "" : describeFinding(code));
    },
  );
}

function renderJobs({jobs, alerts}) {
  byId("scale-jobs-none").hidden = jobs.length > 0;
  updateChildren(
    byId("scale-jobs"),
    jobs,
    ({job}) => job,
    () => createElement("li", {}, createElement("a"), createElement("span", {class: "grow faint"}), createElement("span", {class: "badge"})),
    (item, job) => {
      const [link, text, badge] = item.children;
      setAttribute(link, "href", jobHash(job.job));
      setText(link, kindText(job.kind));
      setText(text, describeJob(job));
      renderState(badge, job.state);
    },
  );
  const names = formatList(alerts.map(({rule}) => ruleText(rule)));
  byId("scale-note").hidden = alerts.length === 0;
  setText(byId("scale-note"), t("scale.alerts", {rules: names}));
}

/** When a job ran, how far it is, and what went wrong. */
export function describeJob({started, ended, time, progress, code, error, message}) {
  const parts = [formatMoment(ended ?? started ?? time)];
  if (started && ended) parts.push(formatDuration(Math.max(0, ended - started)));
  if (progress?.total > 0 && !ended) parts.push(`${formatSize(progress.done || 0)} / ${formatSize(progress.total)}`);
  if (code) parts.push(errorText({code, error}));
  else if (message) parts.push(message);
  return parts.join(" · ");
}

function renderBackups({backups}) {
  byId("scale-backups-none").hidden = backups.length > 0;
  updateChildren(
    byId("scale-backups"),
    backups,
    ({name}) => name,
    () => createElement("li", {}, createElement("strong"), createElement("span", {class: "grow faint"}), createElement("span", {class: "note"})),
    (item, backup) => {
      const [title, text, size] = item.children;
      setText(title, backup.name);
      setText(text, `${formatMoment(backup.created)} · ${t("backup.engine", {engine: backup.engine ?? "–"})}`);
      setText(size, typeof backup.size === "number" ? formatSize(backup.size) : "–");
    },
  );
}

function render() {
  if (route.view !== "scale") return;
  const [store, name] = route.names;
  setText(byId("scale-title"), `${store ?? ""}/${name ?? ""}`);
  setText(byId("scale-store"), t("scale.store", {store: store ?? ""}));
  setAttribute(byId("scale-store"), "href", makeHash("scales", {where: `store=${store ?? ""}`}));
  byId("scale-failure").hidden = !failure;
  setText(byId("scale-failure"), failure ? failureText(failure) : "");
  for (const part of document.querySelectorAll("[data-scale]")) part.hidden = !scale;
  byId("scale-note").hidden = true;
  setText(byId("scale-status"), "");
  const console = byId("scale-console");
  console.hidden = !scale?.presence || scale.inventory.console === "off";
  if (!scale) return;
  setAttribute(console, "href", `scales/${encodeURIComponent(scale.store)}/${encodeURIComponent(scale.scale)}/console/`);
  renderStatus(byId("scale-status"), scale.status);
  renderDevice(scale);
  renderSettings(scale);
  renderLink(scale);
  renderJobs(scale);
  renderBackups(scale);
}

onRoute(() => {
  if (route.view !== "scale") return;
  if (shown !== location.hash) [scale, failure] = [null, null];
  shown = location.hash;
  render();
  reader.run();
});
onChange(["revisions"], () => route.view === "scale" && reader.refresh());
onLanguage(render);
