// What can be done now. Controls that need the module are disabled while it is gone or busy, and say why.

import {isReadOnly, onChange, state} from "./connection.js";
import {onLanguage, t} from "./texts.js";

/** Jobs during which the module is away. */
const RESTARTS = ["restart", "reset"];

// Whether the view itself has disabled a control, for a reason of its own.
const disabledByView = new WeakMap();

const isBusy = () => state.job?.state === "running";

/** The state of the connection: "offline", "restarting", "connecting", "connected" or "unreachable". */
export function findLinkState() {
  if (state.console === false) return "offline";
  if (isBusy() && RESTARTS.includes(state.job.kind)) return "restarting";
  return state.link?.state ?? "connecting";
}

/** What keeps the page from the module, or from the console: the state of the connection or "busy"; null if nothing. */
export function findObstacle(target = "module") {
  const link = findLinkState();
  if (link === "offline" || link === "restarting") return link;
  if (isBusy()) return "busy";
  return target === "console" || link === "connected" ? null : link;
}

function applyTo(control) {
  const obstacle = isReadOnly() ? "read_only" : findObstacle(control.dataset.needs);
  control.disabled = Boolean(obstacle) || Boolean(disabledByView.get(control));
  if (obstacle) control.title = t(`obstacle.${obstacle}`);
  else control.removeAttribute("title");
}

/** Marks a new control as one that needs the module, or the console only. */
export function markControl(control, target = "module") {
  control.dataset.needs = target;
  applyTo(control);
  return control;
}

/** Disables a control for a reason of the view. It is disabled too while its target cannot be reached. */
export function setDisabled(control, isDisabled) {
  disabledByView.set(control, isDisabled);
  applyTo(control);
}

function render() {
  for (const control of document.querySelectorAll("[data-needs]")) applyTo(control);
}

onChange(["console", "link", "job", "options"], render);
onLanguage(render);
