// The dialog before an action that cannot be undone: it says what is lost, and may ask for the serial number.

import {runAction} from "./actions.js";
import {setDisabled} from "./availability.js";
import {onChange, state} from "./connection.js";
import {openDialog} from "./dialogs.js";
import {byId, createElement, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {listPending} from "./products.js";
import {onLanguage, t} from "./texts.js";

/** The actions that ask for the serial number, so that nobody changes the wrong module. */
const WITH_SERIAL = ["restore", "reset"];
/** The actions after which pictures that are not committed are lost. */
const LOSING_PICTURES = ["restart", "reset"];

const dialog = byId("confirm");
const input = byId("confirm-input");
let action = null;

const needsSerial = () => WITH_SERIAL.includes(action.kind);
const hasSerial = () => input.value.trim() !== "" && input.value.trim() === state.device?.sn;

/** What differs between the backup and the connected module. */
function listDifferences({sn, engine}) {
  const lines = [];
  const device = state.device ?? {};
  if (sn && device.sn && sn !== device.sn) lines.push(t("confirm.other_module", {sn, serial: device.sn}));
  if (engine && device.engine && engine !== device.engine) {
    lines.push(t("confirm.other_engine", {backup: engine, engine: device.engine}));
  }
  return lines;
}

function listLosses() {
  return listPending().map(({id, name, images}) => t("confirm.pictures", {name, id, count: images.length}));
}

function render() {
  if (!action) return;
  const {kind, file} = action;
  setText(byId("confirm-title"), t(`confirm.${kind}.title`, {name: file?.name}));
  setText(byId("confirm-text"), t(`confirm.${kind}.text`));
  const losses = LOSING_PICTURES.includes(kind) ? listLosses() : [];
  const lines = kind === "restore" ? listDifferences(file) : losses;
  setText(byId("confirm-warning"), losses.length ? t("confirm.lost") : "");
  byId("confirm-warning").hidden = losses.length === 0;
  byId("confirm-list").hidden = lines.length === 0;
  updateChildren(
    byId("confirm-list"),
    lines.map((line, index) => ({line, index})),
    ({index}) => index,
    () => createElement("li"),
    (item, {line}) => setText(item, line),
  );
  byId("confirm-serial").hidden = !needsSerial();
  setText(byId("confirm-label"), t("confirm.serial", {serial: state.device?.sn ?? "–"}));
  const go = byId("confirm-go");
  setText(go, t(`confirm.${kind}.go`));
  go.dataset.needs = kind === "delete_backup" ? "console" : "module";
  setDisabled(go, needsSerial() && !hasSerial());
}

/** `kind` is "restart", "reset", "restore" or "delete_backup"; the last two have a `file` of the list. */
export function openConfirmDialog(kind, file = null) {
  action = {kind, file};
  input.value = "";
  render();
  openDialog(dialog);
  (needsSerial() ? input : byId("confirm-go")).focus();
}

input.addEventListener("input", render);

byId("confirm-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (byId("confirm-go").disabled) return;
  const {kind, file} = action;
  const parameters = {...(file && {file: file.name}), ...(needsSerial() && {serial: input.value.trim()})};
  if (!(await runAction(kind, parameters, byId("confirm-go")))) return;
  dialog.close();
  if (kind === "delete_backup") showNotice("good", t("backup.deleted", {name: file.name}));
});

onChange(["pending", "device"], render);
onLanguage(render);
