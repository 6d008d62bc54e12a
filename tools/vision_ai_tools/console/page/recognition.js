// The recognized products, and their confirmation.

import {runAction} from "./actions.js";
import {findObstacle, markControl, setDisabled} from "./availability.js";
import {isReadOnly, isV2, onChange, state} from "./connection.js";
import {openDialog} from "./dialogs.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {displayName, findName, searchProducts} from "./products.js";
import {formatPercent, onLanguage, readErrorText, t} from "./texts.js";

const MAX_CHOICES = 60;
const FREEZE_MS = 2000;

// While the user presses a guess, the list does not change under the finger.
let freezeTimer = null;
// The recognition that the dialog confirms.
let dialogSid = null;

async function confirm(sid, id, name, button) {
  const outcome = await runAction("confirm", {sid, id, name}, button);
  if (outcome) showNotice("good", t("recognize.confirmed", {id, name}));
  return Boolean(outcome);
}

/** Confirms a guess. Asks for the name first if it is unknown, because the module stores the name that it gets. */
function press(button) {
  const {sid, id} = button.dataset;
  const name = findName(id);
  if (name) confirm(sid, id, name, button);
  else openProductDialog(sid, id);
}

function createGuess() {
  const parts = ["bar", "name", "id", "score"].map((part) => createElement("span", {class: part}));
  const button = markControl(createElement("button", {type: "button", onclick: () => press(button)}, ...parts));
  return createElement("li", {}, button);
}

function updateGuess(item, {id, score}) {
  const button = item.firstElementChild;
  const [bar, name, number, percent] = button.children;
  Object.assign(button.dataset, {sid: state.result.sid, id});
  const values = {name: displayName(id), percent: formatPercent(score)};
  setAttribute(button, "aria-label", t(isV2() || isReadOnly() ? "recognize.guess" : "recognize.confirm", values));
  setDisabled(button, isV2());
  bar.style.width = `${score * 100}%`;
  setText(name, displayName(id));
  setText(number, id);
  setText(percent, formatPercent(score));
}

function render() {
  const obstacle = findObstacle() ?? (state.paused ? "paused" : null);
  const error = state.errors?.result;
  const guesses = obstacle || error ? [] : (state.result?.items ?? []);
  byId("guesses-none").hidden = guesses.length > 0 || !(obstacle || state.result || error);
  const reason = error ? readErrorText(error) : t("recognize.none");
  setText(byId("guesses-none"), obstacle ? t(`obstacle.${obstacle}`) : reason);
  const hint = state.learnmode?.mode === 0 ? "recognize.hint.off" : "recognize.hint";
  const text = isReadOnly() ? "read_only.text" : hint;
  setText(byId("recognize-hint"), t(isV2() ? "new_api.feedback" : text));
  setDisabled(byId("other"), !state.result || Boolean(error || obstacle));
  if (freezeTimer !== null && !obstacle) return;
  const ranked = guesses.map((guess, rank) => ({...guess, rank}));
  updateChildren(byId("guesses"), ranked, ({rank}) => rank, createGuess, updateGuess);
}

function freeze() {
  clearTimeout(freezeTimer);
  freezeTimer = setTimeout(unfreeze, FREEZE_MS);
}

function unfreeze() {
  clearTimeout(freezeTimer);
  freezeTimer = null;
  render();
}

byId("guesses").addEventListener("pointerdown", freeze);
byId("guesses").addEventListener("click", unfreeze);
onChange(["result", "items", "learnmode", "errors", "api", "console", "link", "job", "paused", "options"], render);
onLanguage(render);

// The dialog to choose another product

const dialog = byId("pick");
const form = byId("pick-form");

function createChoice({id, name}) {
  const button = createElement(
    "button",
    {type: "button", onclick: () => choose(id, name, button)},
    createElement("span", {class: "name"}, name),
    createElement("span", {class: "id"}, id),
  );
  markControl(button);
  return createElement("li", {}, button);
}

function renderChoices() {
  const choices = searchProducts(byId("pick-search").value).slice(0, MAX_CHOICES);
  byId("choices-none").hidden = choices.length > 0;
  updateChildren(byId("choices"), choices, ({id, name}) => `${id} ${name}`, createChoice);
}

async function choose(id, name, button) {
  if (await confirm(dialogSid, id, name, button)) dialog.close();
}

/** Opens the dialog for a recognition, with the product's number if it is known. */
function openProductDialog(sid, id = "") {
  dialogSid = sid;
  byId("pick-search").value = "";
  form.reset();
  form.elements.id.value = id;
  byId("pick-wrong").hidden = true;
  renderChoices();
  openDialog(dialog);
  if (id) form.elements.name.focus();
}

// Where the module has named no product, there is no recognition yet that could be confirmed.
byId("other").addEventListener("click", async () => {
  const sid = state.result.sid ?? (await runAction("recognize", {}, byId("other")))?.done;
  if (sid) openProductDialog(sid);
});
byId("pick-search").addEventListener("input", renderChoices);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [id, name] = [form.elements.id.value.trim(), form.elements.name.value.trim()];
  byId("pick-wrong").hidden = Boolean(id && name);
  if (id && name) choose(id, name, form.querySelector("button"));
});
