// Small helpers to build and change the page.

const SVG = "http://www.w3.org/2000/svg";

/** The element of that id. */
export const at = (id) => document.getElementById(id);

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** `h("button", {class: "quiet", onclick}, "Remove")` */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for a drawing. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Sets the text where it differs, so that nothing is selected away or announced for no reason. */
export function say(element, text) {
  const words = String(text);
  if (element.textContent !== words) element.textContent = words;
}

/** Puts a value into a field, unless somebody is editing it. */
export function offer(field, value) {
  if (document.activeElement === field || field.dataset.edited) return;
  const text = String(value ?? "");
  if (field.value !== text) field.value = text;
}

/** Marks the fields that were edited by hand, which `offer` then leaves alone until `settled`. */
export function keepEdits(form) {
  form.addEventListener("input", (event) => {
    event.target.dataset.edited = "yes";
  });
}

export function settled(form) {
  for (const field of form.elements) delete field.dataset.edited;
}

/**
 * Makes the children of `parent` one per item, in order, and keeps those that are there already:
 * focus, selection and open details survive. `make(item)` builds one, `update(element, item)` changes it.
 */
export function keyed(parent, items, key, make, update = () => {}) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let previous = null;
  for (const item of items) {
    const name = String(key(item));
    let element = present.get(name);
    present.delete(name);
    if (!element) {
      element = make(item);
      element.dataset.key = name;
    }
    const place = previous ? previous.nextElementSibling : parent.firstElementChild;
    if (place !== element) parent.insertBefore(element, place);
    update(element, item);
    previous = element;
  }
  for (const gone of present.values()) gone.remove();
}

/** `"get_result"` → `"get result"`, for reading aloud and for labels. */
export const words = (name) => name.replaceAll("_", " ");

/** `"apple"` → `"Apple"` */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
