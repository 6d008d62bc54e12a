// A picture, and a product from its first template to its deletion, with V2 of the API:
// npm run start:v2 -- http://127.0.0.1:8172
import { writeFile } from "node:fs/promises";

import createClient, { type Client } from "openapi-fetch";

import { DeviceError, check, readBytes, readData } from "./responses.js";
import { ErrorCode, type paths } from "./build/vision-ai-v2.js";

type Module = Client<paths>;

const ID = "001";
const PICTURE = "build/pan.jpg";

async function showDevice(module: Module) {
  const info = await readData(module.GET("/api/get_device_info"));
  // The type of sn is unknown, because its values were not seen.
  console.log(`device: firmware ${info.firmware}, serial number ${info.sn}`);
}

async function takePicture(module: Module) {
  const jpeg = await readBytes(module.GET("/api/get_image", { parseAs: "arrayBuffer" }));
  if (jpeg.readUIntBE(0, 3) !== 0xffd8ff || jpeg.readUInt16BE(jpeg.length - 2) !== 0xffd9)
    throw new Error(`${jpeg.length} bytes that are not a complete JPEG`);
  await writeFile(PICTURE, jpeg);
  console.log(`picture: ${jpeg.length} bytes, ${PICTURE}`);
}

async function teach(module: Module) {
  const { sid } = await readData(module.POST("/api/add_item_template", { body: { id: ID } }));
  const entries = await readData(module.POST("/api/get_item_template_list", { body: { id: ID } }));
  const templates = entries.filter((each) => each !== "center"); // no template (B3)
  if (!templates.includes(sid)) throw new Error(`the template ${sid} is not among ${templates}`);
  console.log(`teaching: template ${sid}, ${templates.length} of product ${ID}`);
  return sid;
}

async function recognize(module: Module) {
  const { items } = await readData(module.GET("/api/get_result"));
  const guess = items.find((each) => each.id === ID);
  if (!guess) throw new Error(`${ID} is not among the guesses ${JSON.stringify(items)}`);
  console.log(`recognition: product ${ID}, score ${guess.score.toFixed(2)}`);
}

async function deleteTemplate(module: Module, sid: string) {
  await check(module.POST("/api/delete_item_template", { body: { id: ID, sid } }));
  console.log(`deletion: template ${sid}`);
}

async function causeError(module: Module) {
  try {
    await check(module.POST("/api/set_calib", { body: { left: 640, top: 0, width: 1280, height: 720 } }));
  } catch (error) {
    if (!(error instanceof DeviceError) || error.code !== ErrorCode.PARAMETER_ERROR) throw error;
    console.log(`error: ${error.code} for an area beyond the picture`);
    return;
  }
  throw new Error("an area beyond the picture was accepted");
}

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: npm run start:v2 -- URL");
  process.exit(2);
}
// fetch has no timeout by default. Node's fetch ignores the proxies of the environment.
const fetchWithTimeout: typeof fetch = (request) => fetch(request, { signal: AbortSignal.timeout(30_000) });
const module = createClient<paths>({ baseUrl: url, fetch: fetchWithTimeout });
await showDevice(module);
await takePicture(module);
const sid = await teach(module);
await recognize(module);
await deleteTemplate(module, sid);
await causeError(module);
