// The view Jobs: all rollouts, those that run first.

import {onChange} from "./connection.js";
import {byId, updateChildren} from "./dom.js";
import {createReader, PART, renderPager} from "./lists.js";
import {readData} from "./requests.js";
import {createRollout, updateRollout} from "./rollout_row.js";
import {go, makeHash, onRoute, route} from "./router.js";
import {onLanguage} from "./texts.js";

let list = null;

const readOffset = () => Number(route.parameters.get("offset")) || 0;

const reader = createReader("jobs", async () => {
  const {done} = await readData("rollouts", {offset: readOffset(), size: PART});
  if (route.view !== "jobs" || !done) return;
  list = done;
  render();
});

function render() {
  if (route.view !== "jobs" || !list) return;
  byId("jobs-none").hidden = list.total > 0;
  updateChildren(byId("job-rows"), list.rows, ({id}) => id, createRollout, updateRollout);
  renderPager(byId("jobs-pager"), list, (offset) => go(makeHash("jobs", {offset})));
}

onRoute(() => route.view === "jobs" && reader.run());
onChange(["revisions"], () => route.view === "jobs" && reader.refresh());
onLanguage(render);
