// The backups on the console's computer: create, download, upload, restore.

import {runAction} from "./actions.js";
import {isV2, onChange, state} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {openSerialDialog} from "./serial_dialog.js";
import {failureText, formatSize, formatTime, onLanguage, t} from "./texts.js";

/** File names of this computer may contain what a URL cannot. */
export const backupUrl = (name) => `backups/${encodeURIComponent(name.toWellFormed?.() ?? name)}`;

function createFile({name}) {
  return createElement(
    "li",
    {},
    createElement("p", {}, createElement("strong", {}, name), createElement("span", {class: "faint"})),
    createElement("a", {class: "button", href: backupUrl(name), download: name}),
    createElement("button", {type: "button", onclick: () => openSerialDialog("restore", {file: name})}),
  );
}

function updateFile(item, {name, size, time}) {
  const [title, download, restore] = item.children;
  setText(title.lastElementChild, `${formatSize(size)} · ${formatTime(time)}`);
  setText(download, t("backup.download"));
  setAttribute(download, "aria-label", t("backup.download.label", {name}));
  setText(restore, t("backup.restore"));
  setAttribute(restore, "aria-label", t("backup.restore.label", {name}));
  restore.disabled = isV2();
}

function render() {
  const {folder = "", files = []} = state.backups ?? {};
  byId("backup-none").hidden = files.length > 0 || isV2();
  byId("backup-make").disabled = isV2();
  setText(byId("backup-folder"), t("backup.folder", {folder}));
  updateChildren(byId("files"), files, ({name}) => name, createFile, updateFile);
}

byId("backup-make").addEventListener("click", (event) => runAction("backup", {}, event.currentTarget));

/** Uploads a file. Unlike `fetch`, an XMLHttpRequest reports progress. */
function upload(file, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", backupUrl(file.name));
    request.responseType = "json";
    request.upload.addEventListener("progress", ({loaded, total}) => onProgress(loaded / total));
    request.addEventListener("load", () => resolve(request.response ?? {failure: {kind: "unexpected"}}));
    request.addEventListener("error", () => resolve({failure: {kind: "no_console"}}));
    request.send(file);
  });
}

byId("backup-file").addEventListener("change", async ({currentTarget: input}) => {
  const [file] = input.files;
  if (!file) return;
  input.disabled = true;
  setText(byId("upload-text"), t("backup.uploading", {name: file.name}));
  byId("upload").hidden = false;
  const outcome = await upload(file, (share) => {
    byId("upload-progress").value = share;
  });
  byId("upload").hidden = true;
  input.value = "";
  input.disabled = false;
  if (outcome.failure) showNotice("bad", `${t("action_failed")} ${failureText(outcome.failure)}`);
  else showNotice("good", t("backup.uploaded", {name: outcome.done}));
});

onChange(["backups", "api"], render);
onLanguage(render);
