// The backups on the console's computer: made, downloaded, brought, restored.

import {at, h, keyed, say, set} from "./dom.js";
import {on, state} from "./live.js";
import {notice} from "./notices.js";
import {order} from "./orders.js";
import {askForSerial} from "./serial.js";
import {failureText, moment, onLanguage, size, t} from "./texts.js";

/** Where the browser gets a backup. */
export const addressOf = (name) => `backups/${encodeURIComponent(name)}`;

function makeFile({name}) {
  return h(
    "li",
    {},
    h("p", {}, h("strong", {}, name), h("span", {class: "faint"})),
    h("a", {class: "button", href: addressOf(name), download: name}),
    h("button", {type: "button", onclick: () => askForSerial("restore", {file: name})}),
  );
}

function showFile(line, {name, size: bytes, time}) {
  const [title, download, restore] = line.children;
  say(title.lastElementChild, `${size(bytes)} · ${moment(time)}`);
  say(download, t("backup.download"));
  set(download, "aria-label", t("backup.download.label", {name}));
  say(restore, t("backup.restore"));
  set(restore, "aria-label", t("backup.restore.label", {name}));
}

function render() {
  const {folder = "", files = []} = state.backups ?? {};
  at("backup-none").hidden = files.length > 0;
  say(at("backup-folder"), t("backup.folder", {folder}));
  keyed(at("files"), files, ({name}) => name, makeFile, showFile);
}

at("backup-make").addEventListener("click", (event) => order("backup", {}, event.currentTarget));

/** An upload with its progress, which `fetch` does not tell. */
function put(file, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", addressOf(file.name));
    request.responseType = "json";
    request.upload.addEventListener("progress", ({loaded, total}) => progress(loaded / total));
    request.addEventListener("load", () => resolve(request.response ?? {failure: {kind: "unexpected"}}));
    request.addEventListener("error", () => resolve({failure: {kind: "no_console"}}));
    request.send(file);
  });
}

at("backup-file").addEventListener("change", async ({currentTarget: chooser}) => {
  const [file] = chooser.files;
  if (!file) return;
  chooser.disabled = true;
  say(at("bringing-text"), t("backup.bringing", {name: file.name}));
  at("bringing").hidden = false;
  const answer = await put(file, (part) => {
    at("bringing-progress").value = part;
  });
  at("bringing").hidden = true;
  chooser.value = "";
  chooser.disabled = false;
  if (answer.failure) notice("bad", `${t("did_not_work")} ${failureText(answer.failure)}`);
  else notice("good", t("backup.brought", {name: answer.done}));
});

on(["backups"], render);
onLanguage(render);
