// The switches of what the vendor's document leaves open.

import * as api from "./api.js";
import { at, capital, h, keyed, say, words } from "./dom.js";
import { attempt } from "./notices.js";

let switches = {};

export function start(refresh) {
  at("switches").addEventListener("change", async (event) => {
    const { name } = event.target;
    const value = JSON.parse(event.target.value);
    await attempt(`Switching ${words(name)}`, () => api.put("dialect", { [name]: value }));
    refresh();
  });
  at("dialect-reset").addEventListener("click", async (event) => {
    await attempt("Going back to lenient", () => api.remove("dialect"), { button: event.currentTarget });
    refresh();
  });
}

export function showSwitches(answer) {
  switches = answer.switches;
}

// Values are carried as JSON, so that true, 1 and "1" stay what they are.
function options({ values }) {
  return values.map((value) => h("option", { value: JSON.stringify(value) }, label(value)));
}

function label(value) {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value === null) return "none";
  return value === "" ? "(empty)" : typeof value === "string" ? words(value) : JSON.stringify(value);
}

export function show(dialect) {
  const known = Object.entries(dialect).filter(([name]) => name in switches);
  keyed(
    at("switches"),
    known,
    ([name]) => name,
    ([name]) =>
      h(
        "div",
        { class: "switch" },
        h("label", { for: `switch-${name}` }, capital(words(name))),
        h("select", { id: `switch-${name}`, name, "aria-describedby": `about-${name}` }, ...options(switches[name])),
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
  const badge = at("dialect-count");
  badge.hidden = changed.length === 0;
  say(badge, changed.length);
  badge.setAttribute("aria-label", `${changed.length} changed`);
  at("dialect-reset").disabled = changed.length === 0;
}
