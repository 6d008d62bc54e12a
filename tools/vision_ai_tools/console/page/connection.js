// The WebSocket to the console. It receives the sections of the state as JSON, and pictures as bytes.

const RECONNECT_MS = 1000;
// The console sends something at least every three seconds.
const MAX_SILENCE_MS = 10000;
const SILENCE_CHECK_MS = 1000;
const MODULE_ADDRESS = "172.22.0.6";

/** The latest value of each section. `state.console`: the console is connected; `state.paused`: nothing is live. */
export const state = {};

const listeners = new Map();
let pictureListener = () => {};
let subscriptions = [];
let isPaused = false;
let socket = null;
let lastMessageTime = 0;

/** Calls the listener whenever one of the sections changes. */
export function onChange(sections, listener) {
  for (const section of sections) listeners.set(section, [...(listeners.get(section) ?? []), listener]);
}

/** Calls the listener with each picture. The next picture is requested when its promise has resolved. */
export function onPicture(listener) {
  pictureListener = listener;
}

/** Sets which sections the page shows. While the page is hidden, it receives none. */
export function subscribe(sections) {
  subscriptions = sections;
  sendSubscriptions();
}

/** The sections that are requested all the time; a paused page does without them. */
const LIVE = ["picture", "result"];

/** Stops or continues the live picture and recognition of this page. */
export function setPaused(paused) {
  isPaused = paused;
  sendSubscriptions();
  change({paused});
}

/** Whether the module has its address on USB, rather than being an emulator or behind another network. */
export const isOnUsb = () => new URL(state.link?.url ?? "none:").hostname === MODULE_ADDRESS;

/** Whether the console refuses every action that changes something. */
export const isReadOnly = () => state.options?.read_only === true;

/** Whether the module is connected to the console's computer, which then has backups, figures and the diagnosis. */
export const isLocal = () => state.options?.local !== false;

/** Whether the module speaks V2 of its API, which lacks some of what the page can do. */
export const isV2 = () => state.api === "v2";

function sendSubscriptions() {
  if (socket?.readyState === WebSocket.OPEN) {
    const wanted = isPaused ? subscriptions.filter((section) => !LIVE.includes(section)) : subscriptions;
    socket.send(JSON.stringify({subscribe: document.hidden ? [] : wanted}));
  }
}

function change(sections) {
  Object.assign(state, sections);
  const affected = new Set(Object.keys(sections).flatMap((section) => listeners.get(section) ?? []));
  for (const listener of affected) listener();
}

async function receive({data}) {
  lastMessageTime = Date.now();
  if (typeof data === "string") {
    change(JSON.parse(data));
    return;
  }
  const origin = socket;
  await pictureListener(new Blob([data], {type: "image/jpeg"}));
  if (origin?.readyState === WebSocket.OPEN) origin.send(JSON.stringify({displayed: true}));
}

export function connect() {
  const address = new URL("updates", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(address);
  socket = opened;
  lastMessageTime = Date.now();
  opened.binaryType = "arraybuffer";
  opened.addEventListener("open", () => {
    change({console: true});
    sendSubscriptions();
  });
  opened.addEventListener("message", receive);
  opened.addEventListener("close", () => reconnect(opened));
}

/** Connects again, once for each socket. */
function reconnect(closed) {
  if (closed !== socket) return;
  socket = null;
  change({console: false});
  setTimeout(connect, RECONNECT_MS);
}

// A connection can end without a word, and a browser waits long for the other side to agree to the end.
setInterval(() => {
  if (!socket || Date.now() - lastMessageTime < MAX_SILENCE_MS) return;
  const silent = socket;
  reconnect(silent);
  silent.close();
}, SILENCE_CHECK_MS);

document.addEventListener("visibilitychange", sendSubscriptions);
