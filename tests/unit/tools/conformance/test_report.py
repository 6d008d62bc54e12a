"""The report: its documented format, redaction, and the Markdown page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import fields
from conformance_support import ChangedTransport, check, make_emulator, set_dialect
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

import vision_ai_tools.conformance
from vision_ai_emulator import Emulator
from vision_ai_generated.api import OPERATIONS
from vision_ai_tools.conformance import EFFECTS, Report
from vision_ai_tools.conformance.contract import find_departures, get_contract_version, load_contract
from vision_ai_tools.conformance.readings import READINGS

PACKAGE = Path(vision_ai_tools.conformance.__file__).parent
SCHEMA = Draft202012Validator(json.loads((PACKAGE / "report.schema.json").read_text(encoding="utf-8")))
ODD = {"trailing_commas": True, "charset": "gbk", "content_type": "none", "list_shape": "items"}
SECRETS = ("77777771", "Obst & Gemüse", "48151", "77777772")


@pytest.fixture(scope="module")
def store_emulator() -> Emulator:
    """An emulator with a store's secrets."""
    return make_emulator(
        sn=SECRETS[0], store_name=SECRETS[1], store_id=SECRETS[2], master_sn=SECRETS[3], sync_mode="slave"
    )


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("dialect", [{}, ODD], ids=["plain", "odd"])
def test_it_has_the_documented_format(
    emulator: Emulator, tmp_path: Path, effects: str, dialect: dict[str, Any]
) -> None:
    report = check(set_dialect(emulator, **dialect), tmp_path, effects)
    result = json.loads(report.to_json())
    SCHEMA.validate(result)
    assert result == report.to_dict()
    of_v1 = [each.id for each in READINGS if "v1" in each.versions]
    assert [each["id"] for each in result["readings"]] == of_v1
    assert [each["number"] for each in result["exchanges"]] == list(range(1, len(result["exchanges"]) + 1))
    assert {each["operation"] for each in result["operations"]} == {
        each.name for each in OPERATIONS.values() if "v1" in each.versions and not each.deprecated
    }


def test_a_report_without_a_module_has_the_documented_format(tmp_path: Path) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    report = check(httpx.MockTransport(refuse), tmp_path)
    SCHEMA.validate(report.to_dict())
    assert report.outcome == "unreachable"


def test_the_schema_has_the_fields_of_a_report() -> None:
    documented = SCHEMA.schema["properties"].keys() - {"vision_ai_conformance", "conforms"}
    assert documented == {each.name for each in fields(Report)}


def test_secrets_are_redacted(store_emulator: Emulator, tmp_path: Path) -> None:
    report = check(store_emulator, tmp_path, "destructive")
    [backup] = tmp_path.iterdir()
    for text in (report.to_json(), report.to_markdown()):
        for secret in (*SECRETS, backup.name):
            assert secret not in text and json.dumps(secret)[1:-1] not in text
    assert report.device_info is not None and report.device_info["firmware"] == "9.9.4.2"
    assert report.redacted and "Serial number" not in report.to_markdown()


def test_secrets_are_kept_on_request(store_emulator: Emulator, tmp_path: Path) -> None:
    report = check(store_emulator, tmp_path, redact=False)
    assert not report.redacted and report.device_info is not None
    assert report.device_info["sn"] == SECRETS[0] and SECRETS[0] in report.to_markdown()


def test_pictures_are_shortened(emulator: Emulator, tmp_path: Path) -> None:
    report = check(set_dialect(emulator), tmp_path, "act")
    taken = [each for each in report.exchanges if each.operation == "register_item"]
    assert all(each.size > 5000 and len(each.received) < 200 for each in taken)
    picture = next(each for each in report.exchanges if each.operation == "get_image")
    assert "bytes of a JPEG" in picture.received
    assert len(report.to_json()) < 60_000


def test_evidence_shows_requests_and_responses(tmp_path: Path) -> None:
    report = check(set_dialect(make_emulator(), field_names="item_id_only", charset="gbk"), tmp_path, "act")
    first = report.reading("A1").evidence[0]
    assert first.request == 'POST /api/register_item {"id":"99999","name":"检查 check"}'
    assert first.received == '{"code":-6213,"data":null}'
    assert report.exchanges[first.exchange - 1].purpose == "field names: id"
    message = "没有备份任务".encode("gbk").decode("ascii", "backslashreplace")
    assert message in report.reading("A15").evidence[0].received


def test_calls_and_durations_are_counted_by_operation(emulator: Emulator, tmp_path: Path) -> None:
    report = check(set_dialect(emulator), tmp_path)
    asked = {each.operation: each for each in report.operations}
    info = asked["get_device_info"]
    assert (info.asked, info.answered, info.codes, info.statuses) == (4, 4, {"0": 4}, {"200": 4})
    assert info.median_ms is not None and info.max_ms is not None and info.median_ms <= info.max_ms
    assert asked["get_image"].content_types == {"image/jpeg": 3}
    tried_by = {each.operation: each.tried_by for each in report.operations if not each.asked}
    assert tried_by == {
        "set_calib": "--effects set",
        "set_learnmode": "--effects set",
        "register_item": "--effects act",
        "delete_registered_image": "--effects act",
        "delete_registered_item": "--effects act",
        "start_backup": "--effects act",
        "download_backup": "--effects act",
        "start_restore": "--effects destructive",
        "reboot": "--effects destructive --also reboot",
        "reset_device": "--effects destructive --also reset_device",
        "commit_registered_item": None,
        "result_feedback": None,
    }


def test_the_page_is_valid_markdown(emulator: Emulator, tmp_path: Path) -> None:
    def add_awkward_field(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/get_calib":
            return response
        return httpx.Response(200, json={**response.json(), "a|b": "x`y|\n``` z"})

    report = check(
        ChangedTransport(set_dialect(emulator, data_key="omitted_when_null"), add_awkward_field), tmp_path
    )
    html = MarkdownIt("commonmark").enable("table").render(report.to_markdown())
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    assert {row.count("<td") or row.count("<th") for row in rows} == {2, 3, 5, 7}
    assert html.count("<table>") == 5 and "**" not in re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    for each in READINGS:
        assert (f"<td>{each.id}</td>" in html) == ("v1" in each.versions)


@pytest.mark.parametrize(("version", "name"), [("v1", "vision-ai.json"), ("v2", "vision-ai-v2.json")])
def test_the_contract_is_that_of_the_source_tree(version: Any, name: str) -> None:
    tree = Path(__file__).parents[4] / "openapi" / "dist" / name
    assert load_contract(version) == json.loads(tree.read_text(encoding="utf-8"))
    assert get_contract_version(version) == load_contract(version)["info"]["version"]


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS.values() if "v1" in each.versions], ids=lambda each: each.name
)
def test_examples_of_the_contract_are_no_departures(operation: Any) -> None:
    answers = load_contract("v1")["paths"][operation.path][operation.method.lower()]["responses"]["200"]
    examples = answers["content"]["application/json"]["examples"]
    assert examples
    for name, example in examples.items():
        assert find_departures("v1", operation.name, example["value"]) == [], name
