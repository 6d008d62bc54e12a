// Template pictures of a product: taken one at a time, then committed or deleted.

import {runAction} from "./actions.js";
import {markControl} from "./availability.js";
import {isV2, onChange, state} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {listPending, products} from "./products.js";
import {onLanguage, t} from "./texts.js";

const MAX_PICTURES = 20;

// On V2, how many pictures of each product this page has taken, and the templates of the product in the form.
const taken = new Map();
let templates = {id: "", sids: []};

const form = byId("teach-form");
const field = (name) => form.elements[name];
const getValue = (name) => field(name).value.trim();

/** What is wrong with the form; empty if nothing is. */
function findProblem() {
  const total = Number(getValue("pictures"));
  if (isV2() && !getValue("id")) return t("teach.missing.id");
  if (!isV2() && (!getValue("id") || !getValue("name"))) return t("teach.missing");
  if (!Number.isInteger(total) || total < 1 || total > MAX_PICTURES) return t("teach.count");
  const other = listPending().find(({id}) => id === getValue("id"));
  if (other && other.name !== getValue("name")) return t("teach.other", other);
  return "";
}

/** How many pictures of the product in the form were taken: those that are not committed, in V2 those of this page. */
function countPictures() {
  if (isV2()) return taken.get(getValue("id")) ?? 0;
  return listPending().find(({id}) => id === getValue("id"))?.images.length ?? 0;
}

function renderForm() {
  const count = countPictures();
  const total = Number(getValue("pictures")) || 1;
  setText(byId("teach-take"), count < total ? t("teach.take", {number: count + 1, total}) : t("teach.more"));
  byId("teach-take").classList.toggle("primary", count < total);
  if (!byId("teach-wrong").hidden) showProblem();
}

function showProblem() {
  const problem = findProblem();
  byId("teach-wrong").hidden = !problem;
  setText(byId("teach-wrong"), problem);
  return problem;
}

form.addEventListener("input", () => {
  renderForm();
  readTemplates();
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (showProblem()) return;
  const id = getValue("id");
  const outcome = await runAction("take_picture", {id, name: getValue("name")}, byId("teach-take"));
  if (!outcome || !isV2()) return;
  taken.set(id, (taken.get(id) ?? 0) + 1);
  renderForm();
  readTemplates();
});

function createEntry({id, name}) {
  const commit = createElement("button", {type: "button", class: "primary"}, t("pending.commit"));
  const remove = createElement("button", {type: "button"}, t("pending.delete"));
  commit.addEventListener("click", async () => {
    if (await runAction("commit", {id}, commit)) showNotice("good", t("pending.committed", {name}));
  });
  remove.addEventListener("click", async () => {
    if (await runAction("delete_product", {id}, remove)) showNotice("good", t("pending.deleted", {name}));
  });
  markControl(commit);
  markControl(remove);
  const title = createElement("p", {}, createElement("strong"), " ", createElement("span", {class: "faint"}, id));
  return createElement(
    "li",
    {},
    createElement("div", {class: "head"}, title, commit, remove),
    createElement("ul", {class: "pictures"}),
  );
}

function updateEntry(item, {id, name, images}) {
  const [title, commit, remove] = item.querySelector(".head").children;
  setText(title.firstElementChild, name);
  setText(commit, t("pending.commit"));
  setText(remove, t("pending.delete"));
  setAttribute(commit, "aria-label", t("pending.commit.label", {name}));
  setAttribute(remove, "aria-label", t("pending.delete.label", {name}));
  const previews = new Set(state.templates);
  const pictures = images.map((image, index) => {
    return {image, id, name, number: index + 1, hasPreview: previews.has(image)};
  });
  const getKey = ({image, hasPreview}) => `${image} ${hasPreview}`;
  updateChildren(item.querySelector(".pictures"), pictures, getKey, createPicture, updatePicture);
}

