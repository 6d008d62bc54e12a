"""`make firmware-diff` rates what a new firmware does to those who use the contract."""

from __future__ import annotations

import copy
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from changes import Change, Consumer, Impact
from compare import compare
from document import CONTRACT, Node
from firmware_diff import changelog_entry, impact_of, report, second_opinion, version_findings

ROOT = Path(__file__).resolve().parents[3]
SENDS, READS, BUILT = Consumer.SENDS, Consumer.READS, Consumer.BUILT
Edit = Callable[[Node], object]


SENT_AND_READ = ("SetCalibRequest", "CalibrationArea")


class Case(NamedTuple):
    what: str
    edit: Edit
    hurts: set[Consumer]
    words: str


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
    fields(document, name)[field] = {"type": "string", "description": "News."}
    if required:
        schema(document, name)["required"].append(field)


def add_value(document: Node, name: str, value: Any) -> None:
    schema(document, name)["enum"].append(value)
    schema(document, name)["x-enum-varnames"].append("NEWS")
    schema(document, name)["x-enum-descriptions"].append("News.")


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
    Case("operation removed", lambda d: d["paths"].pop("/api/reboot"), {SENDS, READS, BUILT}, "is gone"),
    Case(
        "path changed",
        lambda d: rename(d["paths"], "/api/get_image", "/api/get_picture"),
        {SENDS},
        "is `POST /api/get_picture` now, it was `POST /api/get_image`",
    ),
    Case(
        "method changed",
        lambda d: rename(d["paths"]["/api/get_image"], "post", "get"),
        {SENDS},
        "is `GET /api/get_image` now",
    ),
    Case(
        "operation renamed",
        lambda d: post(d, "/api/reboot").update(operationId="restart"),
        {BUILT},
        "was named `reboot`",
    ),
    Case(
        "request field added, required",
        lambda d: add_field(d, "RegisterItemRequest", "shop", required=True),
        {SENDS},
        "`shop` must be sent",
    ),
    Case(
        "optional request field made required",
        lambda d: schema(d, "RegisterItemRequest")["required"].append("item_id"),
        {SENDS},
        "`item_id` must be sent now",
    ),
    Case(
        "request field removed",
        lambda d: fields(d, "ResultFeedbackRequest").pop("name"),
        {SENDS, BUILT},
        "`name` is gone",
    ),
    Case(
        "twin removed",
        lambda d: fields(d, "RegisterItemRequest").pop("item_id"),
        {SENDS, BUILT},
        "`item_id`, the deprecated twin of `id`, is gone",
    ),
    Case(
        "answer field removed",
        lambda d: fields(d, "DeviceInfo").pop("sn"),
        {READS, BUILT},
        "`sn` is gone",
    ),
    Case(
        "answer field may be left out",
        lambda d: schema(d, "DeviceInfo")["required"].remove("sn"),
        {READS},
        "`sn` may be left out now",
    ),
    Case(
        "answer field renamed",
        lambda d: rename(fields(d, "Item"), "name", "title"),
        {READS, BUILT},
        "`name` is called `title` now",
    ),
    Case(
        "type changed in an answer",
        lambda d: fields(d, "DeviceInfo")["soldOutLimit"].update(type="string"),
        {READS},
        "`soldOutLimit` is string now, it was integer",
    ),
    Case(
        "type changed in a request",
        lambda d: fields(d, "ResultFeedbackRequest")["intop"].update(type="integer"),
        {SENDS},
        "`intop` is integer now",
    ),
    Case(
        "integer to number in an answer",
        lambda d: fields(d, "DeviceInfo")["soldOutLimit"].update(type="number"),
        {READS},
        "is number now",
    ),
    Case(
        "an answer may be null in a new place",
        lambda d: fields(d, "RegisteredItem").update(
            name={"anyOf": [fields(d, "RegisteredItem")["name"], {"type": "null"}]}
        ),
        {READS},
        "`name` may be null now",
    ),
    Case("enum value removed in an answer", lambda d: drop_value(d, "SyncMode", 1), {BUILT}, "(MASTER)"),
    Case(
        "enum value removed in a request too",
        lambda d: drop_value(d, "LearnMode", 0),
        {SENDS, BUILT},
        "the value 0 (OFF) is gone",
    ),
    Case(
        "enum value renamed",
        lambda d: schema(d, "SyncMode").update({"x-enum-varnames": ["ALONE", "MASTER", "SLAVE"]}),
        {BUILT},
        "is named ALONE now, it was NORMAL",
    ),
    Case("error code removed", lambda d: d["x-error-codes"].pop(0), {READS, BUILT}, "error code -6103"),
    Case(
        "error code renamed", lambda d: d["x-error-codes"][0].update(name="NO_CAMERA"), {BUILT}, "NO_CAMERA"
    ),
    Case(
        "error code in another category",
        lambda d: d["x-error-codes"][0].update(category="engine"),
        {READS},
        "category engine now",
    ),
    Case("range of codes removed", lambda d: d["x-error-ranges"].clear(), {READS, BUILT}, "ALGORITHM_ERROR"),
    Case(
        "range of codes narrowed",
        lambda d: d["x-error-ranges"][0].update({"from": -6550}),
        {READS},
        "-6550 to -6500 now",
    ),
    Case(
        "content type of a request changed",
        lambda d: rename(
            request(d, "/api/set_calib"), "application/json", "application/x-www-form-urlencoded"
        ),
        {SENDS, BUILT},
        "is not application/json any more",
    ),
    Case(
        "content type of an answer changed",
        lambda d: rename(content(d, "/api/get_image"), "image/jpeg", "image/png"),
        {READS, BUILT},
        "may be image/png now",
    ),
    Case(
        "JSON before the picture",
        lambda d: rename(content(d, "/api/get_image"), "image/jpeg", "image/jpeg"),
        {BUILT},
        "application/json comes first",
    ),
    Case(
        "another HTTP status",
        lambda d: post(d, "/api/reboot")["responses"].update({"503": {"description": "Busy."}}),
        {READS},
        "HTTP status 503",
    ),
    Case("multipart part renamed", rename_part, {SENDS, BUILT}, "the part `file` is called `upload` now"),
    Case(
        "multipart part encoded in another way",
        lambda d: request(d, "/api/restore")["multipart/form-data"]["encoding"]["file"].update(
            contentType="application/zip"
        ),
        {SENDS},
        "the part `file` is encoded",
    ),
    Case(
        "effect made worse",
        lambda d: post(d, "/api/get_result").update({"x-effect": "act"}),
        {SENDS},
        "its effect is act now, it was read",
    ),
    Case(
        "a request body where there was none",
        lambda d: post(d, "/api/reboot").update(
            requestBody=copy.deepcopy(post(d, "/api/set_calib")["requestBody"])
        ),
        {SENDS},
        "a request body must be sent now",
    ),
    Case(
        "range narrowed in a request",
        lambda d: fields(d, "RegisterItemRequest")["name"].update(maxLength=20),
        {SENDS},
        "maxLength of `name` is 20 now",
    ),
    Case(
        "range widened in an answer",
        lambda d: fields(d, "RecognizedItem")["score"].update(maximum=100),
        {READS},
        "maximum of `score` is 100 now, it was 1",
    ),
    Case(
        "more entries in an answer",
        lambda d: fields(d, "RecognitionResult")["items"].pop("maxItems"),
        {READS},
        "maxItems of `items` is open now",
    ),
    Case(
        "range narrowed where it is sent and read",
        lambda d: [fields(d, name)["left"].update(maximum=639) for name in SENT_AND_READ],
        {SENDS},
        "maximum of `left` is 639 now",
    ),
    Case(
        "range widened where it is sent and read",
        lambda d: [fields(d, name)["left"].update(maximum=1919) for name in SENT_AND_READ],
        {READS},
        "maximum of `left` is 1919 now",
    ),
    Case(
        "sum lowered",
        lambda d: schema(d, "SetCalibRequest")["x-sum-maximum"][0].update(maximum=640),
        {SENDS},
        "maximum of `left + width` is 640 now",
    ),
    Case(
        "default changed in an answer",
        lambda d: fields(d, "DeviceInfo")["masterIP"].update(default="0.0.0.0"),
        {READS},
        '`masterIP` is "0.0.0.0" where it is left out',
    ),
    Case(
        "server default changed",
        lambda d: d["servers"][0]["variables"]["host"].update(default="172.22.0.9"),
        {SENDS},
        "is 172.22.0.9 by default now",
    ),
    Case("tag changed", lambda d: post(d, "/api/reboot").update(tags=["camera"]), {BUILT}, "tagged camera"),
    Case(
        "path parameter narrowed",
        lambda d: d["paths"]["/download/{filename}"]["get"]["parameters"][0]["schema"].update(maxLength=8),
        {SENDS},
        "maxLength of `filename` is 8 now",
    ),
    Case("a login", lambda d: d.update(security=[{"token": []}]), {SENDS}, "to be let in"),
    Case(
        "a keyword that the comparison does not know",
        lambda d: fields(d, "Item")["name"].update(readOnly=True),
        {SENDS, READS, BUILT},
        "`readOnly` has changed, which this comparison does not understand",
    ),
    Case(
        "an extension that the comparison does not know",
        lambda d: post(d, "/api/reboot").update({"x-timeout": 3}),
        {SENDS, READS, BUILT},
        "`x-timeout` has changed",
    ),
]

