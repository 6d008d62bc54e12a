"""Secrets are replaced by placeholders; everything else stays unchanged."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from vision_ai._redaction import SECRET_FIELDS, SECRET_HEADERS, Redaction, redact

ROOT = Path(__file__).parents[5]
CONTRACT = YAML(typ="safe").load(ROOT / "openapi" / "vision-ai.yaml")

INFO = {
    "code": 0,
    "data": {
        "clientID": "11095",
        "clientName": "Obst & Gemüse Müller",
        "engine": "9.5.0",
        "masterSN": "12345677",
        "sn": "12345678",
        "soldOutLimit": 3,
        "syncMode": "slave",
    },
}
SECRETS = ("11095", "Müller", "12345677", "12345678")


@pytest.mark.parametrize("separators", [(",", ":"), (", ", " : ")])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_no_secret_of_a_response_remains(separators: tuple[str, str], ascii_only: bool) -> None:
    text = Redaction().redact_text(json.dumps(INFO, ensure_ascii=ascii_only, separators=separators))
    for secret in (*SECRETS, "M\\u00fcller"):
        assert secret not in text
    data = json.loads(text)["data"]
    assert data["engine"] == "9.5.0"
    assert data["soldOutLimit"] == 3
    assert len({data["sn"], data["masterSN"]}) == 2
    assert all(isinstance(data[name], str) and data[name] for name in ("clientID", "clientName", "sn"))


def test_parsed_json_and_its_text_are_redacted_in_the_same_way() -> None:
    redaction = Redaction()
    assert redaction.redact_json(INFO) == json.loads(redaction.redact_text(json.dumps(INFO)))
    assert INFO["data"]["sn"] == "12345678"  # type: ignore[index]


def test_the_same_secret_has_the_same_placeholder() -> None:
    redaction = Redaction()
    first = json.loads(redaction.redact_text('{"sn": "ABC-1", "masterSN": "ABC-2"}'))
    second = json.loads(redaction.redact_text('{"masterSN": "ABC-1", "sn": "ABC-2"}'))
    assert first == {"sn": second["masterSN"], "masterSN": second["sn"]}


def test_a_number_is_replaced_by_a_number_of_the_same_type() -> None:
    text = Redaction().redact_text('{"sn": 12345678, "clientID":11095}')
    assert "12345678" not in text
    assert "11095" not in text
    assert all(isinstance(value, int) for value in json.loads(text).values())


@pytest.mark.parametrize(
    "text",
    [
        '{"code":0,"data":{"masterSN":"","sn":null,"clientID":"0000"}}',
        '{"code":0,"data":{"items":[{"id":"7","score":0.9}],"sid":"20220414150011198237897"}}',
        '{"id":"sn","name":"clientName","snack":"peanuts","isn":"x"}',
        '{"code": 0,}',
        "no JSON at all",
        "",
    ],
)
def test_text_without_secrets_stays_unchanged(text: str) -> None:
    assert Redaction().redact_text(text) == text


@pytest.mark.parametrize(
    "name", ["sn", "SN", "masterSN", "master_sn", "client_id", "clientID", "clientName", "file_name"]
)
def test_field_names_are_known_in_any_spelling(name: str) -> None:
    assert "12345678" not in Redaction().redact_text(f'{{"{name}":"12345678"}}')
    assert Redaction().redact_value(name, "12345678") != "12345678"


@pytest.mark.parametrize("cut", ['{"code":0,"sn":"1234', '{"sn":"12\\', '{"sn": "1234\\"56'])
def test_a_response_that_breaks_off_reveals_no_secret(cut: str) -> None:
    assert "12" not in Redaction().redact_text(cut)


def test_undecodable_bytes_around_a_secret_stay_unchanged() -> None:
    body = b'{"sn":"12345678","msg":"\xff\xfe\xe4",}'
    redacted_body = Redaction().redact_body(body)
    assert b"12345678" not in redacted_body
    assert redacted_body.endswith(b'"msg":"\xff\xfe\xe4",}')


def test_the_name_of_a_backup_is_replaced_everywhere() -> None:
    redaction = Redaction()
    name = "12345678 Müller.evo"
    status = json.loads(redaction.redact_text(json.dumps({"code": 0, "filename": name, "status": 3})))
    placeholder = status["filename"]
    assert placeholder.endswith(".evo")
    assert redaction.redact_text("http://172.22.0.6/download/12345678%20M%C3%BCller.evo") == (
        f"http://172.22.0.6/download/{placeholder}"
    )
    form = redaction.redact_text(f'form-data; name="file"; filename="{name}"')
    assert form == f'form-data; name="file"; filename="{placeholder}"'
    assert redaction.redact_text(f"no such file: {name}") == f"no such file: {placeholder}"


def test_a_serial_number_is_replaced_in_other_texts_once_it_is_known() -> None:
    redaction = Redaction()
    redaction.redact_text('{"sn":"12345678"}')
    assert "12345678" not in redaction.redact_text('{"sid":"12345678-20220414"}')


def test_headers_with_credentials_are_redacted() -> None:
    given = [("Authorization", "Basic c2VjcmV0"), ("Cookie", "id=1"), ("Host", "172.22.0.6")]
    shown = dict(Redaction().redact_headers(given))
    assert shown["Host"] == "172.22.0.6"
    assert "c2VjcmV0" not in shown["Authorization"]
    assert "1" not in shown["Cookie"]


def test_logged_texts_and_arguments_contain_no_secrets() -> None:
    assert "12345678" not in redact('get_device_info {"sn":"12345678"}')
    assert redact({"id": "7", "filename": "12345678.evo"}) == {"id": "7", "filename": "backup-1.evo"}


def test_the_table_names_fields_of_the_contract() -> None:
    named = {
        name.lower()
        for schema in CONTRACT["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }
    assert set(SECRET_FIELDS) <= named


def test_the_documentation_names_every_secret_header() -> None:
    page = (ROOT / "docs" / "recording.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "Authorization" in line)
    assert {name.lower() for name in re.findall(r"`([A-Za-z-]+)`", row)} - {"hidden"} == SECRET_HEADERS
