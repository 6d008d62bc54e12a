// Who the module is, and what is done with it as a whole.

import {at, h, keyed, say} from "./dom.js";
import {on, state} from "./live.js";
import {notice} from "./notices.js";
import {order} from "./orders.js";
import {askForSerial} from "./serial.js";
import {findingText, has, onLanguage, t} from "./texts.js";

const FIRST = ["sn", "clientName", "clientID", "firmware", "engine", "sdk", "sync", "syncMode", "soldOutLimit"];
// Meaningful in a follower of another scale only, and shown on their own.
const OF_FOLLOWERS = ["masterIP", "masterSN"];
const SHOWN_ELSEWHERE = ["learnMode"];

function facts() {
  const device = state.device ?? {};
  const others = Object.keys(device).filter((name) => ![...FIRST, ...OF_FOLLOWERS, ...SHOWN_ELSEWHERE].includes(name));
  const names = [...FIRST, ...OF_FOLLOWERS.filter((name) => device[name]), ...others];
  const told = names.filter((name) => name in device).map((name) => [name, device[name]]);
  return [...told, ["url", state.link?.url ?? ""]];
}

function renderFacts() {
  keyed(
    at("facts"),
    facts(),
    ([name]) => name,
    () => h("div", {}, h("dt"), h("dd")),
    (line, [name, value]) => {
      const [term, said] = line.children;
      say(term, has(`device.${name}`) ? t(`device.${name}`) : name);
      say(said, name === "clientName" && value === "" ? t("device.not_activated") : value);
    },
  );
}

function renderLearning() {
  const on = state.learnmode?.mode === 1;
  at("learn").setAttribute("aria-checked", String(on));
  at("learn").disabled = !state.learnmode;
  say(at("learn-text"), state.learnmode ? t(on ? "learn.on" : "learn.off") : "–");
}

const nameOf = (step) => (has(`doctor.step.${step}`) ? t(`doctor.step.${step}`) : step);

function renderFindings() {
  const diagnosis = state.doctor;
  at("doctor-well").hidden = !diagnosis;
  if (!diagnosis) return;
  say(at("doctor-well"), t(diagnosis.well ? "doctor.well" : "doctor.ill"));
  at("doctor-well").dataset.state = diagnosis.well ? "good" : "bad";
  const findings = diagnosis.findings.map((finding, place) => ({...finding, place}));
  const skipped = findings.filter(({state: found}) => found === "skipped");
  at("doctor-skipped").hidden = skipped.length === 0;
  say(at("doctor-skipped"), t("doctor.skipped", {steps: skipped.map(({step}) => nameOf(step)).join(", ")}));
  keyed(
    at("findings"),
    findings.filter((finding) => !skipped.includes(finding)),
    ({place}) => place,
    () => h("li", {}, h("span", {class: "badge"}), h("p", {}, h("strong"), " ", h("span"), h("code"))),
    (line, finding) => {
      const {step, state: found, mend} = finding;
      const [badge, text] = line.children;
      badge.dataset.state = {right: "good", wrong: "bad"}[found] ?? "";
      say(badge, t(`doctor.state.${found}`));
      const [title, said, command] = text.children;
      say(title, nameOf(step));
      say(said, findingText(finding));
      say(command, mend ?? "");
      command.hidden = !mend;
    },
  );
}

at("learn").addEventListener("click", async (event) => {
  const mode = state.learnmode.mode === 1 ? 0 : 1;
  if (await order("learn_mode", {mode}, event.currentTarget)) notice("good", t(`learn.done.${mode}`));
});
at("doctor").addEventListener("click", (event) => order("doctor", {}, event.currentTarget));
at("restart").addEventListener("click", (event) => order("restart", {}, event.currentTarget));
at("reset").addEventListener("click", () => askForSerial("reset"));

on(["device", "link"], renderFacts);
on(["learnmode"], renderLearning);
on(["doctor"], renderFindings);
onLanguage(() => {
  renderFacts();
  renderLearning();
  renderFindings();
});
