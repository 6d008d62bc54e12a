// The picture of the pan, the kinds of produce, the camera and the USB cable, and the guesses.

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
  startSwitch("camera", "the camera", (plugged) => api.put("camera", { lost: !plugged }), refresh);
  startSwitch("plug", "the USB cable", (plugged) => api.put("plug", { plugged_in: plugged }), refresh);
  byId("kinds").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { kind } = button.dataset;
    await run(`Putting ${kind} on the pan`, () => api.put("pan", { kind }), { button });
    refresh();
  });
}

function startSwitch(id, name, send, refresh) {
  byId(id).addEventListener("click", async (event) => {
    const plugged = event.currentTarget.getAttribute("aria-checked") !== "true";
    await run(`${plugged ? "Plugging in" : "Unplugging"} ${name}`, () => send(plugged), { button: event.currentTarget });
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
  byId("camera").setAttribute("aria-checked", String(!status.camera_lost));
  byId("plug").setAttribute("aria-checked", String(status.plugged_in));
  byId("picture").alt = kind ? `The camera’s view: ${kind} on the pan` : "The camera’s view: an empty pan";
  if (!status.plugged_in) {
    showOverlay("The module is unplugged", "Plug in the USB cable, which powers it: the module then starts.", "");
  } else if (!status.up) {
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

/**
 * Shows that the emulator does not respond. If this page came from the module's port, which closes while the module is
 * unreachable, it is also at `controlUrl`, which is null if it is not known.
 */
export function showDisconnected(controlUrl) {
  const isElsewhere = controlUrl !== null && new URL(controlUrl).origin !== location.origin;
  showOverlay("The emulator does not respond", "This page continues when the emulator responds again.", "busy");
  showGuesses(null, "There is no connection.");
  const link = byId("overlay-link");
  link.hidden = !isElsewhere;
  if (!isElsewhere) return;
  link.href = controlUrl;
  setText(link, `While the module is unreachable: ${controlUrl}`);
}

function showOverlay(title, text, tone) {
  const box = byId("overlay");
  box.hidden = !title;
  box.dataset.tone = tone;
  byId("overlay-link").hidden = true;
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
