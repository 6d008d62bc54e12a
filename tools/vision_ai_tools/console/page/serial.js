// What cannot be undone is asked for by typing the module's serial number.

import {at, say} from "./dom.js";
import {state} from "./live.js";
import {order} from "./orders.js";
import {t} from "./texts.js";

const dialog = at("serial");
const input = at("serial-input");
let wanted = null;

const matches = () => input.value.trim() !== "" && input.value.trim() === state.device?.sn;

/** `kind` is "restore" or "reset"; `facts` go to the console, and into the words. */
export function askForSerial(kind, facts = {}) {
  wanted = {kind, facts};
  say(at("serial-title"), t(`serial.${kind}.title`, {name: facts.file}));
  say(at("serial-text"), t(`serial.${kind}.text`));
  say(at("serial-label"), t("serial.label", {serial: state.device?.sn ?? "–"}));
  say(at("serial-go"), t(`serial.${kind}.go`));
  input.value = "";
  at("serial-go").disabled = true;
  dialog.showModal();
  input.focus();
}

input.addEventListener("input", () => {
  at("serial-go").disabled = !matches();
});

at("serial-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!matches()) return;
  const answer = await order(wanted.kind, {...wanted.facts, serial: input.value.trim()}, at("serial-go"));
  if (answer) dialog.close();
});
