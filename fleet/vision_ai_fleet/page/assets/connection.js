// The WebSocket to the center's page. It receives the sections of the state that changed, as JSON.

const RECONNECT_MS = 1000;
// The center sends something at least every three seconds.
const MAX_SILENCE_MS = 10000;
const SILENCE_CHECK_MS = 1000;

/** The latest value of each section. `state.connected`: the center sends them. */
export const state = {};

/** Whether whoever opened the page may act. */
export const isOperator = document.documentElement.dataset.role === "operator";

/** Texts of the console ask it; no module of a fleet is on the USB port of the center. */
export const isOnUsb = () => false;

const listeners = new Map();
let socket = null;
let lastMessageTime = 0;

/** Calls the listener whenever one of the sections changes. */
export function onChange(sections, listener) {
  for (const section of sections) listeners.set(section, [...(listeners.get(section) ?? []), listener]);
}

function change(sections) {
  Object.assign(state, sections);
  const affected = new Set(Object.keys(sections).flatMap((section) => listeners.get(section) ?? []));
  for (const listener of affected) listener();
}

export function connect() {
  const address = new URL("updates", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(address);
  socket = opened;
  lastMessageTime = Date.now();
  opened.addEventListener("message", ({data}) => {
    lastMessageTime = Date.now();
    const sections = JSON.parse(data);
    change(state.connected ? sections : {...sections, connected: true});
  });
  opened.addEventListener("close", () => reconnect(opened));
}

/** Connects again, once for each socket. */
function reconnect(closed) {
  if (closed !== socket) return;
  socket = null;
  change({connected: false});
  setTimeout(connect, RECONNECT_MS);
}

// A connection can end without a word, and a browser waits long for the other side to agree to the end.
setInterval(() => {
  if (!socket || Date.now() - lastMessageTime < MAX_SILENCE_MS) return;
  const silent = socket;
  reconnect(silent);
  silent.close();
}, SILENCE_CHECK_MS);
