// The frame over the picture: dragged, typed or moved by keys; saved, and shown as the module has it.

import {HEIGHT, SIDES, WIDTH, moved, possible, resized, same} from "./area.js";
import {at, say} from "./dom.js";
import {on, state} from "./live.js";
import {notice} from "./notices.js";
import {order} from "./orders.js";
import {onLanguage, t} from "./texts.js";

const FIRST = {left: 320, top: 60, width: 640, height: 600};
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

let draft = null;
let drag = null;

const region = at("region");
const form = at("area-form");
const input = (side) => form.elements[side];
const words = (area) => t("area.value", area);

/** What people have framed, as far as it differs from what the module has. */
const changed = () => Boolean(draft) && !same(draft, state.calib);

function show(area, typing = null) {
  draft = area;
  for (const side of SIDES) if (side !== typing) input(side).value = Number.isInteger(area[side]) ? area[side] : "";
  render();
}

/** As the module has it; where it has none that is possible, something to begin with. */
const start = () => (possible(state.calib ?? {}) ? {...state.calib} : FIRST);

function render() {
  const area = document.body.dataset.view === "area" ? draft : state.calib;
  region.hidden = !area || !possible(area);
  if (!region.hidden) {
    region.style.left = `${(area.left / WIDTH) * 100}%`;
    region.style.top = `${(area.top / HEIGHT) * 100}%`;
    region.style.width = `${(area.width / WIDTH) * 100}%`;
    region.style.height = `${(area.height / HEIGHT) * 100}%`;
  }
  const wrong = Boolean(draft) && !possible(draft);
  at("area-wrong").hidden = !wrong;
  at("area-save").disabled = !changed() || wrong;
  at("area-revert").disabled = !changed();
  say(at("area-badge"), draft ? t(changed() ? "area.unsaved" : "area.same") : "");
  at("area-badge").dataset.state = changed() ? "open" : "good";
  say(at("area-module"), state.calib ? words(state.calib) : "–");
  if (draft && !drag) say(at("area-value"), wrong ? "" : words(draft));
}

// The module has another area: shown, unless somebody is framing one.
let known = null;
on(["calib"], () => {
  if (!draft || same(draft, known)) show(start());
  known = start();
  render();
});

region.addEventListener("pointerdown", (event) => {
  if (document.body.dataset.view !== "area" || drag || event.button !== 0) return;
  const edges = event.target.dataset.edges ?? "";
  drag = {pointer: event.pointerId, x: event.clientX, y: event.clientY, area: draft, edges};
  region.setPointerCapture(event.pointerId);
  region.focus({preventScroll: true});
  event.preventDefault();
});

region.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.pointer) return;
  const scale = WIDTH / at("frame").clientWidth;
  const dx = Math.round((event.clientX - drag.x) * scale);
  const dy = Math.round((event.clientY - drag.y) * scale);
  show(drag.edges ? resized(drag.area, drag.edges, dx, dy) : moved(drag.area, dx, dy));
});

for (const end of ["pointerup", "pointercancel"]) {
  region.addEventListener(end, (event) => {
    if (event.pointerId !== drag?.pointer) return;
    if (end === "pointercancel") draft = drag.area;
    drag = null;
    show(draft);
  });
}

region.addEventListener("keydown", (event) => {
  if (document.body.dataset.view !== "area" || drag || !draft) return;
  if (event.key === "Escape") show(start());
  const arrow = ARROWS[event.key];
  if (!arrow) return;
  event.preventDefault(); // Alt with an arrow would leave the page
  const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? 10 : 1));
  show(event.altKey || event.ctrlKey ? resized(draft, "se", dx, dy, 1) : moved(draft, dx, dy));
});

form.addEventListener("input", (event) => {
  const typed = SIDES.map((side) => [side, input(side).value === "" ? NaN : Number(input(side).value)]);
  show(Object.fromEntries(typed), event.target.name);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (at("area-save").disabled) return;
  const wanted = draft;
  const answer = await order("save_area", wanted, at("area-save"));
  if (!answer) return;
  const kept = same(answer.done, wanted);
  notice(kept ? "good" : "bad", t(kept ? "area.saved" : "area.differs", {area: words(answer.done)}));
});

at("area-revert").addEventListener("click", () => show(start()));

onLanguage(render);
export {render as renderArea};
