// The page: which view is shown, the state of the connection, and the live picture.

import {findLinkState, findObstacle} from "./availability.js";
import "./backups.js";
import {renderArea} from "./calibration.js";
import {
  connect,
  isLocal,
  isOnUsb,
  isReadOnly,
  isV2,
  onChange,
  onPicture,
  setPaused,
  state,
  subscribe,
} from "./connection.js";
import "./device.js";
import "./dialogs.js";
import {byId, setText} from "./dom.js";
import "./job.js";
import {removeFailureNotices} from "./notices.js";
import {readQuality} from "./quality.js";
import "./recognition.js";
import "./teach.js";
import {onLanguage, readErrorText, t} from "./texts.js";

/** The sections of the state that each view shows. */
const VIEWS = {
  recognize: ["picture", "result", "items", "learnmode", "calib"],
  area: ["picture", "calib"],
  teach: ["picture", "pending", "items", "calib"],
  quality: [],
  backup: ["device"],
  device: ["device", "learnmode"],
};
// The navigation shows the number of products that are not committed.
const ALL_VIEWS = ["pending"];

// Views of what only the console's own computer has.
const LOCAL_VIEWS = ["quality", "backup"];

function showView() {
  const name = location.hash.slice(1);
  const isShown = Object.hasOwn(VIEWS, name) && (isLocal() || !LOCAL_VIEWS.includes(name));
  const view = isShown ? name : "recognize";
  document.body.dataset.view = view;
  for (const part of document.querySelectorAll("[data-views]")) {
    part.hidden = !part.dataset.views.split(" ").includes(view);
  }
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("region").tabIndex = view === "area" ? 0 : -1;
  subscribe([...VIEWS[view], ...ALL_VIEWS]);
  renderArea();
  if (view === "quality") readQuality();
}

function renderConnection() {
  const link = findLinkState();
  const parts = [state.device?.sn, isV2() && "V2"].filter(Boolean);
  const serial = link === "connected" ? parts.map((part) => ` · ${part}`).join("") : "";
  byId("state").dataset.state = link;
  setText(byId("state-text"), t(`link.${link}`) + serial);
  const isGone = ["offline", "unreachable"].includes(link);
  byId("banner").hidden = !isGone;
  for (const note of document.querySelectorAll("[data-stale]")) note.hidden = !isGone;
  if (isGone) {
    const text = link === "offline" ? "offline.text" : `unreachable.text.${isOnUsb() ? "usb" : "other"}`;
    setText(byId("banner-title"), t(`${link}.title`));
    setText(byId("banner-text"), t(text, state.link));
  }
  renderVeil();
}

/** Shows the parts of the page that the module's version of the API has. */
function renderVersion() {
  for (const part of document.querySelectorAll("[data-api]")) part.hidden = (part.dataset.api === "v2") !== isV2();
  renderConnection();
}

/** Shows that the page is read-only, and hides what a module has only on the console's own computer. */
function renderOptions() {
  byId("read-only").hidden = !isReadOnly();
  byId("backup-upload").hidden = isReadOnly();
  for (const part of document.querySelectorAll("[data-local]")) part.hidden = !isLocal();
  showView();
}

let hasPicture = false;

/** Explains on top of the picture why it is not live. */
function renderVeil() {
  const obstacle = findObstacle();
  let text = "";
  if (!obstacle && state.paused) text = t("live.paused");
  else if (obstacle === "busy") text = t("picture.paused");
  else if (obstacle && obstacle !== "connecting") text = t(`link.${obstacle}`);
  else if (state.errors?.picture) text = readErrorText(state.errors.picture);
  else if (!hasPicture) text = t("picture.wait");
  byId("veil").hidden = !text;
  setText(byId("veil"), text);
}

onPicture(async (blob) => {
  const picture = byId("picture");
  const previous = picture.src;
  picture.src = URL.createObjectURL(blob);
  await picture.decode().catch(() => {});
  if (previous) URL.revokeObjectURL(previous);
  picture.hidden = false;
  hasPicture = true;
  renderVeil();
});

/** Says what the page costs the module, which may be serving a till. */
function renderLoad() {
  setText(byId("load"), state.load >= 1 ? t("load", {count: state.load}) : t("load.less"));
  setText(byId("pause"), t(state.paused ? "live.continue" : "live.pause"));
}

byId("pause").addEventListener("click", () => setPaused(!state.paused));

onChange(["load", "paused"], renderLoad);
onChange(["console", "link", "device", "job", "errors", "paused"], renderConnection);
onChange(["api"], renderVersion);
onChange(["options"], renderOptions);
onLanguage(() => {
  renderConnection();
  renderLoad();
});
addEventListener("hashchange", () => {
  removeFailureNotices();
  showView();
});
// The token is in a cookie now; remove it from the address bar, where others can read it.
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
renderVersion();
showView();
connect();
