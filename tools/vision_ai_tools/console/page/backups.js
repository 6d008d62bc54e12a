// The backups on the console's computer: create, download, upload, restore, delete.

import {runAction} from "./actions.js";
import {markControl, setDisabled} from "./availability.js";
import {openConfirmDialog} from "./confirm_dialog.js";
import {isV2, onChange, state} from "./connection.js";
import {byId, createElement, setAttribute, setText, updateChildren} from "./dom.js";
import {showNotice} from "./notices.js";
import {failureText, formatSize, formatTime, onLanguage, t} from "./texts.js";

/** File names of this computer may contain what a URL cannot. */
export const backupUrl = (name) => `backups/${encodeURIComponent(name.toWellFormed?.() ?? name)}`;

const findFile = (name) => state.backups.files.find((file) => file.name === name);

function createFile({name}) {
  const openDialogFor = (kind) => () => openConfirmDialog(kind, findFile(name));
  const restore = createElement("button", {type: "button", onclick: openDialogFor("restore")});
  const remove = createElement("button", {type: "button", onclick: openDialogFor("delete_backup")});
  const details = ["faint", "faint", "wrong"].map((name) => createElement("span", {class: name}));
  return createElement(
    "li",
    {},
    createElement("p", {}, createElement("strong", {}, name), ...details),
    createElement("a", {class: "button", href: backupUrl(name), download: name}),
    markControl(restore),
    markControl(remove, "console"),
  );
}

/** Which module a backup is of, as far as that is known. */
function formatOrigin({sn, engine}) {
  const parts = [sn && t("backup.serial", {sn}), engine && t("backup.engine", {engine})];
  return parts.filter(Boolean).join(" · ") || t("backup.no_origin");
}

function updateFile(item, file) {
  const {name, size, time, is_backup: isBackup} = file;
  const [text, download, restore, remove] = item.children;
  const [, origin, facts, problem] = text.children;
  origin.hidden = !isBackup;
  setText(origin, formatOrigin(file));
  setText(facts, `${formatSize(size)} · ${formatTime(time)}`);
  problem.hidden = isBackup;
  setText(problem, t("backup.none_such"));
  setText(download, t("backup.download"));
  setAttribute(download, "aria-label", t("backup.download.label", {name}));
  setText(restore, t("backup.restore"));
  setAttribute(restore, "aria-label", t("backup.restore.label", {name}));
  setDisabled(restore, isV2() || !isBackup);
  setText(remove, t("backup.delete"));
  setAttribute(remove, "aria-label", t("backup.delete.label", {name}));
}

function render() {
  const {folder = "", files = []} = state.backups ?? {};
  byId("backup-none").hidden = files.length > 0 || isV2();
  setDisabled(byId("backup-make"), isV2());
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
