// Dialogs. The browser's Back closes the open one and stays on its page, as it does on a phone.

/** Opens a dialog. An entry of the history stands for it. */
export function openDialog(dialog) {
  history.pushState({dialog: dialog.id}, "");
  dialog.showModal();
}

/** Closes the open dialog. */
function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (history.state?.dialog === dialog.id) history.back();
  });
}

addEventListener("popstate", closeDialogs);
addEventListener("hashchange", closeDialogs);
// After a reload, the dialog of the entry is not open any more.
if (history.state?.dialog) history.replaceState(null, "");
