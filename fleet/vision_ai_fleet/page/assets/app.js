// The page: the connection to the center, and what the header shows. Each view has a module of its own.

import "./alerts.js";
import "./backups.js";
import {connect, isOperator, onChange, state} from "./connection.js";
import "./dialogs.js";
import {byId, setText} from "./dom.js";
import "./jobs.js";
import "./job.js";
import {removeFailureNotices} from "./notices.js";
import "./overview.js";
import "./quality.js";
import {showView} from "./router.js";
import "./scale.js";
import "./scales.js";
import "./start_dialog.js";
import "./stores.js";
import {formatNumber, onLanguage, t} from "./texts.js";

function renderConnection() {
  const link = state.connected === undefined ? "connecting" : state.connected ? "connected" : "offline";
  byId("state").dataset.state = link;
  const {online, total} = state.scales ?? {};
  const counts = {online: formatNumber(online ?? 0), total: formatNumber(total ?? 0)};
  setText(byId("state-text"), link === "connected" && state.scales ? t("link.counts", counts) : t(`link.${link}`));
  byId("banner").hidden = link !== "offline";
}

function renderCounts() {
  const {rollouts, alerts} = state;
  const counts = {jobs: rollouts ? rollouts.running + rollouts.paused : 0, alerts: alerts?.total ?? 0};
  for (const [name, count] of Object.entries(counts)) {
    byId(`${name}-count`).hidden = count === 0;
    setText(byId(`${name}-count`), count > 999 ? "999+" : count);
  }
}

byId("role").hidden = isOperator;
for (const part of document.querySelectorAll("[data-operator]")) part.classList.toggle("denied", !isOperator);
onChange(["connected", "scales"], renderConnection);
onChange(["rollouts", "alerts"], renderCounts);
onLanguage(renderConnection);
addEventListener("hashchange", () => {
  removeFailureNotices();
  showView();
});
// Its address would be that of a view.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
// The token is in a cookie now; remove it from the address bar, where others can read it.
if (location.search) history.replaceState(null, "", location.pathname + location.hash);
showView();
connect();
