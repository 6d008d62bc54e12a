// Device information, learning mode, diagnosis, restart and factory reset.

import {runAction} from "./actions.js";
import {setDisabled} from "./availability.js";
import {openConfirmDialog} from "./confirm_dialog.js";
import {isV2, onChange, state} from "./connection.js";
import {byId, createElement, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {findingText, formatList, hasText, onLanguage, t} from "./texts.js";

const FIELDS = ["sn", "clientName", "clientID", "firmware", "app", "board", "engine", "sdk", "item_count"];
const SETTINGS = ["predict_speed", "max_result_num", "sync", "syncMode", "upload", "download", "soldOutLimit"];
// The module returns these empty unless it follows another scale.
const FOLLOWER_FIELDS = ["masterIP", "masterSN"];
// The module returns one of these instead of the store's name.
const NOT_ACTIVATED = [null, "", "not activated"];
// Shown elsewhere in the view.
const OMITTED_FIELDS = ["learnMode"];
const FLAGS = ["upload", "download"];

/** Names and values of the device information; fields that are unknown to this version come last. */
function listFacts() {
  const device = state.device ?? {};
  const known = [...FIELDS, ...SETTINGS, ...FOLLOWER_FIELDS, ...OMITTED_FIELDS];
  const unknown = Object.keys(device).filter((name) => !known.includes(name));
  const names = [...FIELDS, ...SETTINGS, ...FOLLOWER_FIELDS.filter((name) => device[name]), ...unknown];
  const facts = names.filter((name) => name in device).map((name) => [name, device[name]]);
  return [["api", state.api?.toUpperCase() ?? "–"], ...facts, ["url", state.link?.url ?? ""]];
}

function formatFact(name, value) {
  if (name === "clientName" && NOT_ACTIVATED.includes(value)) return t("device.not_activated");
  return FLAGS.includes(name) && typeof value === "boolean" ? t(`device.flag.${value}`) : value;
}

function renderFacts() {
  updateChildren(
    byId("facts"),
    listFacts(),
    ([name]) => name,
    () => createElement("div", {}, createElement("dt"), createElement("dd")),
    (row, [name, value]) => {
      const [term, description] = row.children;
      setText(term, hasText(`device.${name}`) ? t(`device.${name}`) : name);
      setText(description, formatFact(name, value));
    },
  );
}

function renderLearning() {
  const isOn = state.learnmode?.mode === 1;
  byId("learn").setAttribute("aria-checked", String(isOn));
  setDisabled(byId("learn"), !state.learnmode);
  const text = state.learnmode ? t(isOn ? "learn.on" : "learn.off") : "–";
  setText(byId("learn-text"), isV2() ? t("new_api.learn", {mode: state.device?.learnMode ?? "–"}) : text);
}

/** Disables what the module's version of the API does not have; its text says why. */
function renderVersion() {
  for (const id of ["restart", "reset"]) setDisabled(byId(id), isV2());
  renderFacts();
  renderLearning();
}

const stepName = (step) => (hasText(`doctor.step.${step}`) ? t(`doctor.step.${step}`) : step);

function createFinding() {
  const text = createElement("p", {}, createElement("strong"), createElement("span"), createElement("code"));
  return createElement("li", {}, createElement("span", {class: "badge"}), text);
}

function updateFinding(item, finding) {
  const {step, state: result, fix} = finding;
  const [badge, text] = item.children;
  badge.dataset.state = {right: "good", wrong: "bad"}[result] ?? "";
  setText(badge, t(`doctor.state.${result}`));
  const [title, description, command] = text.children;
  setText(title, stepName(step));
  setText(description, findingText(finding));
  setText(command, fix ?? "");
  command.hidden = !fix;
}

function renderFindings() {
  const diagnosis = state.doctor;
  byId("doctor-well").hidden = !diagnosis;
  if (!diagnosis) return;
  setText(byId("doctor-well"), t(diagnosis.well ? "doctor.well" : "doctor.ill"));
  byId("doctor-well").dataset.state = diagnosis.well ? "good" : "bad";
  const findings = diagnosis.findings.map((finding, index) => ({...finding, index}));
  const skipped = findings.filter(({state: result}) => result === "skipped");
  byId("doctor-skipped").hidden = skipped.length === 0;
  const steps = formatList(skipped.map(({step}) => stepName(step)));
  setText(byId("doctor-skipped"), t("doctor.skipped", {steps}));
  const checked = findings.filter((finding) => !skipped.includes(finding));
  updateChildren(byId("findings"), checked, ({index}) => index, createFinding, updateFinding);
}

byId("learn").addEventListener("click", async (event) => {
  const mode = state.learnmode.mode === 1 ? 0 : 1;
  const outcome = await runAction("learn_mode", {mode}, event.currentTarget);
  if (outcome) showNotice("good", t(`learn.done.${mode}`));
});
byId("doctor").addEventListener("click", (event) => runAction("doctor", {}, event.currentTarget));
byId("restart").addEventListener("click", () => openConfirmDialog("restart"));
byId("reset").addEventListener("click", () => openConfirmDialog("reset"));

onChange(["device", "link"], renderFacts);
onChange(["learnmode", "device"], renderLearning);
onChange(["api"], renderVersion);
onChange(["doctor"], renderFindings);
onLanguage(() => {
  renderFacts();
  renderLearning();
  renderFindings();
});
