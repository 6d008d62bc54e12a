// The list of stores, those with the most failing scales first.

import {onChange} from "./connection.js";
import {byId, setAttribute, setText, updateChildren} from "./dom.js";
import {createReader, PART, renderPager} from "./lists.js";
import {createStore, updateStore} from "./overview.js";
import {readData} from "./requests.js";
import {go, makeHash, onRoute, route} from "./router.js";
import {formatNumber, onLanguage, t} from "./texts.js";

const SEARCH_MS = 300;
const form = byId("store-filter");

let list = null;
let searchTimer = null;

function readQuery() {
  const {parameters} = route;
  return {search: parameters.get("search") ?? "", offset: Number(parameters.get("offset")) || 0};
}

const reader = createReader("stores", async () => {
  const hash = location.hash;
  const {done} = await readData("stores", {...readQuery(), size: PART});
  if (hash !== location.hash || !done) return;
  list = done;
  render();
});

function render() {
  const isShown = route.view === "stores";
  for (const name of ["scales", "stores"]) {
    const link = byId(`choose-${name}`);
    if (route.view === name) setAttribute(link, "aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (!isShown || !list) return;
  setText(byId("list-title"), t("stores.title", {count: formatNumber(list.total)}));
  byId("filter-wrong").hidden = true;
  byId("list-none").hidden = list.total > 0;
  setText(byId("list-none"), t("list.none"));
  updateChildren(byId("store-rows"), list.rows, ({store}) => store, createStore, updateStore);
  renderPager(byId("list-pager"), list, (offset) => go(makeHash("stores", {...readQuery(), offset})));
}

form.addEventListener("submit", (event) => event.preventDefault());
form.elements.search.addEventListener("input", () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => {
    if (route.view === "stores") go(makeHash("stores", {search: form.elements.search.value.trim()}), true);
  }, SEARCH_MS);
});

onRoute(() => {
  render();
  if (route.view === "stores") reader.run();
});
onChange(["revisions"], () => route.view === "stores" && reader.refresh());
onLanguage(render);
