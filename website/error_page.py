"""Write the catalog of error codes: what each means, why it comes, and what to do."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vision_ai import DeviceError
from vision_ai.advice import ADVICE, ANY_OPERATION, Advice, find_advice
from vision_ai_translations import Language, translate

ROOT = Path(__file__).resolve().parents[1]
CATALOG = ROOT / "openapi" / "dist" / "error-codes.json"

CAUSES = {
    "CAMERA_LOST": "The camera inside the module no longer responds: its cable is loose, or it has failed.",
    "UPDATE_FAILED": "The module could not install an update.",
    "UNKNOWN_COMMAND": "The firmware does not have this operation: it is older, or it speaks the other version of "
    "the API. Or the path of the URL is wrong.",
    "ALREADY_ACTIVATED": "An activation was requested of a module that has a store.",
    "STORE_ID_FORMAT_ERROR": "The store number has the wrong length, or characters that it may not have.",
    "STORE_VERIFICATION_FAILED": "The vendor's server does not know the store number, or the module could not reach "
    "the server through the computer that it is connected to.",
    "NOT_ACTIVATED": "The module is new, or it was reset to its factory settings.",
    "DOWNLOAD_NOT_STARTED": "The state of a download was requested before its start.",
    "ALREADY_LATEST_VERSION": "An update was requested, and there is none.",
    "DOWNLOAD_VERIFICATION_FAILED": "The downloaded file is incomplete or damaged.",
    "DOWNLOAD_FAILED": "The module lost its connection to the server, which leads through the computer that it is "
    "connected to.",
    "RESET_REFUSED_DURING_UPDATE": "A factory reset was requested while an update was running.",
    "UPDATE_UNKNOWN_ERROR": "The module does not say.",
    "FIRMWARE_MISMATCH": "Firmware and engine, or firmware and device, do not belong together, for example after an "
    "update that was interrupted.",
    "FILE_FORMAT_MISMATCH": "The file is of another kind, for example no backup.",
    "STORE_MISMATCH": "Something belongs to another store. A restored backup is one case (A23).",
    "DEVICE_MISMATCH": "Something belongs to another module. A restored backup is one case (A23).",
    "ENGINE_VERSION_MISMATCH": "Something was made with another version of the engine. A restored backup is one case "
    "(A23).",
    "APPLICATION_UPDATE_FAILED": "The module could not install its application after a firmware update.",
    "JSON_PARSING_FAILED": "The body of the request was not JSON, or not the JSON that this firmware expects.",
    "FILE_NOT_FOUND": "A picture, backup or recognition is no longer there. A restart clears the cache of pictures.",
    "WRITE_FAILED": "The module's storage is full or damaged, or another task is writing.",
    "WRITE_FAILED_ALTERNATE": "The same as -6203 (A11).",
    "NETWORK_ERROR": "The module could not reach another computer. Its route leads through the computer that it is "
    "connected to.",
    "ALGORITHM_TIMEOUT": "The engine was busy for too long.",
    "UNKNOWN_ERROR": "The module does not say.",
    "FILE_VERIFICATION_FAILED": "A file is incomplete or damaged.",
    "LOGIN_FAILED": "The module could not log in to the vendor's server.",
    "PARAMETER_ERROR": "A value is missing or outside its range, or the firmware expects another name for it (A1).",
    "SYNC_TIMEOUT": "The main scale did not respond.",
    "TEMPLATE_CHANGES_DISABLED": "The learning mode of the module forbids it.",
    "ALGORITHM_ERROR": "The engine could not work with the picture, for example because it found no product in it.",
}
"""Why a module may return a code. The vendor gives a name for each code and no cause: these are interpretations."""

INTRODUCTION = """# Error codes

A module returns a negative `code` where a call failed, with HTTP status 200. The SDK raises it as a
[`DeviceError`](errors.md), with `error.code`, `error.name`, `error.meaning` and `error.advice`. On a terminal,
`vision-ai errors CODE` shows the same as this page.