ADDITIONS = [
    Case("new operation", new_operation, set(), "a new operation, `POST /api/get_light`, effect read"),
    Case(
        "request field added, optional",
        lambda d: add_field(d, "RegisterItemRequest", "shop"),
        set(),
        "`shop` is new, which may be left out",
    ),
    Case(
        "required request field made optional",
        lambda d: schema(d, "RegisterItemRequest")["required"].remove("name"),
        set(),
        "`name` may be left out now",
    ),
    Case(
        "answer field added",
        lambda d: add_field(d, "DeviceInfo", "temperature", required=True),
        set(),
        "`temperature` is new",
    ),
    Case("enum value added to an answer", lambda d: add_value(d, "SyncMode", "mesh"), set(), '"mesh" (NEWS)'),
    Case(
        "enum value added to a request", lambda d: add_value(d, "LearnMode", 2), set(), "the value 2 (NEWS)"
    ),
    Case("error code added", add_code, set(), "error code -6301: LAMP_BROKEN (camera)"),
    Case(
        "error code added to an operation",
        lambda d: post(d, "/api/reboot")["x-error-codes"].append(-6203),
        set(),
        "`reboot`: may answer -6203 too",
    ),
    Case(
        "error code taken from an operation",
        lambda d: post(d, "/api/set_calib")["x-error-codes"].remove(-6203),
        set(),
        "not known to answer -6203",
    ),
    Case(
        "range of codes widened",
        lambda d: d["x-error-ranges"][0].update({"from": -6699}),
        set(),
        "-6699 to -6500 now",
    ),
    Case(
        "effect made better",
        lambda d: post(d, "/api/delete_registered_item").update({"x-effect": "set"}),
        set(),
        "its effect is set now, it was act",
    ),
    Case(
        "range widened in a request",
        lambda d: fields(d, "RegisterItemRequest")["name"].update(minLength=0),
        set(),
        "minLength of `name` is 0 now",
    ),
    Case(
        "range narrowed in an answer",
        lambda d: fields(d, "RecognizedItem")["score"].update(maximum=0.99),
        set(),
        "maximum of `score` is 0.99 now",
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
        "may be application/xml now",
    ),
    Case(
        "another server",
        lambda d: d["servers"].append({"url": "http://module"}),
        set(),
        "http://module is new",
    ),
]

