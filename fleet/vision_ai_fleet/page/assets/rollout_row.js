// A rollout in a list: what it does, how far it is, and why it stopped.

import {renderLegend, renderStackBar} from "./bars.js";
import {createElement, setAttribute, setText} from "./dom.js";
import {formatAge} from "./formats.js";
import {makeHash} from "./router.js";
import {GROUPS, kindText, renderPhase} from "./status.js";
import {formatNumber, t} from "./texts.js";

export const jobHash = (id) => makeHash("job", {}, id);

/** The parts of a rollout's bar. What was not submitted yet is the rest of the bar. */
export function listParts({groups, total}) {
  const parts = Object.entries(GROUPS).map(([name, tone]) => ({name, tone, count: groups[name], label: t(`group.${name}`)}));
  const rest = total - Object.values(groups).reduce((sum, count) => sum + count, 0);
  return [...parts, {name: "rest", tone: "none", count: Math.max(0, rest), label: t("group.rest")}];
}

export const createRollout = () =>
  createElement(
    "li",
    {},
    createElement(
      "div",
      {class: "head"},
      createElement("p", {}, createElement("a"), createElement("span", {class: "faint"})),
      createElement("span", {class: "badge"}),
    ),
    createElement("div", {class: "stack-bar", "aria-hidden": "true"}),
    createElement("ul", {class: "legend small"}),
    createElement("p", {class: "reason"}),
  );

export function updateRollout(item, rollout) {
  const [head, bar, legend, reason] = item.children;
  const [title, badge] = head.children;
  const [link, note] = title.children;
  setAttribute(link, "href", jobHash(rollout.id));
  setText(link, `${kindText(rollout.kind)} · ${rollout.id}`);
  const facts = {total: formatNumber(rollout.total), stage: rollout.stage + 1, stages: rollout.stages.length};
  const isOver = !["RUNNING", "PAUSED"].includes(rollout.phase);
  setText(note, `${t(isOver ? "rollout.over" : "rollout.stage", facts)} · ${formatAge(rollout.created)}`);
  renderPhase(badge, rollout.phase);
  const parts = listParts(rollout);
  renderStackBar(bar, parts, rollout.total);
  renderLegend(legend, parts.filter(({count, name}) => count > 0 && name !== "rest"), rollout.total);
  reason.hidden = !rollout.reason;
  setText(reason, rollout.reason);
}
