// Calls of the control interface. All paths are relative to the page, which is at the interface's root.

const ROOT = new URL("./", document.baseURI);
const TOKEN_KEY = "vision-ai-emulator-token";
// Far longer than any call takes. Without it, an emulator that hangs would block the page.
const TIMEOUT_MS = 8000;

/** The control interface returned an error; `message` is its text. */
export class ControlError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The emulator did not respond. */
export class ConnectionError extends Error {}

let askForToken = () => Promise.reject(new ConnectionError("the emulator requires a token"));
let tokenRequest = null;

/** Sets the function that asks for the token: `ask(wasWrong)` resolves with the input. */
export function onTokenRequired(ask) {
  askForToken = ask;
}

function getToken() {
  return sessionStorage.getItem(TOKEN_KEY);
}

// Several calls can fail at once: the page asks once for all of them.
function renewToken(rejectedToken) {
  if (getToken() !== rejectedToken) return Promise.resolve();
  tokenRequest ??= askForToken(rejectedToken !== null)
    .then((token) => sessionStorage.setItem(TOKEN_KEY, token))
    .finally(() => {
      tokenRequest = null;
    });
  return tokenRequest;
}

async function send(method, path, { body, headers = {} } = {}) {
  for (;;) {
    const token = getToken();
    const request = { method, headers: { ...headers }, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) };
    if (token) request.headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(new URL(path, ROOT), request);
    } catch {
      throw new ConnectionError("The emulator does not respond. Is it still running?");
    }
    if (response.status !== 401) return response;
    await renewToken(token);
  }
}

async function readError(response) {
  let text;
  try {
    text = (await response.json()).error;
  } catch {
    text = undefined;
  }
  const isText = typeof text === "string" && text;
  return new ControlError(
    isText ? text : `The emulator returned ${response.status} ${response.statusText}.`,
    response.status,
  );
}

/** Returns the JSON of the response; throws `ControlError` or `ConnectionError`. */
export async function call(method, path, body) {
  const response = await send(method, path, { body });
  if (!response.ok) throw await readError(response);
  try {
    return await response.json();
  } catch {
    throw new ConnectionError("The emulator's response is incomplete.");
  }
}

export const get = (path) => call("GET", path);
export const put = (path, body) => call("PUT", path, body);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

/** Returns the picture as `{blob, etag}`, or null if it still has that `etag`. */
export async function getPicture(etag) {
  const response = await send("GET", "picture.jpg", { headers: etag ? { "If-None-Match": etag } : {} });
  if (response.status === 304) return null;
  if (!response.ok) throw await readError(response);
  try {
    return { blob: await response.blob(), etag: response.headers.get("ETag") };
  } catch {
    throw new ConnectionError("The picture is incomplete.");
  }
}

/** Returns the body and the file name of a response that is a file. */
export async function getDownload(path) {
  const response = await send("GET", path);
  if (!response.ok) throw await readError(response);
  const name = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? path;
  try {
    return { name, blob: await response.blob() };
  } catch {
    throw new ConnectionError("The file is incomplete.");
  }
}

/** Returns a file of the page as text. */
export async function getFile(name) {
  const response = await fetch(new URL(`static/${name}`, ROOT));
  if (!response.ok) throw new ConnectionError(`The page's file ${name} is missing.`);
  return response.text();
}
