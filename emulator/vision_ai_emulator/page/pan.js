// The picture of the pan, the kinds of produce, the camera, and the guesses.

import * as api from "./api.js";
import { byId, capitalize, h, setText, svg, updateChildren } from "./dom.js";
import { run } from "./notices.js";

const icons = new Set();
let pictureUrl = "";

/** Loads the icons of the buttons. A kind without an icon shows its first letter. */
export async function start(refresh) {
  try {
    const file = new DOMParser().parseFromString(await api.getFile("produce.svg"), "image/svg+xml");
    const symbols = [...file.querySelectorAll("symbol")];
    for (const symbol of symbols) {
      icons.add(symbol.id);
      symbol.id = `icon-${symbol.id}`;
    }
    document.body.append(svg("svg", { width: 0, height: 0, class: "sr", "aria-hidden": "true" }, ...symbols));
  } catch {
    // The letters are enough.
  }
  byId("clear-pan").addEventListener("click", async (event) => {
    await run("Clearing the pan", () => api.remove("pan"), { button: event.currentTarget });
    refresh();
  });
  byId("camera").addEventListener("click", async (event) => {
    const lost = event.currentTarget.getAttribute("aria-pressed") !== "true";
    await run(lost ? "Unplugging the camera" : "Plugging in the camera", () => api.put("camera", { lost }), {
      button: event.currentTarget,
    });
    refresh();
  });
  byId("kinds").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { kind } = button.dataset;
    await run(`Putting ${kind} on the pan`, () => api.put("pan", { kind }), { button });
    refresh();
  });
}

function createIcon(kind) {
  if (icons.has(kind)) {
    return svg("svg", { "aria-hidden": "true", focusable: "false" }, svg("use", { href: `#icon-${kind}` }));
  }
  return h("span", { class: "letter", "aria-hidden": "true" }, capitalize(kind).charAt(0));
}

export function show(status) {
  const { kind, kinds } = status.pan;
  updateChildren(
    byId("kinds"),
    kinds,
    (name) => name,
    (name) => h("button", { type: "button", "data-kind": name }, createIcon(name), h("span", {}, capitalize(name))),
    (button, name) => button.setAttribute("aria-pressed", String(name === kind)),
  );
  const camera = byId("camera");
  camera.setAttribute("aria-pressed", String(status.camera_lost));
  setText(camera, status.camera_lost ? "Plug in the camera" : "Unplug the camera");
  byId("picture").alt = kind ? `The camera’s view: ${kind} on the pan` : "The camera’s view: an empty pan";
  if (!status.up) {
    showOverlay(
      "The module is restarting",
      status.clock.mode === "frozen"
        ? "Its clock is frozen: step the clock to finish the restart."
        : "It will be reachable in a moment.",
      "busy",
    );
  } else if (status.camera_lost) {
    showOverlay("The camera is unplugged", "Operations that need a picture return −6103.", "");
  } else {
    showOverlay("", "", "");
  }
}

/** Shows that the emulator does not respond. */
export function showDisconnected() {
  showOverlay("The emulator does not respond", "This page continues when the emulator responds again.", "busy");
}

function showOverlay(title, text, tone) {
  const box = byId("overlay");
  box.hidden = !title;
  box.dataset.tone = tone;
  setText(byId("overlay-title"), title);
  setText(byId("overlay-text"), text);
}

/** Shows a new picture. It is decoded first, so that the old one stays visible until then. */
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
  byId("picture").src = url;
  byId("picture").hidden = false;
  if (pictureUrl) URL.revokeObjectURL(pictureUrl);
  pictureUrl = url;
}

export function showArea({ left, top, width, height }) {
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) byId("area").setAttribute(name, value);
  setText(byId("area-text"), `recognition area ${width} × ${height} at ${left}, ${top}`);
}

/** Shows the content of `/guesses`, or the reason why there is none. */
export function showGuesses(content, reason) {
  const items = content?.items ?? [];
  updateChildren(
    byId("guess-list"),
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
      setText(nameCell, name || "no name");
      setText(idCell, id);
      setText(scoreCell, `${Math.round(score * 100)} %`);
      bar.firstElementChild.style.inlineSize = `${Math.max(0, Math.min(1, score)) * 100}%`;
    },
  );
  const none = byId("guess-none");
  none.hidden = items.length > 0;
  if (reason) setText(none, reason);
  else if (content?.seen) setText(none, "The device does not know this item.");
  else setText(none, "The recognition area is empty.");
}
