// What goes wrong on purpose: a form made from the kinds that the emulator knows, and the list of what is left.

import * as api from "./api.js";
import { at, capital, h, keyed, say, words } from "./dom.js";
import { attempt } from "./notices.js";

// These go with every kind and have fields of their own, or none.
const COMMON = new Set(["id", "kind", "operation", "times", "probability", "left", "taken"]);

let kinds = {};

const form = () => at("fault-form");

export function start(changed) {
  const { kind, forever, times } = form().elements;
  kind.addEventListener("change", drawParameters);
  forever.addEventListener("change", () => {
    times.disabled = forever.checked;
  });
  form().addEventListener("submit", async (event) => {
    event.preventDefault();
    const added = await attempt("Adding the fault", () => api.post("faults", wanted()), {
      button: form().querySelector("button.primary"),
      success: `The fault ${words(kind.value)} waits for its call.`,
    });
    if (added) changed();
  });
  at("faults-clear").addEventListener("click", async (event) => {
    await attempt("Removing the faults", () => api.remove("faults"), { button: event.currentTarget });
    changed();
  });
  at("faults-list").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    await attempt("Removing the fault", () => api.remove(`faults/${button.closest("li").dataset.key}`), { button });
    changed();
    at("fault-form").elements.kind.focus({ preventScroll: true });
  });
}

export function showKinds(answer) {
  kinds = answer.kinds;
  const { kind } = form().elements;
  const chosen = kind.value;
  kind.replaceChildren(...Object.keys(kinds).map((name) => h("option", { value: name }, capital(words(name)))));
  if (chosen in kinds) kind.value = chosen;
  drawParameters();
}

function drawParameters() {
  const { kind, operation } = form().elements;
  const { about = "", parameters = {}, operations = [] } = kinds[kind.value] ?? {};
  at("fault-about").replaceChildren(...withNames(about));
  const chosen = operation.value;
  operation.replaceChildren(
    h("option", { value: "" }, "every one"),
    ...operations.map((name) => h("option", { value: name }, name)),
  );
  operation.value = operations.includes(chosen) ? chosen : "";
  at("fault-parameters").replaceChildren(...Object.entries(parameters).map(([name, preset]) => field(name, preset)));
}

// The emulator writes names of parameters in backquotes.
function withNames(about) {
  return about.split("`").map((part, place) => (place % 2 ? h("code", {}, part) : part));
}

function field(name, preset) {
  const label = capital(words(name));
  if (typeof preset === "boolean") {
    return h("label", { class: "check" }, h("input", { type: "checkbox", "data-parameter": name, checked: preset }), ` ${label}`);
  }
  if (typeof preset === "number") {
    const input = h("input", { type: "number", step: "any", required: true, "data-parameter": name, value: preset });
    return h("label", {}, label, input);
  }
  const text = typeof preset === "string" ? preset : preset === null ? "" : JSON.stringify(preset);
  const form = typeof preset === "string" ? "text" : "json";
  const input = h("input", { type: "text", spellcheck: "false", "data-parameter": name, "data-form": form, value: text });
  if (preset === null) input.placeholder = "null";
  return h("label", {}, label, input);
}

function wanted() {
  const { kind, operation, times, forever, probability } = form().elements;
  const fault = {
    kind: kind.value,
    operation: operation.value || null,
    times: forever.checked ? null : times.valueAsNumber,
    probability: probability.valueAsNumber,
  };
  for (const input of at("fault-parameters").querySelectorAll("input")) fault[input.dataset.parameter] = typed(input);
  return fault;
}

function typed(input) {
  if (input.type === "checkbox") return input.checked;
  if (input.type === "number") return input.valueAsNumber;
  if (input.dataset.form === "text") return input.value;
  if (input.value.trim() === "") return null;
  try {
    return JSON.parse(input.value);
  } catch {
    return input.value; // a plain word; whether it fits, the emulator says
  }
}

export function show({ faults }) {
  keyed(
    at("faults-list"),
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
      say(about.firstElementChild, capital(words(fault.kind)));
      say(about.lastElementChild, `${fault.operation ?? "every operation"}${own(fault)}`);
      say(left, `${fault.left === null ? "until removed" : `${fault.left} left`} · ${fault.taken} taken`);
      button.setAttribute("aria-label", `Remove ${words(fault.kind)} on ${fault.operation ?? "every operation"}`);
    },
  );
  at("faults-none").hidden = faults.length > 0;
  at("faults-clear").disabled = faults.length === 0;
}

function own(fault) {
  const parts = Object.entries(fault)
    .filter(([name, value]) => !COMMON.has(name) && value !== null)
    .map(([name, value]) => `${words(name)} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  if (fault.probability !== 1) parts.push(`probability ${fault.probability}`);
  return parts.length ? ` · ${parts.join(", ")}` : "";
}

export function showCount(count) {
  const badge = at("faults-count");
  badge.hidden = count === 0;
  say(badge, count);
  badge.setAttribute("aria-label", `${count} active`);
}
