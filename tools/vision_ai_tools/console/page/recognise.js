// The module's guesses, and what the clerk says to them.

import {at, h, keyed, say, set} from "./dom.js";
import {on, state} from "./live.js";
import {notice} from "./notices.js";
import {order} from "./orders.js";
import {calledOf, found, nameOf} from "./products.js";
import {failureText, onLanguage, percent, t} from "./texts.js";

const LISTED = 60;

// While a finger is on the list it stays as it is: what is under the finger is what is meant.
let held = null;
// The recognition that the dialog is about.
let asked = null;

async function confirm(sid, id, name, button) {
  const answer = await order("confirm", {sid, id, name}, button);
  if (answer) notice("good", t("recognise.confirmed", {id, name}));
  return Boolean(answer);
}

/** A guess whose name the module does not tell is asked for it: whatever is sent, the module keeps. */
function press(button) {
  const {sid, id} = button.dataset;
  if (nameOf(id)) confirm(sid, id, nameOf(id), button);
  else ask(sid, id);
}

function makeGuess() {
  const button = h(
    "button",
    {type: "button", onclick: () => press(button)},
    h("span", {class: "bar"}),
    h("span", {class: "name"}),
    h("span", {class: "id"}),
    h("span", {class: "score"}),
  );
  return h("li", {}, button);
}

function showGuess(line, {id, score}) {
  const button = line.firstElementChild;
  const [bar, name, number, share] = button.children;
  Object.assign(button.dataset, {sid: state.result.sid, id});
  set(button, "aria-label", t("recognise.confirm", {name: calledOf(id), percent: percent(score)}));
  bar.style.width = `${score * 100}%`;
  say(name, calledOf(id));
  say(number, id);
  say(share, percent(score));
}

function render() {
  const trouble = state.troubles?.result;
  const guesses = trouble ? [] : (state.result?.items ?? []);
  at("guesses-none").hidden = guesses.length > 0 || !(state.result || trouble);
  say(at("guesses-none"), trouble ? failureText(trouble) : t("recognise.none"));
  say(at("recognise-hint"), t(state.learnmode?.mode === 0 ? "recognise.hint.off" : "recognise.hint"));
  at("other").disabled = !state.result || Boolean(trouble);
  if (held === null) keyed(at("guesses"), guesses.map((guess, place) => ({...guess, place})), (guess) => guess.place, makeGuess, showGuess);
}

function hold() {
  clearTimeout(held);
  held = setTimeout(release, 2000);
}

function release() {
  clearTimeout(held);
  held = null;
  render();
}

at("guesses").addEventListener("pointerdown", hold);
at("guesses").addEventListener("click", release);
on(["result", "items", "learnmode", "troubles"], render);
onLanguage(render);

// Another product than those guessed

const dialog = at("pick");
const form = at("pick-form");

function renderChoices() {
  const choices = found(at("pick-search").value).slice(0, LISTED);
  at("choices-none").hidden = choices.length > 0;
  keyed(
    at("choices"),
    choices,
    ({id, name}) => `${id} ${name}`,
    ({id, name}) => {
      const button = h("button", {type: "button", onclick: () => choose(id, name, button)}, h("span", {class: "name"}, name), h("span", {class: "id"}, id));
      return h("li", {}, button);
    },
  );
}

async function choose(id, name, button) {
  if (await confirm(asked, id, name, button)) dialog.close();
}

/** Which product it was that this recognition is about; its number, where that is known. */
function ask(sid, id = "") {
  asked = sid;
  at("pick-search").value = "";
  form.reset();
  form.elements.id.value = id;
  at("pick-wrong").hidden = true;
  renderChoices();
  dialog.showModal();
  if (id) form.elements.name.focus();
}

at("other").addEventListener("click", () => ask(state.result.sid));
at("pick-search").addEventListener("input", renderChoices);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [id, name] = [form.elements.id.value.trim(), form.elements.name.value.trim()];
  at("pick-wrong").hidden = Boolean(id && name);
  if (id && name) choose(id, name, form.querySelector("button"));
});
