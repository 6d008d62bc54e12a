// What the console tells all its tabs, over one WebSocket: sections as JSON, pictures as bytes.

const AGAIN_MS = 1000;

/** The latest value of each section. */
export const state = {};

const listeners = new Map();
let pictureListener = () => {};
let looksAt = [];
let socket = null;

/** Calls back whenever one of the sections changes. "console" is whether the console itself is there. */
export function on(sections, listener) {
  for (const section of sections) listeners.set(section, [...(listeners.get(section) ?? []), listener]);
}

/** Calls back with each picture; what comes back is awaited before the next is asked for. */
export function onPicture(listener) {
  pictureListener = listener;
}

/** What the page shows now; nothing while nobody sees it. */
export function lookAt(what) {
  looksAt = what;
  tell();
}

function tell() {
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify({looksAt: document.hidden ? [] : looksAt}));
  }
}

function change(sections) {
  Object.assign(state, sections);
  const called = new Set(Object.keys(sections).flatMap((section) => listeners.get(section) ?? []));
  for (const listener of called) listener();
}

async function hear({data}) {
  if (typeof data === "string") {
    change(JSON.parse(data));
    return;
  }
  const from = socket;
  await pictureListener(new Blob([data], {type: "image/jpeg"}));
  if (from.readyState === WebSocket.OPEN) from.send(JSON.stringify({shown: true}));
}

export function connect() {
  const address = new URL("tab", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => {
    change({console: true});
    tell();
  });
  socket.addEventListener("message", hear);
  socket.addEventListener("close", () => {
    change({console: false});
    setTimeout(connect, AGAIN_MS);
  });
}

document.addEventListener("visibilitychange", tell);
