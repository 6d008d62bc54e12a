// Everything a till does with a module, once: npm start -- http://127.0.0.1:8172
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import createClient, { type Client } from "openapi-fetch";

import { DeviceError, data, done, file } from "./answers.js";
import { BackupState, ErrorCode, RestoreState, type paths } from "./build/vision-ai.js";

type Module = Client<paths>;

const ID = "001";
const NAME = "Apple";
const PICTURE = "build/pan.jpg";
const BACKUP = "build/backup.evo";

async function device(module: Module) {
  const info = await data(module.POST("/api/get_device_info"));
  console.log(`device: firmware ${info.firmware}, serial number ${info.sn}`);
}

async function picture(module: Module) {
  const jpeg = await file(module.POST("/api/get_image", { parseAs: "arrayBuffer" }));
  if (jpeg.readUIntBE(0, 3) !== 0xffd8ff || jpeg.readUInt16BE(jpeg.length - 2) !== 0xffd9)
    throw new Error(`${jpeg.length} bytes that are no whole JPEG`);
  await writeFile(PICTURE, jpeg);
  console.log(`picture: ${jpeg.length} bytes, ${PICTURE}`);
}

async function calibration(module: Module) {
  const pan = { left: 444, top: 39, width: 348, height: 482 };
  await done(module.POST("/api/set_calib", { body: pan }));
  const area = await data(module.POST("/api/get_calib"));
  if (!isDeepStrictEqual(area, pan)) throw new Error(`read back another area: ${JSON.stringify(area)}`);
  console.log(`calibration: ${area.width} x ${area.height} pixels at ${area.left}, ${area.top}`);
}

async function recognition(module: Module) {
  await done(module.POST("/api/register_item", { body: { id: ID, name: NAME } }));
  await done(module.POST("/api/commit_registered_item", { body: { id: ID } }));

  const result = await data(module.POST("/api/get_result"));
  const guess = result.items.find((each) => each.id === ID);
  if (!guess) throw new Error(`${NAME} is not among the guesses ${JSON.stringify(result.items)}`);

  const choice = { sid: result.sid, id: ID, name: NAME, intop: true };
  await done(module.POST("/api/result_feedback", { body: choice }));
  console.log(`recognition: ${NAME}, ${(100 * guess.score).toFixed()} %`);
}

async function backup(module: Module) {
  await done(module.POST("/api/start_backup"));
  let status = await done(module.POST("/api/get_backup_status"));
  // The rule decides, not the list of numbers: a later firmware may know more of them (A12).
  while (status.status !== BackupState.IDLE && status.status < 3) {
    await pause(1000);
    status = await done(module.POST("/api/get_backup_status"));
  }
  if (status.status !== BackupState.COMPLETED) throw new Error(`the backup ended with status ${status.status}`);
  const { filename } = status;
  const saved = await file(
    module.GET("/download/{filename}", { params: { path: { filename } }, parseAs: "arrayBuffer" }),
  );
  await writeFile(BACKUP, saved);
  console.log(`backup: ${saved.length} bytes, ${BACKUP}`);
}

async function restore(module: Module) {
  const form = new FormData();
  form.append("file", new Blob([await readFile(BACKUP)]), "backup.evo");
  // The generated type says text for the file, so the form goes in place of a body that would be made of it.
  await done(module.POST("/api/start_restore", { body: { file: "" }, bodySerializer: () => form }));
  let status = await done(module.POST("/api/get_restore_status"));
  while (status.status !== RestoreState.IDLE && status.status < 4) {
    await pause(1000);
    status = await done(module.POST("/api/get_restore_status"));
  }
  if (status.status !== RestoreState.COMPLETED) throw new Error(`the restore ended with status ${status.status}`);
  console.log("restore: the module has taken the backup over");
}

async function refusal(module: Module) {
  try {
    await done(module.POST("/api/commit_registered_item", { body: { id: "no such product" } }));
  } catch (no) {
    if (!(no instanceof DeviceError) || no.code !== ErrorCode.FILE_NOT_FOUND) throw no;
    console.log(`error: ${no.code} for a product that was never registered`);
    return;
  }
  throw new Error("a product that was never registered was committed");
}

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: npm start -- URL");
  process.exit(2);
}
// fetch waits for ever unless it is told not to, and Node's passes over the proxies of the environment.
const patient: typeof fetch = (request) => fetch(request, { signal: AbortSignal.timeout(30_000) });
const module = createClient<paths>({ baseUrl: url, fetch: patient });
for (const step of [device, picture, calibration, recognition, backup, restore, refusal]) await step(module);
