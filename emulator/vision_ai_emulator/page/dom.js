// Small functions that create and change elements.

const SVG = "http://www.w3.org/2000/svg";

/** Returns the element with an id. */
export const byId = (id) => document.getElementById(id);

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

/** Creates an element: `h("button", {class: "quiet", onclick}, "Remove")`. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Creates an SVG element in the same way. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

/** Sets a text only if it differs, to keep selections and to avoid announcements. */
export function setText(element, value) {
  const text = String(value);
  if (element.textContent !== text) element.textContent = text;
}

/** Sets the value of a field, unless the user is editing it. */
export function setFieldValue(field, value) {
  if (document.activeElement === field || field.dataset.edited) return;
  const text = String(value ?? "");
  if (field.value !== text) field.value = text;
}

/** Protects fields that the user edits from `setFieldValue` until `releaseEdits`. */
export function protectEdits(form) {
  form.addEventListener("input", (event) => {
    event.target.dataset.edited = "yes";
  });
}

export function releaseEdits(form) {
  for (const field of form.elements) delete field.dataset.edited;
}

/**
 * Updates the children of `parent` to one per item, in order. Existing elements stay, and with them focus,
 * selection and open details. `create(item)` returns an element, `update(element, item)` changes it.
 */
export function updateChildren(parent, items, getKey, create, update = () => {}) {
  const existing = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let previous = null;
  for (const item of items) {
    const key = String(getKey(item));
    let element = existing.get(key);
    existing.delete(key);
    if (!element) {
      element = create(item);
      element.dataset.key = key;
    }
    const next = previous ? previous.nextElementSibling : parent.firstElementChild;
    if (next !== element) parent.insertBefore(element, next);
    update(element, item);
    previous = element;
  }
  for (const element of existing.values()) element.remove();
}

/** `"get_result"` → `"get result"`, for labels and screen readers. */
export const toWords = (name) => name.replaceAll("_", " ");

/** `"apple"` → `"Apple"` */
export const capitalize = (text) => text.charAt(0).toUpperCase() + text.slice(1);
