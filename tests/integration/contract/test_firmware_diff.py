"""`make firmware-diff` rates the changes of the contract for its consumers."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from new_firmware import add_new_firmware

from diff.changes import Change, Consumer, Impact
from diff.contract import compare
from diff.report import format_changelog_entry, format_report
from diff.version import check_version, impact_of
from document import CONTRACT, Node
from firmware_diff import rate_with_redocly

ROOT = Path(__file__).resolve().parents[3]
SENDER, READER, GENERATED = Consumer.SENDER, Consumer.READER, Consumer.GENERATED
Edit = Callable[[Node], object]


SENT_AND_READ = ("SetCalibRequest", "CalibrationArea")


class Case(NamedTuple):
    what: str
    edit: Edit
    breaks: set[Consumer]
    message: str
    before: Edit | None = None
    """An edit of the older version, for what the contract does not have."""


def post(document: Node, path: str) -> Node:
    return document["paths"][path]["post"]


def schema(document: Node, name: str) -> Node:
    return document["components"]["schemas"][name]


def fields(document: Node, name: str) -> Node:
    return schema(document, name)["properties"]


def rename(node: Node, old: str, new: str) -> None:
    node[new] = node.pop(old)


def content(document: Node, path: str) -> Node:
    return post(document, path)["responses"]["200"]["content"]


def request(document: Node, path: str) -> Node:
    return post(document, path)["requestBody"]["content"]


def new_operation(document: Node) -> None:
    light = copy.deepcopy(post(document, "/api/get_learnmode"))
    document["paths"]["/api/get_light"] = {"post": {**light, "operationId": "getLight", "tags": ["device"]}}


def add_field(document: Node, name: str, field: str, *, required: bool = False) -> None:
    fields(document, name)[field] = {"type": "string", "description": "New."}
    if required:
        schema(document, name)["required"].append(field)


def add_value(document: Node, name: str, value: Any) -> None:
    schema(document, name)["enum"].append(value)
    schema(document, name)["x-enum-varnames"].append("NEW")
    schema(document, name)["x-enum-descriptions"].append("New.")


def drop_value(document: Node, name: str, index: int) -> None:
    for keyword in ("enum", "x-enum-varnames", "x-enum-descriptions"):
        del schema(document, name)[keyword][index]


def add_code(document: Node) -> None:
    entry = {"code": -6301, "name": "LAMP_BROKEN", "category": "camera", "retryable": False}
    document["x-error-codes"].append({**entry, "meaning": "The lamp is broken."})


def rename_part(document: Node) -> None:
    rename(fields(document, "RestoreUpload"), "file", "upload")
    schema(document, "RestoreUpload")["required"] = ["upload"]
    for path in ("/api/start_restore", "/api/restore"):
        rename(request(document, path)["multipart/form-data"]["encoding"], "file", "upload")


BREAKING = [
    Case(
        "operation removed",
        lambda d: d["paths"].pop("/api/reboot"),
        {SENDER, READER, GENERATED},
        "was removed",
    ),
    Case(
        "path changed",
        lambda d: rename(d["paths"], "/api/get_image", "/api/get_picture"),
        {SENDER},
        "moved from `POST /api/get_image` to `POST /api/get_picture`",
    ),
    Case(
        "method changed",
        lambda d: rename(d["paths"]["/api/get_image"], "post", "get"),
        {SENDER},
        "to `GET /api/get_image`",
    ),
    Case(
        "operation renamed",
        lambda d: post(d, "/api/reboot").update(operationId="restart"),
        {GENERATED},
        "renamed from `reboot`",
    ),
    Case(
        "request field added, required",
        lambda d: add_field(d, "RegisterItemRequest", "shop", required=True),
        {SENDER},
        "the required field `shop` was added",
    ),
    Case(
        "optional request field made required",
        lambda d: schema(d, "RegisterItemRequest")["required"].append("item_id"),
        {SENDER},
        "`item_id` is required now",
    ),
    Case(
        "request field removed",
        lambda d: fields(d, "ResultFeedbackRequest").pop("name"),
        {SENDER, GENERATED},
        "`name` was removed",
    ),
    Case(
        "alias removed",
        lambda d: fields(d, "RegisterItemRequest").pop("item_id"),
        {SENDER, GENERATED},
        "`item_id`, the deprecated alias of `id`, was removed",
    ),
    Case(
        "response field removed",
        lambda d: fields(d, "DeviceInfo").pop("sn"),
        {READER, GENERATED},
        "`sn` was removed",
    ),
    Case(
        "response field made optional",
        lambda d: schema(d, "DeviceInfo")["required"].remove("sn"),
        {READER},
        "`sn` is optional now",
    ),
    Case(
        "response field renamed",
        lambda d: rename(fields(d, "Item"), "name", "title"),
        {READER, GENERATED},
        "`name` was renamed to `title`",
    ),
    Case(
        "type changed in a response",
        lambda d: fields(d, "DeviceInfo")["soldOutLimit"].update(type="string"),
        {READER},
        "the type of `soldOutLimit` changed from integer to string",
    ),
    Case(
        "type changed in a request",
        lambda d: fields(d, "ResultFeedbackRequest")["intop"].update(type="integer"),
        {SENDER},
        "the type of `intop` changed from boolean to integer",
    ),
    Case(
        "integer to number in a response",
        lambda d: fields(d, "DeviceInfo")["soldOutLimit"].update(type="number"),
        {READER},
        "changed from integer to number",
    ),
    Case(
        "a response field made nullable",
        lambda d: fields(d, "RegisteredItem").update(
            name={"anyOf": [fields(d, "RegisteredItem")["name"], {"type": "null"}]}
        ),
        {READER},
        "`name` can be null now",
    ),
    Case("enum value removed in a response", lambda d: drop_value(d, "SyncMode", 1), {GENERATED}, "(MASTER)"),
    Case(
        "enum value removed in a request too",
        lambda d: drop_value(d, "LearnMode", 0),
        {SENDER, GENERATED},
        "the value 0 (OFF) was removed",
    ),
    Case(
        "enum value renamed",
        lambda d: schema(d, "SyncMode").update({"x-enum-varnames": ["ALONE", "MASTER", "SLAVE"]}),
        {GENERATED},
        "was renamed from NORMAL to ALONE",
    ),
    Case("error code removed", lambda d: d["x-error-codes"].pop(0), {READER, GENERATED}, "error code -6103"),
    Case(
        "error code renamed",
        lambda d: d["x-error-codes"][0].update(name="NO_CAMERA"),
        {GENERATED},
        "NO_CAMERA",
    ),
    Case(
        "error code in another category",
        lambda d: d["x-error-codes"][0].update(category="engine"),
        {READER},
        "category changed from camera to engine",
    ),
    Case(
        "range of codes removed",
        lambda d: d["x-error-ranges"].clear(),
        {READER, GENERATED},
        "ALGORITHM_ERROR",
    ),
    Case(
        "range of codes narrowed",
        lambda d: d["x-error-ranges"][0].update({"from": -6550}),
        {READER},
        "to -6550…-6500",
    ),
    Case(
        "content type of a request changed",
        lambda d: rename(
            request(d, "/api/set_calib"), "application/json", "application/x-www-form-urlencoded"
        ),
        {SENDER, GENERATED},
        "is not application/json any more",
    ),
    Case(
        "content type of a response changed",
        lambda d: rename(content(d, "/api/get_image"), "image/jpeg", "image/png"),
        {READER, GENERATED},
        "can be image/png now",
    ),
    Case(
        "JSON before the picture",
        lambda d: rename(content(d, "/api/get_image"), "image/jpeg", "image/jpeg"),
        {GENERATED},
        "application/json comes first",
    ),
    Case(
        "HTTP status added",
        lambda d: post(d, "/api/reboot")["responses"].update({"503": {"description": "Busy."}}),
        {READER},
        "HTTP status 503",
    ),
    Case(
        "multipart part renamed", rename_part, {SENDER, GENERATED}, "the part `file` was renamed to `upload`"
    ),
    Case(
        "multipart encoding changed",
        lambda d: request(d, "/api/restore")["multipart/form-data"]["encoding"]["file"].update(
            contentType="application/zip"
        ),
        {SENDER},
        "the encoding of the part `file` changed",
    ),
    Case(
        "effect more harmful",
        lambda d: post(d, "/api/get_result").update({"x-effect": "act"}),
        {SENDER},
        "the effect changed from read to act",
    ),
    Case(
        "a request body where there was none",
        lambda d: post(d, "/api/reboot").update(
            requestBody=copy.deepcopy(post(d, "/api/set_calib")["requestBody"])
        ),
        {SENDER},
        "a request body is required now",
    ),
    Case(
        "range narrowed in a request",
        lambda d: fields(d, "RegisterItemRequest")["name"].update(maxLength=20),
        {SENDER},
        "maxLength of `name` changed from none to 20",
    ),
    Case(
        "range widened in a response",
        lambda d: fields(d, "RecognizedItem")["score"].update(maximum=100),
        {READER},
        "maximum of `score` changed from 1 to 100",
        lambda d: fields(d, "RecognizedItem")["score"].update(maximum=1),
    ),
    Case(
        "more entries in a response",
        lambda d: fields(d, "RecognitionResult")["items"].pop("maxItems"),
        {READER},
        "maxItems of `items` changed from 10 to none",
        lambda d: fields(d, "RecognitionResult")["items"].update(maxItems=10),
    ),
    Case(
        "range narrowed where it is sent and read",
        lambda d: [fields(d, name)["left"].update(maximum=639) for name in SENT_AND_READ],
        {SENDER},
        "maximum of `left` changed from 1279 to 639",
    ),
    Case(
        "range widened where it is sent and read",
        lambda d: [fields(d, name)["left"].update(maximum=1919) for name in SENT_AND_READ],
        {READER},
        "maximum of `left` changed from 1279 to 1919",
        lambda d: fields(d, "CalibrationArea")["left"].update(maximum=1279),
    ),
    Case(
        "null stands for no result any more",
        lambda d: post(d, "/api/get_calib").pop("x-null-result"),
        {READER},
        "null does not stand for a result any more",
    ),
    Case(
        "sum lowered",
        lambda d: schema(d, "SetCalibRequest")["x-sum-maximum"][0].update(maximum=640),
        {SENDER},
        "maximum of `left + width` changed from 1280 to 640",
    ),
    Case(
        "field essential",
        lambda d: schema(d, "RecognizedItem")["x-essential"].append("weight"),
        {GENERATED},
        "`weight` is essential now",
    ),
    Case(
        "field not essential any more",
        lambda d: schema(d, "RecognizedItem")["x-essential"].remove("score"),
        {GENERATED},
        "`score` is not essential any more",
    ),
    Case(
        "default changed in a response",
        lambda d: fields(d, "BackupStatus")["msg"].update(default="none"),
        {READER},
        'the default of `msg` changed from "" to "none"',
    ),
    Case(
        "server default changed",
        lambda d: d["servers"][0]["variables"]["host"].update(default="172.22.0.9"),
        {SENDER},
        "the default changed from 172.22.0.6 to 172.22.0.9",
    ),
    Case(
        "tag changed",
        lambda d: post(d, "/api/reboot").update(tags=["camera"]),
        {GENERATED},
        "the tag changed from device to camera",
    ),
    Case(
        "path parameter narrowed",
        lambda d: d["paths"]["/download/{filename}"]["get"]["parameters"][0]["schema"].update(maxLength=8),
        {SENDER},
        "maxLength of `filename` changed from none to 8",
    ),
    Case(
        "authentication", lambda d: d.update(security=[{"token": []}]), {SENDER}, "the authentication changed"
    ),
    Case(
        "a keyword that the comparison does not know",
        lambda d: fields(d, "Item")["name"].update(readOnly=True),
        {SENDER, READER, GENERATED},
        "`readOnly` changed. This comparison does not know it",
    ),
    Case(
        "an extension that the comparison does not know",
        lambda d: post(d, "/api/reboot").update({"x-timeout": 3}),
        {SENDER, READER, GENERATED},
        "`x-timeout` changed",
    ),
]

ADDITIONS = [
    Case("new operation", new_operation, set(), "new operation `POST /api/get_light`, effect read"),
    Case(
        "request field added, optional",
        lambda d: add_field(d, "RegisterItemRequest", "shop"),
        set(),
        "the optional field `shop` was added",
    ),
    Case(
        "required request field made optional",
        lambda d: schema(d, "RegisterItemRequest")["required"].remove("name"),
        set(),
        "`name` is optional now",
    ),
    Case(
        "response field added",
        lambda d: add_field(d, "DeviceInfo", "temperature", required=True),
        set(),
        "`temperature` was added",
    ),
    Case("enum value added to a response", lambda d: add_value(d, "SyncMode", "mesh"), set(), '"mesh" (NEW)'),
    Case("enum value added to a request", lambda d: add_value(d, "LearnMode", 2), set(), "the value 2 (NEW)"),
    Case("error code added", add_code, set(), "error code -6301: LAMP_BROKEN (camera)"),
    Case(
        "error code in another version",
        lambda d: d["x-error-codes"][1]["versions"].insert(0, "v1"),
        set(),
        "error code -6109: exists in v1 of the API too",
    ),
    Case(
        "error code not in a version any more",
        lambda d: d["x-error-codes"][0]["versions"].remove("v1"),
        set(),
        "error code -6103: does not exist in v1 of the API any more",
    ),
    Case(
        "error code added to an operation",
        lambda d: post(d, "/api/reboot")["x-error-codes"].append(-6203),
        set(),
        "`reboot`: can return -6203 too",
    ),
    Case(
        "error code removed from an operation",
        lambda d: post(d, "/api/set_calib")["x-error-codes"].remove(-6203),
        set(),
        "not known to return -6203",
    ),
    Case(
        "range of codes widened",
        lambda d: d["x-error-ranges"][0].update({"from": -6699}),
        set(),
        "to -6699…-6500",
    ),
    Case(
        "effect less harmful",
        lambda d: post(d, "/api/delete_registered_item").update({"x-effect": "set"}),
        set(),
        "the effect changed from act to set",
    ),
    Case(
        "range widened in a request",
        lambda d: fields(d, "RegisterItemRequest")["name"].update(minLength=0),
        set(),
        "minLength of `name` changed from 1 to 0",
    ),
    Case(
        "range narrowed in a response",
        lambda d: fields(d, "RecognizedItem")["score"].update(maximum=0.99),
        set(),
        "maximum of `score` changed from none to 0.99",
    ),
    Case(
        "another name of a field",
        lambda d: fields(d, "DeviceInfo")["sync"].update({"x-alternative-name": "sync_version"}),
        set(),
        "`sync` can have the name `sync_version` too",
    ),
    Case(
        "another name of a field that is gone",
        lambda d: fields(d, "DeviceInfo")["syncMode"].pop("x-alternative-name"),
        set(),
        "`syncMode` does not have the name `sync_mode` any more",
    ),
    Case(
        "null stands for a result",
        lambda d: post(d, "/api/get_learnmode").update({"x-null-result": {"mode": 0}}),
        set(),
        'null stands for the result {"mode": 0}',
    ),
    Case(
        "an operation deprecated",
        lambda d: post(d, "/api/get_learnmode").update(
            {"deprecated": True, "x-replaced-by": "getDeviceInfo"}
        ),
        set(),
        "is deprecated, use `getDeviceInfo`",
    ),
    Case(
        "a field deprecated",
        lambda d: fields(d, "DeviceInfo")["sdk"].update({"deprecated": True, "x-replaced-by": "engine"}),
        set(),
        "`sdk` is deprecated, use `engine`",
    ),
    Case(
        "another content type for a request",
        lambda d: request(d, "/api/set_calib").update(
            {"application/xml": request(d, "/api/set_calib")["application/json"]}
        ),
        set(),
        "can be application/xml now",
    ),
    Case(
        "another server",
        lambda d: d["servers"].append({"url": "http://module"}),
        set(),
        "new server http://module",
    ),
]

EDITORIAL = [
    Case(
        "description of an operation",
        lambda d: post(d, "/api/reboot").update(description="."),
        set(),
        "`reboot`",
    ),
    Case(
        "description of a field", lambda d: fields(d, "Item")["name"].update(description="."), set(), "`Item`"
    ),
    Case(
        "description beside a reference",
        lambda d: fields(d, "DeviceInfo")["syncMode"].update(description="."),
        set(),
        "`DeviceInfo`",
    ),
    Case(
        "an example",
        lambda d: content(d, "/api/reboot")["application/json"].pop("examples"),
        set(),
        "`reboot`",
    ),
    Case("the introduction", lambda d: d["info"].update(description="."), set(), "the introduction"),
    Case("a code's meaning", lambda d: d["x-error-codes"][0].update(meaning="."), set(), "error code -6103"),
    Case("a code's wording", lambda d: d["x-error-codes"][0].update(vendor="."), set(), "error code -6103"),
    Case("a translation", lambda d: d["x-error-codes"][0]["meanings"].update(ru="."), set(), "code -6103"),
    Case("the catalog", lambda d: schema(d, "ErrorCode").update(description="."), set(), "`ErrorCode`"),
    Case("a tag's description", lambda d: d["tags"][0].update(description="."), set(), "the tags"),
]

CASES = [
    *((Impact.BREAKING, case) for case in BREAKING),
    *((Impact.ADDITION, case) for case in ADDITIONS),
    *((Impact.EDITORIAL, case) for case in EDITORIAL),
]
EVERY_CASE = pytest.mark.parametrize(
    ("impact", "case"),
    [pytest.param(impact, case, id=f"{impact.name}: {case.what}") for impact, case in CASES],
)


def edited(contract: Node, edit: Edit) -> Node:
    changed = copy.deepcopy(contract)
    edit(changed)
    return changed


@EVERY_CASE
def test_a_change_has_an_impact_and_the_consumers_it_breaks(
    contract: Node, impact: Impact, case: Case
) -> None:
    contract = edited(contract, case.before) if case.before else contract
    changes = compare(contract, edited(contract, case.edit))
    assert impact_of(changes) == impact, format_report(changes)
    matches = [change for change in changes if case.message in str(change)]
    assert matches, format_report(changes)
    assert {consumer for change in changes for consumer in change.breaks} >= case.breaks
    assert {consumer for change in matches for consumer in change.breaks} == case.breaks


@EVERY_CASE
def test_only_a_sufficient_version_passes(impact: Impact, case: Case, contract: Node) -> None:
    contract = edited(contract, case.before) if case.before else contract
    rating = impact_of(compare(contract, edited(contract, case.edit)))
    sufficient = {Impact.EDITORIAL: "1.0.1", Impact.ADDITION: "1.1.0", Impact.BREAKING: "2.0.0"}
    for version in ("1.0.0", "1.0.1", "1.1.0", "2.0.0"):
        passes = check_version("1.0.0", version, rating) is None
        assert passes == (version >= sufficient[impact]), version


def test_the_same_contract_requires_no_new_version(contract: Node) -> None:
    assert compare(contract, copy.deepcopy(contract)) == []
    assert check_version("1.0.0", "1.0.0", None) is None


@pytest.mark.parametrize(
    ("old", "new", "impact", "message"),
    [
        ("1.0.0", "1.0.0", Impact.EDITORIAL, "is still 1.0.0, but the changes require a patch"),
        ("1.0.0", "1.0.0", Impact.BREAKING, "Set it to 2.0.0 or higher"),
        ("1.4.2", "1.5.0", Impact.BREAKING, "increased only from 1.4.2 to 1.5.0"),
        ("1.4.2", "1.4.3", Impact.ADDITION, "Set it to 1.5.0 or higher"),
        ("1.9.0", "1.8.9", None, "decreased"),
        ("1.0.0", "1.1", Impact.ADDITION, "three numbers"),
    ],
)
def test_a_version_that_is_too_low_is_reported(
    old: str, new: str, impact: Impact | None, message: str
) -> None:
    assert message in (check_version(old, new, impact) or "")


def test_versions_are_compared_as_numbers() -> None:
    assert check_version("1.9.0", "1.10.0", Impact.ADDITION) is None


def test_the_changelog_entry_has_the_usual_headings(contract: Node) -> None:
    changed = copy.deepcopy(contract)
    for edit in (new_operation, rename_part, add_code):
        edit(changed)
    changed["paths"].pop("/api/restore")
    post(changed, "/api/get_learnmode").update({"deprecated": True, "x-replaced-by": "getDeviceInfo"})
    post(changed, "/api/reboot")["description"] = "."
    entry = format_changelog_entry("1.0.0", "2.0.0", compare(contract, changed))
    headings = [line for line in entry.splitlines() if line.startswith("#")]
    assert headings == ["### Added", "### Changed", "### Deprecated", "### Removed"]
    assert "- The version of the contract changed from 1.0.0 to 2.0.0." in entry
    assert "- **Breaking:** `startRestoreAlias`: the operation `POST /api/restore` was removed." in entry
    assert all(len(line) <= 100 for line in entry.splitlines())


def test_the_new_firmware_of_the_generator_test_is_an_addition(contract: Node) -> None:
    changes = compare(contract, add_new_firmware(copy.deepcopy(contract)))
    assert impact_of(changes) == Impact.ADDITION
    text = "\n".join(map(str, changes))
    for message in (
        "`setLight`: new operation",
        "`temperature` was added",
        '"mesh" (MESH)',
        "error code -6301",
    ):
        assert message in text


# Redocly rates these higher. The contract tells clients to keep unknown values, and the description of a tag
# affects no client.
RATED_HIGHER_BY_REDOCLY = {
    "enum value added to a response",
    "enum value added to a request",
    "a tag's description",
}


@pytest.mark.parametrize("impact", [Impact.EDITORIAL, Impact.ADDITION])
def test_redocly_does_not_rate_a_change_higher(linters: None, contract: Node, impact: Impact) -> None:
    """Redocly compares all changes of one impact in one document, and must not rate any of them higher."""
    changed = copy.deepcopy(contract)
    for rated, case in CASES:
        if rated is impact and case.what not in RATED_HIGHER_BY_REDOCLY:
            case.edit(changed)
    rating = rate_with_redocly(contract, changed)
    assert rating is not None and rating <= impact


def test_redocly_rates_some_changes_higher(linters: None, contract: Node) -> None:
    changed = copy.deepcopy(contract)
    add_value(changed, "SyncMode", "mesh")
    assert rate_with_redocly(contract, changed) is Impact.BREAKING


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "openapi" / "tools" / "firmware_diff.py"), *arguments]
    return subprocess.run(
        [*command, "--contract", str(folder / "openapi" / "vision-ai.yaml")], capture_output=True, text=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with the current contract in its first commit."""
    (tmp_path / "openapi").mkdir()
    for source in CONTRACT.parent.glob("*.yaml"):
        (tmp_path / "openapi" / source.name).write_bytes(source.read_bytes())
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Contract"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


