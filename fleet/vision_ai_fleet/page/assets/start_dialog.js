// The dialog that starts a job on the scales of the list. It says how many they are, and the center counts again.

import {openDialog} from "./dialogs.js";
import {byId, createElement, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {runAction} from "./requests.js";
import {jobHash} from "./rollout_row.js";
import {countSelected, readQuery} from "./scales.js";
import {kindText} from "./status.js";
import {failureText, formatList, formatNumber, onLanguage, t} from "./texts.js";
import {go} from "./router.js";

const KINDS = ["backup", "set_learn_mode", "reboot"];
/** So many scales that their number is to be typed, and for a restart also of fewer. */
const MANY = 10;

const dialog = byId("start-dialog");
const form = byId("start-form");
let selected = {count: 0, where: [], search: ""};

const needsNumber = () => selected.count >= MANY || form.elements.kind.value === "reboot";

function render() {
  updateChildren(
    byId("start-kind"),
    KINDS,
    (kind) => kind,
    (kind) => createElement("option", {value: kind}),
    (option, kind) => setText(option, kindText(kind)),
  );
  const count = formatNumber(selected.count);
  const conditions = [...selected.where, ...(selected.search ? [t("start.search", {text: selected.search})] : [])];
  setText(byId("start-text"), t(conditions.length ? "start.selected" : "start.all", {count, conditions: formatList(conditions)}));
  byId("start-mode").hidden = form.elements.kind.value !== "set_learn_mode";
  byId("start-confirm").hidden = !needsNumber();
  setText(byId("start-confirm-label"), t("start.confirm", {count: selected.count}));
  setText(byId("start-go"), t("start.go", {count}));
  byId("start-go").disabled = needsNumber() && form.elements.confirm.value.trim() !== String(selected.count);
}

function showFailure(failure) {
  byId("start-wrong").hidden = !failure;
  if (!failure) return;
  setText(byId("start-wrong"), failureText(failure.kind === "count_changed" ? {...failure, count: formatNumber(failure.count)} : failure));
  if (failure.kind !== "count_changed") return;
  selected.count = failure.count;
  form.elements.confirm.value = "";
  render();
}

byId("start").addEventListener("click", () => {
  const {where, search} = readQuery();
  selected = {count: countSelected(), where, search};
  form.elements.confirm.value = "";
  showFailure(null);
  render();
  openDialog(dialog);
});
form.addEventListener("input", render);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (byId("start-go").disabled) return;
  const {kind, mode, stages, max_failures: limit, window} = form.elements;
  const order = {
    kind: kind.value,
    arguments: kind.value === "set_learn_mode" ? {mode: Number(mode.value)} : {},
    where: selected.where,
    search: selected.search,
    confirmed: selected.count,
    stages: stages.value.split(",").map((each) => each.trim()).filter(Boolean),
    max_failures: limit.value.trim(),
    window: window.value.trim() || null,
  };
  const outcome = await runAction("start", order, byId("start-go"), showFailure);
  if (!outcome) return;
  dialog.close();
  showNotice("good", t("start.done", {id: outcome.done}));
  // After the dialog's entry has left the history.
  setTimeout(() => go(jobHash(outcome.done)), 100);
});

onLanguage(render);