function createPicture({image, id, hasPreview}) {
  return createPreview(image, hasPreview, (remove) => {
    runAction("delete_picture", {id, image_id: image}, remove, image);
  });
}

/** A picture with a button that deletes it. */
function createPreview(number, hasPreview, deletePicture) {
  const remove = markControl(createElement("button", {type: "button", class: "delete"}, "✕"));
  remove.addEventListener("click", () => deletePicture(remove));
  const preview = hasPreview
    ? createElement("img", {src: `templates/${encodeURIComponent(number)}`, width: 100, height: 100})
    : createElement("span", {class: "no-preview"});
  return createElement("li", {}, preview, remove);
}

function updatePicture(item, {name, number, hasPreview}) {
  const [preview, remove] = item.children;
  if (hasPreview) setAttribute(preview, "alt", t("pending.picture", {name, number}));
  else setText(preview, t("pending.no_preview"));
  setAttribute(remove, "aria-label", t("pending.picture.delete", {name, number}));
}

/** Reads the templates of the product in the form, which the module lists. */
async function readTemplates() {
  const id = getValue("id");
  const isKnown = isV2() && products().some((item) => item.id === id);
  const outcome = isKnown && (await runAction("list_templates", {id}, null, id));
  if (getValue("id") !== id || (isKnown && !outcome)) return;
  templates = {id, sids: outcome ? outcome.done : []};
  renderTemplates();
}

function renderTemplates() {
  if (!isV2()) return;
  const {id, sids} = templates;
  setText(byId("templates-title"), id ? t("templates.title", {id}) : "");
  setText(byId("templates-none"), t(id ? "templates.none" : "templates.choose"));
  byId("templates-none").hidden = sids.length > 0;
  const previews = new Set(state.templates);
  const entries = sids.map((sid, index) => ({sid, id, number: index + 1, hasPreview: previews.has(sid)}));
  const getKey = ({sid, hasPreview}) => `${id} ${sid} ${hasPreview}`;
  updateChildren(byId("template-list"), entries, getKey, createTemplate, updateTemplate);
}

function createTemplate({sid, id, hasPreview}) {
  return createPreview(sid, hasPreview, async (button) => {
    if (!(await runAction("delete_template", {id, sid}, button, sid))) return;
    showNotice("good", t("template.deleted", {id}));
    readTemplates();
  });
}

function updateTemplate(item, {id, number, hasPreview}) {
  const [preview, remove] = item.children;
  if (hasPreview) setAttribute(preview, "alt", t("template.picture", {id, number}));
  else setText(preview, t("pending.no_preview"));
  setAttribute(remove, "aria-label", t("template.delete", {id, number}));
}

/** Fills in the form, to take more pictures of a product. */
export function fillTeachForm({id, name}) {
  field("id").value = id;
  field("name").value = name ?? "";
  renderForm();
  readTemplates();
}

/** A product of the module; pressing it fills in the form, to take more pictures of it. */
function createProduct({id, name, count}) {
  const parts = count === undefined ? [name, id] : [id, t("teach.templates", {count})];
  const number = createElement("span", {class: "faint"}, parts[1]);
  return createElement("li", {}, createElement("button", {type: "button", onclick: () => fillTeachForm({id, name})}, parts[0], " ", number));
}

function render() {
  const entries = listPending();
  byId("pending-none").hidden = entries.length > 0;
  setText(byId("pending-count"), entries.length);
  byId("pending-count").hidden = entries.length === 0;
  updateChildren(byId("pending"), entries, ({id}) => id, createEntry, updateEntry);
  setText(byId("known-count"), products().length ? `(${products().length})` : "");
  byId("known-none").hidden = products().length > 0;
  const getKey = ({id, name, count}) => `${id} ${name} ${count === undefined ? "" : t("teach.templates", {count})}`;
  updateChildren(byId("known"), products(), getKey, createProduct);
  renderForm();
  renderTemplates();
}

onChange(["pending", "items", "templates", "api"], render);
onLanguage(render);
