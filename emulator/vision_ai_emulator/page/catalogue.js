// What the device was taught, what waits in its cache, and teaching.

import * as api from "./api.js";
import { at, capital, h, keepEdits, keyed, offer, say, settled } from "./dom.js";
import { attempt } from "./notices.js";

let products = [];
let pan = null;

export function start(changed) {
  const form = at("teach");
  keepEdits(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const id = form.elements.id.value.trim();
    const name = form.elements.name.value.trim();
    const answer = await attempt(`Teaching ${name}`, () => api.post("catalogue", { id, name }), {
      button: form.querySelector("button"),
      success: `The device has learned this ${name}.`,
    });
    if (answer) {
      settled(form);
      show(answer);
    }
    changed();
  });
}

export function showPan(kind) {
  if (kind !== pan) settled(at("teach"));
  pan = kind;
  suggest();
}

export function show(answer) {
  products = answer.products;
  keyed(
    at("products"),
    products,
    (product) => product.id,
    () => h("tr", {}, h("td", {}, h("code", {})), h("td", {}), h("td", { class: "number" })),
    (row, product) => {
      const [id, name, templates] = row.children;
      say(id.firstElementChild, product.id);
      say(name, product.name);
      say(templates, product.templates);
    },
  );
  at("products-none").hidden = products.length > 0;
  at("products").closest("table").hidden = products.length === 0;
  keyed(
    at("cache"),
    answer.cache,
    (picture) => picture.image_id,
    () => h("li", {}, h("code", {}), h("span", {}), h("code", { class: "faint" })),
    (row, picture) => {
      const [id, name, image] = row.children;
      say(id, picture.id);
      say(name, picture.name);
      say(image, picture.image_id);
      image.title = picture.image_id;
    },
  );
  at("cache-title").hidden = answer.cache.length === 0;
  say(at("learn-mode"), answer.learn_mode === 1 ? "learns from the clerk’s choices" : "only recognises");
  suggest();
}

// A person at a desk teaches what he sees: its name, and the number it has already or the next free one.
function suggest() {
  const { id, name } = at("teach").elements;
  offer(name, pan ? capital(pan) : "");
  const known = products.find((product) => product.name.toLowerCase() === pan);
  offer(id, known ? known.id : pan ? nextFree() : "");
}

function nextFree() {
  const taken = new Set(products.map((product) => product.id));
  for (let number = 1; ; number += 1) {
    const id = String(number).padStart(3, "0");
    if (!taken.has(id)) return id;
  }
}
