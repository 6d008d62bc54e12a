// Test a client of fifty lines with all vectors of get_result.   node example.mjs FOLDER_OF_THE_VECTORS
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { isDeepStrictEqual } from "node:util";

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
const catalog = read("../dist/error-codes.json");

// The client under test. Replace it with your own.

async function getResult(url, { retries = 0 } = {}) {
  const { status, bytes } = await send(`${url}/api/get_result`, retries);
  const invalid = { kind: "invalid-answer", status };
  const content = parse(bytes) ?? {};
  const code = toNumber(content.code);
  if (!Number.isInteger(code)) throw invalid;
  if (code !== 0) throw deviceError(code);
  const { items, sid } = content.data ?? {};
  if (status !== 200 || (items === undefined && sid === undefined)) throw invalid;
  const guesses = [items ?? []].flat().map((guess) => ({ id: toText(guess?.id), score: toNumber(guess?.score) }));
  if (!guesses.every(({ id, score }) => typeof id === "string" && Number.isFinite(score))) throw invalid;
  return { items: guesses, sid: toText(sid) };
}

const toNumber = (value) => (typeof value === "string" && value.trim() ? Number(value) : value);
const toText = (value) => (Number.isSafeInteger(value) ? String(value) : (value ?? null));

async function send(url, retries) {
  try {
    const response = await fetch(url, { method: "POST", redirect: "manual", signal: AbortSignal.timeout(15_000) });
    return { status: response.status, bytes: await response.arrayBuffer() };
  } catch {
    if (retries > 0) return send(url, retries - 1); // a read call may be repeated
    throw { kind: "lost" };
  }
}

function parse(bytes) {
  for (const [charset, fatal] of [["utf-8", true], ["gb18030", true], ["utf-8", false]]) {
    try {
      const text = new TextDecoder(charset, { fatal }).decode(bytes);
      return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string) => string ?? ""));
    } catch { /* try the next charset */ }
  }
}

function deviceError(code) {
  const isIn = (range) => range.from <= code && code <= range.to;
  const known = catalog.codes.find((each) => each.code === code) ?? catalog.ranges.find(isIn);
  const { name = null, category = null, retryable = false } = known ?? {};
  return { kind: "device", code, name, category, retryable };
}

// The test: serve the responses, make the call, and compare the requests and the outcome.

async function passes(vector) {
  const requests = [];
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("data", (data) => {
      const [start, ...lines] = data.toString("latin1").split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(": ")));
      const { head, body, bodyBase64, then } = vector.exchanges[requests.length]?.response ?? { then: "close" };
      requests.push({ start, headers });
      if (head) socket.write([...head, "", ""].join("\r\n"));
      if (head) socket.write(bodyBase64 ? Buffer.from(bodyBase64, "base64") : (body ?? ""));
      if (then === "close") socket.end();
    });
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${server.address().port}`;
  const outcome = await getResult(url, vector.settings).then((result) => ({ result }), (error) => ({ error }));
  sockets.forEach((socket) => socket.destroy());
  server.close();
  return matches(vector.expect, outcome)
    && requests.length === vector.exchanges.length
    && vector.exchanges.every(({ request: { method, target, headers = {} } }, number) =>
      requests[number].start === `${method} ${target} HTTP/1.1` &&
      Object.entries(headers).every(([name, value]) => requests[number].headers[name.toLowerCase()] === value));
}

function matches(expected, got) {
  if (expected === null || typeof expected !== "object") return isDeepStrictEqual(expected, got);
  if (Array.isArray(expected) && expected.length !== got?.length) return false;
  return Object.keys(expected).every((key) => matches(expected[key], got?.[key]));
}

for (const vector of read("get_result.json").vectors) {
  if (!vector.tests.includes("client")) continue;
  const passed = await passes(vector);
  console.log(passed ? "passed" : "FAILED", vector.id);
  if (!passed) process.exitCode = 1;
}
