// Copy a library out of the NSwag program, a .NET bundle: node extract.mjs LIBRARY FOLDER
//
// With the .NET SDK, use `dotnet add package Newtonsoft.Json` instead.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [library, folder] = process.argv.slice(2);
const bundle = readFileSync("node_modules/nswag-portable/bin/nswag-portable");

// The position of the list of files is in the eight bytes before this mark.
const mark = createHash("sha256").update(".net core bundle\n").digest();
let position = Number(bundle.readBigInt64LE(bundle.indexOf(mark) - 8));
const count = bundle.readInt32LE(position + 8);
position += 12;
readText();
position += 40; // the positions of two settings files, and flags

for (let index = 0; index < count; index++) {
  const [start, size, compressedSize] = [0, 8, 16].map((offset) => Number(bundle.readBigInt64LE(position + offset)));
  position += 25; // with the type of the file
  if (readText() !== library) continue;
  if (compressedSize) throw new Error(`${library} is compressed`);
  writeFileSync(`${folder}/${library}`, bundle.subarray(start, start + size));
  process.exit();
}
throw new Error(`the bundle has no ${library}`);

function readText() {
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bundle[position++];
    length |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  position += length;
  return bundle.toString("utf8", position - length, position);
}
