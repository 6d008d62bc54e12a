// Small helpers to build and change the page.

/** The element of that id. */
export const at = (id) => document.getElementById(id);

/** `h("button", {class: "quiet", onclick}, "Remove")` */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Sets the text where it differs, so that nothing is announced again for no reason. */
export function say(element, text) {
  const words = String(text);
  if (element.textContent !== words) element.textContent = words;
}

/** Sets an attribute where it differs. */
export function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Makes the children of `parent` one per item, in order, and keeps those that are there already, so that focus
 * stays where it is. `make(item)` builds one, `update(element, item)` changes it.
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