WORDS = [
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
    Case("the catalogue", lambda d: schema(d, "ErrorCode").update(description="."), set(), "`ErrorCode`"),
    Case("a tag's description", lambda d: d["tags"][0].update(description="."), set(), "the tags"),
]

CASES = [
    *((Impact.BREAKING, case) for case in BREAKING),
    *((Impact.ADDITION, case) for case in ADDITIONS),
    *((Impact.WORDS, case) for case in WORDS),
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
def test_a_change_is_rated_and_says_whom_it_hurts(contract: Node, impact: Impact, case: Case) -> None:
    changes = compare(contract, edited(contract, case.edit))
    assert impact_of(changes) == impact, report(changes)
    found = [change for change in changes if case.words in str(change)]
    assert found, report(changes)
    assert {consumer for change in changes for consumer in change.hurts} >= case.hurts
    assert {consumer for change in found for consumer in change.hurts} == case.hurts


@EVERY_CASE
def test_only_a_sufficient_version_passes(impact: Impact, case: Case, contract: Node) -> None:
    impact_found = impact_of(compare(contract, edited(contract, case.edit)))
    sufficient = {Impact.WORDS: "1.0.1", Impact.ADDITION: "1.1.0", Impact.BREAKING: "2.0.0"}
    for version in ("1.0.0", "1.0.1", "1.1.0", "2.0.0"):
        passes = version_findings("1.0.0", version, impact_found) == []
        assert passes == (version >= sufficient[impact]), version


def test_the_same_contract_asks_for_nothing(contract: Node) -> None:
    assert compare(contract, copy.deepcopy(contract)) == []
    assert version_findings("1.0.0", "1.0.0", None) == []


@pytest.mark.parametrize(
    ("old", "new", "impact", "words"),
    [
        ("1.0.0", "1.0.0", Impact.WORDS, "still 1.0.0, and the changes ask for a patch"),
        ("1.0.0", "1.0.0", Impact.BREAKING, "set it to 2.0.0 or higher"),
        ("1.4.2", "1.5.0", Impact.BREAKING, "risen only from 1.4.2 to 1.5.0"),
        ("1.4.2", "1.4.3", Impact.ADDITION, "set it to 1.5.0 or higher"),
        ("1.9.0", "1.8.9", None, "fallen"),
        ("1.0.0", "1.1", Impact.ADDITION, "three numbers"),
    ],
)
def test_a_version_that_does_not_do_is_told_in_words(
    old: str, new: str, impact: Impact | None, words: str
) -> None:
    (finding,) = version_findings(old, new, impact)
    assert words in finding


def test_numbers_of_a_version_are_numbers() -> None:
    assert version_findings("1.9.0", "1.10.0", Impact.ADDITION) == []


def test_the_changelog_entry_has_the_usual_headings(contract: Node) -> None:
    changed = copy.deepcopy(contract)
    for edit in (new_operation, rename_part, add_code):
        edit(changed)
    changed["paths"].pop("/api/restore")
    post(changed, "/api/get_learnmode").update({"deprecated": True, "x-replaced-by": "getDeviceInfo"})
    post(changed, "/api/reboot")["description"] = "."
    entry = changelog_entry("1.0.0", "2.0.0", compare(contract, changed))
    headings = [line for line in entry.splitlines() if line.startswith("#")]
    assert headings == ["### Added", "### Changed", "### Deprecated", "### Removed"]
    assert "- The contract is 2.0.0, it was 1.0.0." in entry
    assert "- **Breaking:** `startRestoreAlias`: the operation `POST /api/restore` is gone." in entry
    assert all(len(line) <= 100 for line in entry.splitlines())


def test_the_firmware_of_the_drill_is_an_addition(contract: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drill in tests/unit/codegen and this comparison tell the same story of a new firmware."""
    monkeypatch.syspath_prepend(str(ROOT / "openapi" / "codegen"))
    path = ROOT / "tests" / "unit" / "codegen" / "test_drill.py"
    spec = importlib.util.spec_from_file_location("the_drill", path)
    assert spec is not None and spec.loader is not None
    drill = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drill)

    changes = compare(contract, drill.with_news(copy.deepcopy(contract)))
    assert impact_of(changes) == Impact.ADDITION
    told = "\n".join(map(str, changes))
    for words in ("`setLight`: a new operation", "`temperature` is new", '"mesh" (MESH)', "error code -6301"):
        assert words in told


# Where Redocly takes a change for more than we do: the contract tells clients to keep values that they do not
# know, and a tag's description is words to us.
REDOCLY_KNOWS_BETTER = {
    "enum value added to an answer",
    "enum value added to a request",
    "a tag's description",
}


@pytest.mark.parametrize("impact", [Impact.WORDS, Impact.ADDITION])
def test_redocly_does_not_take_a_change_for_more(linters: None, contract: Node, impact: Impact) -> None:
    """All changes of one kind in one document: Redocly must not find one that we have rated too low."""
    changed = copy.deepcopy(contract)
    for rated, case in CASES:
        if rated is impact and case.what not in REDOCLY_KNOWS_BETTER:
            case.edit(changed)
    opinion = second_opinion(contract, changed)
    assert opinion is not None and opinion <= impact


def test_redocly_does_take_some_for_more(linters: None, contract: Node) -> None:
    changed = copy.deepcopy(contract)
    add_value(changed, "SyncMode", "mesh")
    assert second_opinion(contract, changed) is Impact.BREAKING


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "openapi" / "tools" / "firmware_diff.py"), *arguments]
    return subprocess.run(
        [*command, "--contract", str(folder / "openapi" / "vision-ai.yaml")], capture_output=True, text=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with the contract of today in its first commit."""
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "vision-ai.yaml").write_bytes(CONTRACT.read_bytes())
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Contract"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


def test_the_command_compares_with_a_git_reference(repository: Path) -> None:
    contract = repository / "openapi" / "vision-ai.yaml"
    assert run(repository, "HEAD").returncode == 0

    text = CONTRACT.read_text(encoding="utf-8").replace("  /api/get_image:\n", "  /api/get_picture:\n")
    contract.write_text(text, encoding="utf-8")
    refused = run(repository, "HEAD")
    assert refused.returncode == 1
    assert "hurts a client that sends" in " ".join(refused.stdout.split())
    assert "set it to 2.0.0 or higher" in refused.stderr

    contract.write_text(text.replace("\n  version: 1.0.0\n", "\n  version: 2.0.0\n"), encoding="utf-8")
    passed = run(repository, "HEAD")
    assert passed.returncode == 0, passed.stderr
    assert "**Breaking:** `getImage`" in passed.stdout


def test_a_reference_without_a_contract_is_told_in_words(repository: Path) -> None:
    result = run(repository, "no-such-tag")
    assert result.returncode == 1
    assert "There is no contract at 'no-such-tag'" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_change_is_a_sentence() -> None:
    assert str(Change("`reboot`", "is gone", Impact.BREAKING)) == "`reboot`: is gone"
