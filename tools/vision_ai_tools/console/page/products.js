// The products in the module.

import {state} from "./connection.js";
import {t} from "./texts.js";

export const products = () => state.items ?? [];

/** The product's name; undefined if the module does not list it. */
export const findName = (id) => products().find((item) => item.id === id)?.name;

/** The name to show for a product. */
export const displayName = (id) => findName(id) ?? t("recognize.unnamed", {id});

/** The products with pictures that are not committed: id, name, and the numbers of the pictures. */
export function listPending() {
  const entries = new Map();
  for (const {id = "", name = "", image_id: image = ""} of state.pending ?? []) {
    if (!entries.has(id)) entries.set(id, {id, name, images: []});
    entries.get(id).images.push(image);
  }
  return [...entries.values()];
}

/** The products whose name or number contains the text. */
export function searchProducts(text) {
  const wanted = text.trim().toLowerCase();
  return products().filter(({id = "", name = ""}) => `${id} ${name}`.toLowerCase().includes(wanted));
}
