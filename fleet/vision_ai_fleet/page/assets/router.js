// Which view is shown: the part of the address after "#", such as "#scales?where=engine%3D9.5.0" or "#scale/0042/07".

const VIEWS = ["overview", "scales", "stores", "scale", "jobs", "job", "backups", "quality", "alerts"];
/** The entry of the navigation that stands for a view without one. */
const PARENTS = {stores: "scales", scale: "scales", job: "jobs"};

const listeners = [];

/** `{view, names, parameters}` of the address. */
export let route = readRoute();

function readRoute() {
  const [path, query] = location.hash.slice(1).split("?");
  const [name, ...names] = path.split("/").map(decode);
  return {view: VIEWS.includes(name) ? name : "overview", names, parameters: new URLSearchParams(query)};
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a view. Missing and empty parameters are left out; a list is repeated. */
export function makeHash(view, parameters = {}, ...names) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each) query.append(name, each);
  }
  const path = [view, ...names.map(encodeURIComponent)].join("/");
  return `#${path}${query.size ? `?${query}` : ""}`;
}

export const scaleHash = ({store, scale}) => makeHash("scale", {}, store, scale);

/** Shows a view. `replaces`: without a new entry in the browser's history. */
export function go(hash, replaces = false) {
  if (replaces) {
    history.replaceState(null, "", hash);
    showView();
  } else {
    location.hash = hash;
  }
}

/** Calls the listener whenever another view, or another part of one, is shown. */
export function onRoute(listener) {
  listeners.push(listener);
}

export function showView() {
  route = readRoute();
  const {view} = route;
  document.body.dataset.view = view;
  for (const part of document.querySelectorAll("[data-views]")) {
    part.hidden = !part.dataset.views.split(" ").includes(view);
  }
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${PARENTS[view] ?? view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const listener of listeners) listener();
}
