// The products that the module knows, by number.

import {state} from "./live.js";
import {t} from "./texts.js";

export const products = () => state.items ?? [];

/** The product's name; undefined while it is not known. */
export const nameOf = (id) => products().find((item) => item.id === id)?.name;

/** What to call a product on the page. */
export const calledOf = (id) => nameOf(id) ?? t("recognise.unnamed", {id});

/** Those whose name or number has what was typed. */
export function found(typed) {
  const wanted = typed.trim().toLowerCase();
  return products().filter(({id, name}) => `${id} ${name}`.toLowerCase().includes(wanted));
}
