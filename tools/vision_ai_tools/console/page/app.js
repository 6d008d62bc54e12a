// The page as a whole: which view is shown, whether the module is there, and the live picture.

import "./backups.js";
import {renderArea} from "./calibration.js";
import "./device.js";
import {at, say} from "./dom.js";
import "./job.js";
import {connect, lookAt, on, onPicture, state} from "./live.js";
import {forget} from "./notices.js";
import "./recognise.js";
import "./teach.js";
import {failureText, onLanguage, t} from "./texts.js";

/** What each view shows of the module. */
const VIEWS = {
  recognise: ["picture", "result", "items", "learnmode", "calib"],
  area: ["picture", "calib"],
  teach: ["picture", "pending", "items", "calib"],
  backup: ["device"],
  device: ["device", "learnmode"],
};
// The number of products that wait for a commit stands in the navigation.
const ALWAYS = ["pending"];

function showView() {
  const asked = location.hash.slice(1);
  const view = asked in VIEWS ? asked : "recognise";
  document.body.dataset.view = view;
  for (const part of document.querySelectorAll("[data-views]")) {
    part.hidden = !part.dataset.views.split(" ").includes(view);
  }
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  at("region").tabIndex = view === "area" ? 0 : -1;
  lookAt([...VIEWS[view], ...ALWAYS]);
  renderArea();
}

function renderLink() {
  const link = state.console === false ? "offline" : (state.link?.state ?? "connecting");
  at("state").dataset.state = link;
  say(at("state-text"), link === "here" && state.device ? `${t("link.here")} · ${state.device.sn}` : t(`link.${link}`));
  const restarting = state.job?.state === "running";
  const gone = link === "offline" || (link === "gone" && !restarting);
  at("banner").hidden = !gone;
  if (gone) {
    say(at("banner-title"), t(`${link}.title`));
    say(at("banner-text"), t(`${link}.text`, state.link));
  }
  document.body.dataset.link = link;
  renderVeil();
}

let shown = false;

function renderVeil() {
  const trouble = state.troubles?.picture;
  const away = state.console === false || state.link?.state === "gone";
  const busy = state.job?.state === "running";
  let text = "";
  if (busy) text = t("picture.paused");
  else if (away) text = t("link.gone");
  else if (trouble) text = failureText(trouble);
  else if (!shown) text = t("picture.wait");
  at("veil").hidden = !text;
  say(at("veil"), text);
}

onPicture(async (blob) => {
  const picture = at("picture");
  const before = picture.src;
  picture.src = URL.createObjectURL(blob);
  await picture.decode().catch(() => {});
  if (before) URL.revokeObjectURL(before);
  picture.hidden = false;
  shown = true;
  renderVeil();
});

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}

on(["console", "link", "device", "job", "troubles"], renderLink);
onLanguage(renderLink);
addEventListener("hashchange", () => {
  forget();
  showView();
});
// The token is in a cookie now, and need not stand where people look over one's shoulder.
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
showView();
connect();
