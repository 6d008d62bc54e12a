// The dialog that asks for the module's serial number before an action that cannot be undone.

import {runAction} from "./actions.js";
import {state} from "./connection.js";
import {byId, setText} from "./dom.js";
import {t} from "./texts.js";

const dialog = byId("serial");
const input = byId("serial-input");
let action = null;

const matches = () => input.value.trim() !== "" && input.value.trim() === state.device?.sn;

/** `kind` is "restore" or "reset"; `parameters` are those of the action. */
export function openSerialDialog(kind, parameters = {}) {
  action = {kind, parameters};
  setText(byId("serial-title"), t(`serial.${kind}.title`, {name: parameters.file}));
  setText(byId("serial-text"), t(`serial.${kind}.text`));
  setText(byId("serial-label"), t("serial.label", {serial: state.device?.sn ?? "–"}));
  setText(byId("serial-go"), t(`serial.${kind}.go`));
  input.value = "";
  byId("serial-go").disabled = true;
  dialog.showModal();
  input.focus();
}

input.addEventListener("input", () => {
  byId("serial-go").disabled = !matches();
});

byId("serial-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!matches()) return;
  const parameters = {...action.parameters, serial: input.value.trim()};
  if (await runAction(action.kind, parameters, byId("serial-go"))) dialog.close();
});
