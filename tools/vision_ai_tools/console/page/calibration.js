// The calibration area as a frame over the picture: dragged, typed or moved with the keyboard, and saved.

import {runAction} from "./actions.js";
import {setDisabled} from "./availability.js";
import {HEIGHT, SIDES, WIDTH, findRange, findWrongSides, isEqual, isValid, move, resize} from "./area_geometry.js";
import {onChange, state} from "./connection.js";
import {byId, setText} from "./dom.js";
import {showNotice} from "./notices.js";
import {onLanguage, t} from "./texts.js";

const DEFAULT_AREA = {left: 320, top: 60, width: 640, height: 600};
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

let draft = null;
// The last draft that the module accepts; the frame shows it while a number is being typed.
let validDraft = null;
// The side that was typed last: of two that do not go together, that one is wrong.
let typed = null;
let drag = null;

const region = byId("region");
const form = byId("area-form");
const input = (side) => form.elements[side];
const formatArea = (area) => t("area.value", Object.fromEntries(SIDES.map((side) => [side, area[side] ?? "–"])));

/** Whether the draft differs from the module's area. */
const isChanged = () => Boolean(draft) && !isEqual(draft, state.calib);

function setDraft(area, typedSide = null) {
  draft = area;
  typed = typedSide ?? typed;
  if (isValid(area)) validDraft = area;
  for (const side of SIDES) {
    if (side !== typedSide) input(side).value = Number.isInteger(area[side]) ? area[side] : "";
  }
  render();
}

/** The module's area, or a default where the module has no valid one. */
const initialArea = () => (isValid(state.calib ?? {}) ? {...state.calib} : DEFAULT_AREA);

/** Marks the fields with a wrong number, and says which numbers are accepted. */
function renderProblem(wrongSides) {
  const marked = wrongSides.includes(typed) ? [typed] : wrongSides;
  for (const side of SIDES) input(side).setAttribute("aria-invalid", String(marked.includes(side)));
  byId("area-wrong").hidden = marked.length === 0;
  const lines = marked.map((side) => t("area.wrong", {side: t(`area.${side}`), ...findRange(draft, side)}));
  setText(byId("area-wrong"), lines.join(" "));
}

function render() {
  const area = document.body.dataset.view === "area" ? validDraft : state.calib;
  region.hidden = !area || !isValid(area);
  if (!region.hidden) {
    region.style.left = `${(area.left / WIDTH) * 100}%`;
    region.style.top = `${(area.top / HEIGHT) * 100}%`;
    region.style.width = `${(area.width / WIDTH) * 100}%`;
    region.style.height = `${(area.height / HEIGHT) * 100}%`;
  }
  const wrongSides = draft ? findWrongSides(draft) : [];
  const isWrong = wrongSides.length > 0;
  renderProblem(wrongSides);
  setDisabled(byId("area-save"), !isChanged() || isWrong);
  byId("area-revert").disabled = !isChanged();
  setText(byId("area-badge"), draft ? t(isChanged() ? "area.unsaved" : "area.same") : "");
  byId("area-badge").dataset.state = isChanged() ? "open" : "good";
  setText(byId("area-module"), state.calib ? formatArea(state.calib) : "–");
  if (draft && !drag) setText(byId("area-value"), isWrong ? "" : formatArea(draft));
}

// When another program sets the module's area, show it unless the user is editing the draft.
let lastArea = null;
onChange(["calib"], () => {
  if (!draft || isEqual(draft, lastArea)) setDraft(initialArea());
  lastArea = initialArea();
  render();
});

region.addEventListener("pointerdown", (event) => {
  if (document.body.dataset.view !== "area" || drag || event.button !== 0) return;
  const edges = event.target.dataset.edges ?? "";
  drag = {pointer: event.pointerId, x: event.clientX, y: event.clientY, area: validDraft, edges};
  region.setPointerCapture(event.pointerId);
  region.focus({preventScroll: true});
  event.preventDefault();
});

region.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.pointer) return;
  const scale = WIDTH / byId("frame").clientWidth;
  const dx = Math.round((event.clientX - drag.x) * scale);
  const dy = Math.round((event.clientY - drag.y) * scale);
  setDraft(drag.edges ? resize(drag.area, drag.edges, dx, dy) : move(drag.area, dx, dy));
});

for (const type of ["pointerup", "pointercancel"]) {
  region.addEventListener(type, (event) => {
    if (event.pointerId !== drag?.pointer) return;
    if (type === "pointercancel") draft = drag.area;
    drag = null;
    setDraft(draft);
  });
}

region.addEventListener("keydown", (event) => {
  if (document.body.dataset.view !== "area" || drag || !draft) return;
  if (event.key === "Escape") setDraft(initialArea());
  const arrow = ARROWS[event.key];
  if (!arrow) return;
  event.preventDefault(); // otherwise Alt with an arrow key leaves the page
  const [dx, dy] = arrow.map((step) => step * (event.shiftKey ? 10 : 1));
  setDraft(event.altKey || event.ctrlKey ? resize(validDraft, "se", dx, dy, 1) : move(validDraft, dx, dy));
});

form.addEventListener("input", (event) => {
  const values = SIDES.map((side) => [side, input(side).value === "" ? NaN : Number(input(side).value)]);
  setDraft(Object.fromEntries(values), event.target.name);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (byId("area-save").disabled) return;
  const area = draft;
  const outcome = await runAction("save_area", area, byId("area-save"));
  if (!outcome) return;
  const isStored = isEqual(outcome.done, area);
  const text = t(isStored ? "area.saved" : "area.differs", {area: formatArea(outcome.done)});
  showNotice(isStored ? "good" : "bad", text);
});

byId("area-revert").addEventListener("click", () => setDraft(initialArea()));

onLanguage(render);
export {render as renderArea};
