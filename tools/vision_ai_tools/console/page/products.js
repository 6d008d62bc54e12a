// The products in the module.

import {state} from "./connection.js";
import {t} from "./texts.js";

export const products = () => state.items ?? [];

/** The product's name; undefined if the module does not list it. */
export const findName = (id) => products().find((item) => item.id === id)?.name;

/** The name to show for a product. */
export const displayName = (id) => findName(id) ?? t("recognize.unnamed", {id});

/** The products whose name or number contains the text. */
export function searchProducts(text) {
  const wanted = text.trim().toLowerCase();
  return products().filter(({id = "", name = ""}) => `${id} ${name}`.toLowerCase().includes(wanted));
}