@pytest.mark.slow
def test_the_command_compares_with_a_git_reference(repository: Path) -> None:
    contract = repository / "openapi" / "vision-ai.yaml"
    assert run(repository, "HEAD").returncode == 0

    text = CONTRACT.read_text(encoding="utf-8").replace("  /api/get_image:\n", "  /api/get_picture:\n")
    contract.write_text(text, encoding="utf-8")
    refused = run(repository, "HEAD")
    assert refused.returncode == 1
    assert "breaks clients that send it" in " ".join(refused.stdout.split())
    assert "Set it to 3.0.0 or higher" in refused.stderr

    contract.write_text(text.replace("\n  version: 2.0.0\n", "\n  version: 3.0.0\n"), encoding="utf-8")
    passed = run(repository, "HEAD")
    assert passed.returncode == 0, passed.stderr
    assert "**Breaking:** `getImage`" in passed.stdout


def test_a_reference_without_a_contract_is_reported(repository: Path) -> None:
    result = run(repository, "no-such-tag")
    assert result.returncode == 1
    assert "There is no contract at 'no-such-tag'" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_change_is_formatted_with_its_location() -> None:
    assert str(Change("`reboot`", "was removed", Impact.BREAKING)) == "`reboot`: was removed"


def test_the_page_about_firmware_has_the_differences_between_the_versions() -> None:
    command = [sys.executable, str(ROOT / "openapi" / "tools" / "firmware_diff.py"), "--api-versions"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    page = (ROOT / "docs" / "firmware.md").read_text(encoding="utf-8")
    assert f"<!-- V1 to V2: the output of the command -->\n```text\n{printed}\n```" in page


def test_a_git_reference_or_both_versions_have_to_be_named() -> None:
    command = [sys.executable, str(ROOT / "openapi" / "tools" / "firmware_diff.py")]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 2
    assert "name a git reference, or use --api-versions" in result.stderr