The vendor names the codes, without causes. The causes on this page, and the operations that return a code, are
interpretations. "Can succeed later" means that the same request may succeed without any other action
(`error.retryable`).
"""


def make_error_page(language: Language = "en") -> str:
    """Return the page, in Markdown: a table of all codes, and a section for each."""
    texts = Texts(language)
    entries = _read_entries()
    lines = [texts.introduction, f"## {texts.name('All codes')}", ""]
    lines += [f"| {texts.name('code')} | {texts.name('meaning')} |", "| ---: | --- |"]
    lines += [
        f"| [{_name_number(entry)}](#{_make_anchor(entry)}) | {texts.find_meaning(entry)} |"
        for entry in entries
    ]
    for category in dict.fromkeys(entry["category"] for entry in entries):
        lines += ["", f"## {texts.name(category).capitalize()}", ""]
        members = [entry for entry in entries if entry["category"] == category]
        error_class = type(DeviceError.of(_get_number(members[0]))).__name__
        lines += [f"{texts.name('Raised as')} [`{error_class}`][vision_ai.errors.{error_class}].", ""]
        for entry in members:
            lines += _make_section(entry, texts)
    return "\n".join(lines) + "\n"


class Texts:
    """The texts of the page in a language."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._texts: dict[str, Any] = {"introduction": INTRODUCTION, "causes": CAUSES}
        if language != "en":
            file = ROOT / "website" / "error_texts" / f"{language}.toml"
            self._texts = tomllib.loads(file.read_text(encoding="utf-8"))

    @property
    def introduction(self) -> str:
        return self._texts["introduction"]

    def name(self, label: str) -> str:
        """Return a label: one of this page, or one that the command line has too."""
        if self._language == "en":
            return label
        text = self._texts["labels"].get(label) or translate(label, self._language)
        if text == label:
            raise KeyError(f"{label!r} is not translated into {self._language}")
        return text

    def find_cause(self, entry: dict[str, Any]) -> str:
        return self._texts["causes"][entry["name"]]

    def find_meaning(self, entry: dict[str, Any]) -> str:
        return translate(entry["meaning"], self._language)

    def describe(self, advice: Advice) -> str:
        text = advice.translate(self._language)
        return f"{text} `{advice.command}`" if advice.command else text


def _read_entries() -> list[dict[str, Any]]:
    catalog = json.loads(CATALOG.read_text(encoding="utf-8"))
    return [*catalog["codes"], *catalog["ranges"]]


def _get_number(entry: dict[str, Any]) -> int:
    return entry["code"] if "code" in entry else entry["from"]


def _name_number(entry: dict[str, Any]) -> str:
    return str(entry["code"]) if "code" in entry else f"{entry['from']} … {entry['to']}"


def _make_anchor(entry: dict[str, Any]) -> str:
    return f"code{_get_number(entry)}"


def _make_section(entry: dict[str, Any], texts: Texts) -> Iterator[str]:
    number, name = _get_number(entry), entry["name"]
    yield f"### {_name_number(entry)} `{name}` {{#{_make_anchor(entry)}}}"
    yield ""
    yield texts.find_meaning(entry)
    yield ""
    rows = {"Cause": texts.find_cause(entry), "What to do": texts.describe(find_advice(number))}
    rows = {texts.name(label): value for label, value in rows.items()}
    for (code_name, operation), advice in ADVICE.items():
        if code_name == name and operation != ANY_OPERATION:
            rows[f"{texts.name('… in')} `{operation}`"] = texts.describe(advice)
    rows[texts.name("Retry")] = texts.name("can succeed later" if entry["retryable"] else "fails again")
    if entry["operations"]:
        rows[texts.name("Operations")] = ", ".join(f"`{_to_method(each)}`" for each in entry["operations"])
    rows[texts.name("API")] = f" {texts.name('and')} ".join(version.upper() for version in entry["versions"])
    if "vendor" in entry:
        rows[texts.name("Vendor's name")] = f"“{entry['vendor']}”"
    yield '<table class="facts">'
    for label, value in rows.items():
        yield f"<tr><th>{_to_html(label)}</th><td>{_to_html(value)}</td></tr>"
    yield "</table>"
    yield ""


def _to_method(operation: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"_{match[1].lower()}", operation)


def _to_html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
