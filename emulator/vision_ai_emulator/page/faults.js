// Faults: a form that is generated from the kinds of faults, and the list of pending faults.

import * as api from "./api.js";
import { byId, capitalize, h, setText, toWords, updateChildren } from "./dom.js";
import { run } from "./notices.js";

// The fields of every kind, which have their own inputs or none.
const COMMON = new Set(["id", "kind", "operation", "times", "probability", "left", "taken"]);

let kinds = {};

const getForm = () => byId("fault-form");

export function start(refresh) {
  const { kind, forever, times } = getForm().elements;
  kind.addEventListener("change", showParameters);
  forever.addEventListener("change", () => {
    times.disabled = forever.checked;
  });
  getForm().addEventListener("submit", async (event) => {
    event.preventDefault();
    const added = await run("Adding the fault", () => api.post("faults", readFault()), {
      button: getForm().querySelector("button.primary"),
      success: `The fault ${toWords(kind.value)} is added.`,
    });
    if (added) refresh();
  });
  byId("faults-clear").addEventListener("click", async (event) => {
    await run("Removing the faults", () => api.remove("faults"), { button: event.currentTarget });
    refresh();
  });
  byId("faults-list").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    await run("Removing the fault", () => api.remove(`faults/${button.closest("li").dataset.key}`), { button });
    refresh();
    byId("fault-form").elements.kind.focus({ preventScroll: true });
  });
}

export function showKinds(content) {
  kinds = content.kinds;
  const { kind } = getForm().elements;
  const selected = kind.value;
  kind.replaceChildren(...Object.keys(kinds).map((name) => h("option", { value: name }, capitalize(toWords(name)))));
  if (selected in kinds) kind.value = selected;
  showParameters();
}

function showParameters() {
  const { kind, operation } = getForm().elements;
  const { about = "", parameters = {}, operations = [] } = kinds[kind.value] ?? {};
  byId("fault-about").replaceChildren(...formatDescription(about));
  const selected = operation.value;
  operation.replaceChildren(
    h("option", { value: "" }, "all"),
    ...operations.map((name) => h("option", { value: name }, name)),
  );
  operation.value = operations.includes(selected) ? selected : "";
  byId("fault-parameters").replaceChildren(...Object.entries(parameters).map(([name, preset]) => createField(name, preset)));
}

// The descriptions contain names of parameters in backquotes.
function formatDescription(about) {
  return about.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

function createField(name, preset) {
  const label = capitalize(toWords(name));
  if (typeof preset === "boolean") {
    return h("label", { class: "check" }, h("input", { type: "checkbox", "data-parameter": name, checked: preset }), ` ${label}`);
  }
  if (typeof preset === "number") {
    const input = h("input", { type: "number", step: "any", required: true, "data-parameter": name, value: preset });
    return h("label", {}, label, input);
  }
  const text = typeof preset === "string" ? preset : preset === null ? "" : JSON.stringify(preset);
  const format = typeof preset === "string" ? "text" : "json";
  const input = h("input", { type: "text", spellcheck: "false", "data-parameter": name, "data-format": format, value: text });
  if (preset === null) input.placeholder = "null";
  return h("label", {}, label, input);
}

function readFault() {
  const { kind, operation, times, forever, probability } = getForm().elements;
  const fault = {
    kind: kind.value,
    operation: operation.value || null,
    times: forever.checked ? null : times.valueAsNumber,
    probability: probability.valueAsNumber,
  };
  for (const input of byId("fault-parameters").querySelectorAll("input")) fault[input.dataset.parameter] = readInput(input);
  return fault;
}

function readInput(input) {
  if (input.type === "checkbox") return input.checked;
  if (input.type === "number") return input.valueAsNumber;
  if (input.dataset.format === "text") return input.value;
  if (input.value.trim() === "") return null;
  try {
    return JSON.parse(input.value);
  } catch {
    return input.value; // a string; the emulator checks it
  }
}

export function show({ faults }) {
  updateChildren(
    byId("faults-list"),
    faults,
    (fault) => fault.id,
    () =>
      h(
        "li",
        {},
        h("div", {}, h("strong", {}), h("span", { class: "faint" })),
        h("span", { class: "left" }),
        h("button", { type: "button", class: "quiet" }, "Remove"),
      ),
    (row, fault) => {
      const [about, left, button] = row.children;
      setText(about.firstElementChild, capitalize(toWords(fault.kind)));
      setText(about.lastElementChild, `${fault.operation ?? "all operations"}${formatParameters(fault)}`);
      setText(left, `${fault.left === null ? "until removed" : `${fault.left} left`} · ${fault.taken} affected`);
      button.setAttribute("aria-label", `Remove ${toWords(fault.kind)} on ${fault.operation ?? "all operations"}`);
    },
  );
  byId("faults-none").hidden = faults.length > 0;
  byId("faults-clear").disabled = faults.length === 0;
}

function formatParameters(fault) {
  const parts = Object.entries(fault)
    .filter(([name, value]) => !COMMON.has(name) && value !== null)
    .map(([name, value]) => `${toWords(name)} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  if (fault.probability !== 1) parts.push(`probability ${fault.probability}`);
  return parts.length ? ` · ${parts.join(", ")}` : "";
}

export function showCount(count) {
  const badge = byId("faults-count");
  badge.hidden = count === 0;
  setText(badge, count);
  badge.setAttribute("aria-label", `${count} active`);
}
