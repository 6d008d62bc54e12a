// The products that the device knows, its cache, and teaching.

import * as api from "./api.js";
import {
  byId,
  capitalize,
  h,
  protectEdits,
  releaseEdits,
  setFieldValue,
  setText,
  updateChildren,
} from "./dom.js";
import { run } from "./notices.js";

let products = [];
let pan = null;

export function start(refresh) {
  const form = byId("teach");
  protectEdits(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const id = form.elements.id.value.trim();
    const name = form.elements.name.value.trim();
    const content = await run(`Teaching ${name}`, () => api.post("catalog", { id, name }), {
      button: form.querySelector("button"),
      success: `The device has learned this ${name}.`,
    });
    if (content) {
      releaseEdits(form);
      show(content);
    }
    refresh();
  });
}

export function startLearnMode(refresh) {
  byId("learn-mode-switch").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    await run("Switching the learning mode", () => api.put("learn_mode", { mode: Number(button.dataset.mode) }), { button });
    refresh();
  });
}

export function showPan(kind) {
  if (kind !== pan) releaseEdits(byId("teach"));
  pan = kind;
  suggestProduct();
}

export function show(content) {
  products = content.products;
  updateChildren(
    byId("products"),
    products,
    (product) => product.id,
    () => h("tr", {}, h("td", {}, h("code", {})), h("td", {}), h("td", { class: "number" })),
    (row, product) => {
      const [id, name, templates] = row.children;
      setText(id.firstElementChild, product.id);
      setText(name, product.name || "no name");
      name.classList.toggle("faint", !product.name);
      setText(templates, product.templates);
    },
  );
  byId("products-none").hidden = products.length > 0;
  byId("products").closest("table").hidden = products.length === 0;
  updateChildren(
    byId("cache"),
    content.cache,
    (picture) => picture.image_id,
    () => h("li", {}, h("code", {}), h("span", {}), h("code", { class: "faint" })),
    (row, picture) => {
      const [id, name, image] = row.children;
      setText(id, picture.id);
      setText(name, picture.name);
      setText(image, picture.image_id);
      image.title = picture.image_id;
    },
  );
  byId("cache-title").hidden = content.cache.length === 0;
  const learns = content.learn_mode === 1;
  setText(byId("learn-mode"), learns ? "learns while it recognizes" : "only recognizes");
  setText(byId("learn-mode-switch"), learns ? "Switch learning off" : "Switch learning on");
  byId("learn-mode-switch").dataset.mode = learns ? 0 : 1;
  suggestProduct();
}

// Suggests the name of the item on the pan, and its id or the next free one.
function suggestProduct() {
  const { id, name } = byId("teach").elements;
  setFieldValue(name, pan ? capitalize(pan) : "");
  const known = products.find((product) => product.name.toLowerCase() === pan);
  setFieldValue(id, known ? known.id : pan ? findFreeId() : "");
}

function findFreeId() {
  const used = new Set(products.map((product) => product.id));
  for (let number = 1; ; number += 1) {
    const id = String(number).padStart(3, "0");
    if (!used.has(id)) return id;
  }
}
