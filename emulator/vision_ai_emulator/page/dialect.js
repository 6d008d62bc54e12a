// The switches for the ambiguities of the vendor's document.

import * as api from "./api.js";
import { byId, capitalize, h, setText, toWords, updateChildren } from "./dom.js";
import { run } from "./notices.js";

let switches = {};

export function start(refresh) {
  byId("switches").addEventListener("change", async (event) => {
    const { name } = event.target;
    const value = JSON.parse(event.target.value);
    await run(`Changing ${toWords(name)}`, () => api.put("dialect", { [name]: value }));
    refresh();
  });
  byId("dialect-reset").addEventListener("click", async (event) => {
    await run("Resetting the dialect", () => api.remove("dialect"), { button: event.currentTarget });
    refresh();
  });
}

export function showSwitches(content) {
  switches = content.switches;
}

// Options contain JSON, which preserves the types of the values.
function createOptions({ values }) {
  return values.map((value) => h("option", { value: JSON.stringify(value) }, format(value)));
}

function format(value) {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value === null) return "none";
  return value === "" ? "(empty)" : typeof value === "string" ? toWords(value) : JSON.stringify(value);
}

export function show(dialect) {
  const known = Object.entries(dialect).filter(([name]) => name in switches);
  updateChildren(
    byId("switches"),
    known,
    ([name]) => name,
    ([name]) =>
      h(
        "div",
        { class: "dialect-switch" },
        h("label", { for: `switch-${name}` }, capitalize(toWords(name))),
        h("select", { id: `switch-${name}`, name, "aria-describedby": `about-${name}` }, ...createOptions(switches[name])),
        h("p", { class: "note", id: `about-${name}` }, switches[name].about),
      ),
    (row, [name, value]) => {
      const select = row.querySelector("select");
      const text = JSON.stringify(value);
      if (select.value !== text && document.activeElement !== select) select.value = text;
      row.dataset.changed = String(text !== JSON.stringify(switches[name].default));
    },
  );
  const changed = known.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(switches[name].default));
  const badge = byId("dialect-count");
  badge.hidden = changed.length === 0;
  setText(badge, changed.length);
  badge.setAttribute("aria-label", `${changed.length} changed`);
  byId("dialect-reset").disabled = changed.length === 0;
}
