// The picture of the pan, what can be put on it, the camera, and what the engine makes of it.

import * as api from "./api.js";
import { at, capital, h, keyed, say, svg } from "./dom.js";
import { attempt } from "./notices.js";

const drawn = new Set();
let pictureUrl = "";

/** Takes the drawings of the buttons into the page. A kind without one gets its first letter. */
export async function start(refresh) {
  try {
    const file = new DOMParser().parseFromString(await api.ownFile("produce.svg"), "image/svg+xml");
    const symbols = [...file.querySelectorAll("symbol")];
    for (const symbol of symbols) {
      drawn.add(symbol.id);
      symbol.id = `drawing-${symbol.id}`;
    }
    document.body.append(svg("svg", { width: 0, height: 0, class: "sr", "aria-hidden": "true" }, ...symbols));
  } catch {
    // The letters will do.
  }
  at("clear-pan").addEventListener("click", async (event) => {
    await attempt("Clearing the pan", () => api.remove("pan"), { button: event.currentTarget });
    refresh();
  });
  at("camera").addEventListener("click", async (event) => {
    const lost = event.currentTarget.getAttribute("aria-pressed") !== "true";
    await attempt(lost ? "Unplugging the camera" : "Plugging the camera in", () => api.put("camera", { lost }), {
      button: event.currentTarget,
    });
    refresh();
  });
  at("kinds").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { kind } = button.dataset;
    await attempt(`Putting ${kind} on the pan`, () => api.put("pan", { kind }), { button });
    refresh();
  });
}

function drawing(kind) {
  if (drawn.has(kind)) {
    return svg("svg", { "aria-hidden": "true", focusable: "false" }, svg("use", { href: `#drawing-${kind}` }));
  }
  return h("span", { class: "letter", "aria-hidden": "true" }, capital(kind).charAt(0));
}

export function show(status) {
  const { kind, kinds } = status.pan;
  keyed(
    at("kinds"),
    kinds,
    (name) => name,
    (name) => h("button", { type: "button", "data-kind": name }, drawing(name), h("span", {}, capital(name))),
    (button, name) => button.setAttribute("aria-pressed", String(name === kind)),
  );
  const camera = at("camera");
  camera.setAttribute("aria-pressed", String(status.camera_lost));
  say(camera, status.camera_lost ? "Plug the camera in" : "Unplug the camera");
  at("picture").alt = kind ? `The camera’s view: ${kind} on the pan` : "The camera’s view: an empty pan";
  if (!status.up) {
    veil(
      "The module is gone",
      status.clock.mode === "frozen"
        ? "It restarts, and its clock is frozen: step it, and the module comes back."
        : "It restarts and will be back by itself.",
      "busy",
    );
  } else if (status.camera_lost) {
    veil("The camera is unplugged", "Whatever needs a picture answers −6103.", "");
  } else {
    veil("", "", "");
  }
}

/** No emulator to ask. */
export function showNoContact() {
  veil("No contact with the emulator", "This page goes on as soon as it answers again.", "busy");
}

function veil(title, text, mood) {
  const box = at("veil");
  box.hidden = !title;
  box.dataset.mood = mood;
  say(at("veil-title"), title);
  say(at("veil-text"), text);
}

/** A new picture. It is decoded first, so that the old one stays until the new one is there. */
export async function showPicture(blob) {
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    return;
  }
  at("picture").src = url;
  at("picture").hidden = false;
  if (pictureUrl) URL.revokeObjectURL(pictureUrl);
  pictureUrl = url;
}

export function showArea({ left, top, width, height }) {
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) at("area").setAttribute(name, value);
  say(at("area-text"), `recognition area ${width} × ${height} at ${left}, ${top}`);
}

/** `answer` is that of `/guesses`, null while there is none to be had. */
export function showGuesses(answer, why) {
  const items = answer?.items ?? [];
  keyed(
    at("guess-list"),
    items,
    (item) => item.id,
    () =>
      h(
        "li",
        {},
        h("span", { class: "guess-name" }),
        h("code", { class: "guess-id" }),
        h("span", { class: "guess-score" }),
        h("span", { class: "bar", "aria-hidden": "true" }, h("span", {})),
      ),
    (row, { id, name, score }) => {
      const [nameCell, idCell, scoreCell, bar] = row.children;
      say(nameCell, name || "without a name");
      say(idCell, id);
      say(scoreCell, `${Math.round(score * 100)} %`);
      bar.firstElementChild.style.inlineSize = `${Math.max(0, Math.min(1, score)) * 100}%`;
    },
  );
  const none = at("guess-none");
  none.hidden = items.length > 0;
  if (why) say(none, why);
  else if (answer?.seen) say(none, "Something lies there, and it is like nothing that was taught.");
  else say(none, "Nothing lies in the recognition area.");
}
