// All operations of a terminal, once: npm start -- http://127.0.0.1:8172
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import createClient, { type Client } from "openapi-fetch";

import { DeviceError, check, readBytes, readData } from "./responses.js";
import { BackupState, ErrorCode, RestoreState, type paths } from "./build/vision-ai.js";

type Module = Client<paths>;

const ID = "001";
const NAME = "Apple";
const PICTURE = "build/pan.jpg";
const BACKUP = "build/backup.evo";

async function showDevice(module: Module) {
  const info = await readData(module.POST("/api/get_device_info"));
  console.log(`device: firmware ${info.firmware}, serial number ${info.sn}`);
}

async function takePicture(module: Module) {
  const jpeg = await readBytes(module.POST("/api/get_image", { parseAs: "arrayBuffer" }));
  if (jpeg.readUIntBE(0, 3) !== 0xffd8ff || jpeg.readUInt16BE(jpeg.length - 2) !== 0xffd9)
    throw new Error(`${jpeg.length} bytes that are not a complete JPEG`);
  await writeFile(PICTURE, jpeg);
  console.log(`picture: ${jpeg.length} bytes, ${PICTURE}`);
}

async function calibrate(module: Module) {
  const pan = { left: 444, top: 39, width: 348, height: 482 };
  await check(module.POST("/api/set_calib", { body: pan }));
  const area = await readData(module.POST("/api/get_calib"));
  if (!isDeepStrictEqual(area, pan)) throw new Error(`the module returned another area: ${JSON.stringify(area)}`);
  console.log(`calibration: ${area.width} x ${area.height} pixels at ${area.left}, ${area.top}`);
}

async function recognize(module: Module) {
  await check(module.POST("/api/register_item", { body: { id: ID, name: NAME } }));
  await check(module.POST("/api/commit_registered_item", { body: { id: ID } }));

  const result = await readData(module.POST("/api/get_result"));
  const guess = result.items.find((each) => each.id === ID);
  if (!guess) throw new Error(`${NAME} is not among the guesses ${JSON.stringify(result.items)}`);

  const choice = { sid: result.sid, id: ID, name: NAME, intop: true };
  await check(module.POST("/api/result_feedback", { body: choice }));
  console.log(`recognition: ${NAME}, ${(100 * guess.score).toFixed()} %`);
}

async function backUp(module: Module) {
  await check(module.POST("/api/start_backup"));
  let status = await check(module.POST("/api/get_backup_status"));
  // Use the rule, not the list of numbers: newer firmware may have more of them (A12).
  while (status.status && status.status < 3) {
    await pause(1000);
    status = await check(module.POST("/api/get_backup_status"));
  }
  if (status.status !== BackupState.COMPLETED) throw new Error(`the backup ended with status ${status.status}`);
  const { filename } = status;
  const content = await readBytes(
    module.GET("/download/{filename}", { params: { path: { filename } }, parseAs: "arrayBuffer" }),
  );
  await writeFile(BACKUP, content);
  console.log(`backup: ${content.length} bytes, ${BACKUP}`);
}

async function restore(module: Module) {
  const form = new FormData();
  form.append("file", new Blob([await readFile(BACKUP)]), "backup.evo");
  // The generated type of the file is string, so bodySerializer replaces the body by a form.
  await check(module.POST("/api/start_restore", { body: { file: "" }, bodySerializer: () => form }));
  let status = await check(module.POST("/api/get_restore_status"));
  while (status.status && status.status < 4) {
    await pause(1000);
    status = await check(module.POST("/api/get_restore_status"));
  }
  if (status.status !== RestoreState.COMPLETED) throw new Error(`the restore ended with status ${status.status}`);
  console.log("restore: the module restored the backup");
}

async function causeError(module: Module) {
  try {
    await check(module.POST("/api/commit_registered_item", { body: { id: "no such product" } }));
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== ErrorCode.FILE_NOT_FOUND) throw error;
    console.log(`error: ${error.code} for a product that is not registered`);
    return;
  }
  throw new Error("a product that is not registered was committed");
}

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: npm start -- URL");
  process.exit(2);
}
// fetch has no timeout by default. Node's fetch ignores the proxies of the environment.
const fetchWithTimeout: typeof fetch = (request) => fetch(request, { signal: AbortSignal.timeout(30_000) });
const module = createClient<paths>({ baseUrl: url, fetch: fetchWithTimeout });
for (const step of [showDevice, takePicture, calibrate, recognize, backUp, restore, causeError]) await step(module);
