// Calls of the control interface. All paths are relative to the page, which is served at its root.

const ROOT = new URL("./", document.baseURI);
const TOKEN_KEY = "vision-ai-emulator-token";
// Well beyond any answer of the interface; an emulator that was stopped in a debugger must not hang the page.
const PATIENCE_MS = 8000;

/** The control interface said no; `message` is its own words. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Nobody answered. */
export class NoContact extends Error {}

let askForToken = () => Promise.reject(new NoContact("the emulator asks for a token"));
let asking = null;

/** `ask(wasWrong)` shows the question and resolves with what was typed. */
export function onTokenNeeded(ask) {
  askForToken = ask;
}

function token() {
  return sessionStorage.getItem(TOKEN_KEY);
}

// Several calls may be refused at once: the question is asked once for all of them.
function newToken(refused) {
  if (token() !== refused) return Promise.resolve();
  asking ??= askForToken(refused !== null)
    .then((typed) => sessionStorage.setItem(TOKEN_KEY, typed))
    .finally(() => {
      asking = null;
    });
  return asking;
}

async function send(method, path, { body, headers = {} } = {}) {
  for (;;) {
    const used = token();
    const request = { method, headers: { ...headers }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) };
    if (used) request.headers.Authorization = `Bearer ${used}`;
    if (body !== undefined) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(new URL(path, ROOT), request);
    } catch {
      throw new NoContact("The emulator does not answer. Is it still running?");
    }
    if (response.status !== 401) return response;
    await newToken(used);
  }
}

async function refusal(response) {
  let words;
  try {
    words = (await response.json()).error;
  } catch {
    words = undefined;
  }
  return new Refusal(
    typeof words === "string" && words ? words : `The emulator answered ${response.status} ${response.statusText}.`,
    response.status,
  );
}

/** The JSON of an answer; throws `Refusal` or `NoContact`. */
export async function call(method, path, body) {
  const response = await send(method, path, { body });
  if (!response.ok) throw await refusal(response);
  try {
    return await response.json();
  } catch {
    throw new NoContact("The emulator's answer broke off.");
  }
}

export const get = (path) => call("GET", path);
export const put = (path, body) => call("PUT", path, body);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

/** The picture as `{blob, etag}`, null if it is still the one of that `etag`. */
export async function picture(etag) {
  const response = await send("GET", "picture.jpg", { headers: etag ? { "If-None-Match": etag } : {} });
  if (response.status === 304) return null;
  if (!response.ok) throw await refusal(response);
  try {
    return { blob: await response.blob(), etag: response.headers.get("ETag") };
  } catch {
    throw new NoContact("The picture broke off.");
  }
}

/** A file of the page's own folder, as text. */
export async function ownFile(name) {
  const response = await fetch(new URL(`static/${name}`, ROOT));
  if (!response.ok) throw new NoContact(`The page's file ${name} is missing.`);
  return response.text();
}
