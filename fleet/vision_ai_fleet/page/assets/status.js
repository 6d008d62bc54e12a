// The statuses of scales and the states of jobs: their texts and colors.

import {setText} from "./dom.js";
import {hasText, t} from "./texts.js";

/** Statuses, with the color of each and the conditions that select its scales. */
export const STATUSES = {
  ready: {tone: "good", where: ["online=true", "module=ready", "drift=false"]},
  drift: {tone: "warn", where: ["online=true", "module=ready", "drift=true"]},
  camera_lost: {tone: "bad", where: ["online=true", "module=camera_lost"]},
  unreachable: {tone: "bad", where: ["online=true", "module=unreachable"]},
  not_activated: {tone: "bad", where: ["online=true", "module=not_activated"]},
  error: {tone: "bad", where: ["online=true", "module=error"]},
  no_report: {tone: "bad", where: ["online=true", "module="]},
  offline: {tone: "off", where: ["online=false"]},
};
export const FAILING = ["online=true", "module!=ready"];
const BADGES = {good: "good", warn: "open", bad: "bad", off: ""};

const PHASES = {RUNNING: "running", PAUSED: "open", COMPLETED: "good", ABORTED: "bad", CANCELED: ""};
/** The parts of a rollout's bar. */
export const GROUPS = {done: "good", failed: "bad", ended: "off", running: "accent", queued: "soft"};
const STATES = {
  SUCCEEDED: "good",
  FAILED: "bad",
  INTERRUPTED: "bad",
  RUNNING: "running",
  CLAIMED: "running",
  RETRYING: "open",
};

export function renderStatus(badge, status) {
  badge.dataset.state = BADGES[STATUSES[status]?.tone ?? "bad"];
  setText(badge, t(`status.${status}`));
}

export function renderPhase(badge, phase) {
  badge.dataset.state = PHASES[phase] ?? "";
  setText(badge, t(`phase.${phase}`));
}

export function renderState(badge, state) {
  badge.dataset.state = STATES[state] ?? "";
  setText(badge, t(`state.${state}`));
}

export const kindText = (kind) => (hasText(`kind.${kind}`) ? t(`kind.${kind}`) : String(kind));
export const ruleText = (rule) => (hasText(`rule.${rule}`) ? t(`rule.${rule}`) : String(rule));
