// Template pictures of a product: taken one at a time, looked at, committed or deleted.

import {at, h, keyed, say, set} from "./dom.js";
import {on, state} from "./live.js";
import {notice} from "./notices.js";
import {order} from "./orders.js";
import {products} from "./products.js";
import {onLanguage, t} from "./texts.js";

const MOST = 20;

const form = at("teach-form");
const field = (name) => form.elements[name];
const typed = (name) => field(name).value.trim();

/** What waits in the module's cache, one entry for each product. */
function waiting() {
  const entries = new Map();
  for (const {id, name, image_id: image} of state.pending ?? []) {
    if (!entries.has(id)) entries.set(id, {id, name, images: []});
    entries.get(id).images.push(image);
  }
  return [...entries.values()];
}

/** Why no picture can be taken of what the form says; empty where one can. */
function wrong() {
  const total = Number(typed("pictures"));
  if (!typed("id") || !typed("name")) return t("teach.missing");
  if (!Number.isInteger(total) || total < 1 || total > MOST) return t("teach.count");
  const other = waiting().find(({id}) => id === typed("id"));
  if (other && other.name !== typed("name")) return t("teach.other", other);
  return "";
}

function renderForm() {
  const taken = waiting().find(({id}) => id === typed("id"))?.images.length ?? 0;
  const total = Number(typed("pictures")) || 1;
  say(at("teach-take"), taken < total ? t("teach.take", {number: taken + 1, total}) : t("teach.more"));
  at("teach-take").classList.toggle("primary", taken < total);
  if (!at("teach-wrong").hidden) showWrong();
}

function showWrong() {
  const why = wrong();
  at("teach-wrong").hidden = !why;
  say(at("teach-wrong"), why);
  return why;
}

form.addEventListener("input", renderForm);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!showWrong()) order("take_picture", {id: typed("id"), name: typed("name")}, at("teach-take"));
});

function makeEntry({id, name}) {
  const commit = h("button", {type: "button", class: "primary"}, t("pending.commit"));
  const remove = h("button", {type: "button"}, t("pending.delete"));
  commit.addEventListener("click", async () => {
    if (await order("commit", {id}, commit)) notice("good", t("pending.committed", {name}));
  });
  remove.addEventListener("click", async () => {
    if (await order("drop_product", {id}, remove)) notice("good", t("pending.deleted", {name}));
  });
  return h(
    "li",
    {},
    h("div", {class: "head"}, h("p", {}, h("strong"), " ", h("span", {class: "faint"}, id)), commit, remove),
    h("ul", {class: "pictures"}),
  );
}

function showEntry(line, {id, name, images}) {
  const [title, commit, remove] = line.querySelector(".head").children;
  say(title.firstElementChild, name);
  say(commit, t("pending.commit"));
  say(remove, t("pending.delete"));
  set(commit, "aria-label", t("pending.commit.label", {name}));
  set(remove, "aria-label", t("pending.delete.label", {name}));
  const seen = new Set(state.templates);
  const pictures = images.map((image, place) => ({image, id, name, number: place + 1, seen: seen.has(image)}));
  keyed(line.querySelector(".pictures"), pictures, ({image, seen}) => `${image} ${seen}`, makePicture, showPicture);
}

function makePicture({image, id, seen}) {
  const drop = h("button", {type: "button", class: "drop"}, "✕");
  drop.addEventListener("click", () => order("drop_picture", {id, image_id: image}, drop, image));
  const shown = seen ? h("img", {src: `templates/${encodeURIComponent(image)}`, width: 100, height: 100}) : h("span", {class: "unseen"});
  return h("li", {}, shown, drop);
}

function showPicture(line, {name, number, seen}) {
  const [shown, drop] = line.children;
  if (seen) set(shown, "alt", t("pending.picture", {name, number}));
  else say(shown, t("pending.unseen"));
  set(drop, "aria-label", t("pending.picture.drop", {name, number}));
}

function render() {
  const entries = waiting();
  at("pending-none").hidden = entries.length > 0;
  say(at("pending-count"), entries.length);
  at("pending-count").hidden = entries.length === 0;
  keyed(at("pending"), entries, ({id}) => id, makeEntry, showEntry);
  say(at("known-count"), products().length || "");
  at("known-none").hidden = products().length > 0;
  keyed(at("known"), products(), ({id, name}) => `${id} ${name}`, makeKnown);
  renderForm();
}

/** A product that is known already: pressed, it is the one to take more pictures of. */
function makeKnown({id, name}) {
  const fill = () => {
    field("id").value = id;
    field("name").value = name;
    renderForm();
  };
  return h("li", {}, h("button", {type: "button", onclick: fill}, name, " ", h("span", {class: "faint"}, id)));
}

on(["pending", "items", "templates"], render);
onLanguage(render);
