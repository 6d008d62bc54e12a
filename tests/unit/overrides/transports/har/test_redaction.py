"""Secrets are replaced by placeholders; everything else stays unchanged."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vision_ai._redaction import Redaction
from vision_ai._redaction.secrets import CREDENTIAL_WORDS, SECRET_FIELDS

ROOT = Path(__file__).parents[5]
CONTRACT = json.loads((ROOT / "openapi" / "dist" / "vision-ai.json").read_text(encoding="utf-8"))

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


def test_what_only_v2_has_is_redacted_or_kept() -> None:
    info = {
        "sn": "12345678",
        "masterSN": "12345677",
        "masterIP": "192.168.7.9",
        "app": "9.0.6",
        "board": "1109",
    }
    redaction = Redaction()
    shown = redaction.redact_json(info)
    assert (shown["app"], shown["board"], shown["masterIP"]) == ("9.0.6", "1109", "address-1")
    assert redaction.redact_text("no route to 192.168.7.9") == "no route to address-1"
    assert Redaction().redact_json({"masterIP": ""}) == {"masterIP": ""}


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
    assert "12345678" not in Redaction().redact_text('get_device_info {"sn":"12345678"}')
    arguments = {"id": "7", "filename": "12345678.evo"}
    assert Redaction().redact_json(arguments) == {"id": "7", "filename": "backup-1.evo"}


def test_the_table_names_fields_of_the_contract() -> None:
    named = {
        name.lower()
        for schema in CONTRACT["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }
    assert set(SECRET_FIELDS) <= named


def test_the_documentation_names_every_kind_of_credential() -> None:
    page = (ROOT / "docs" / "recording.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "`authorization`" in line)
    assert set(re.findall(r"`([a-z]+)`", row)) - {"hidden"} == set(CREDENTIAL_WORDS)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (r'{"s\u006e":"12345678"}', "12345678"),
        (r'{"\u0073\u006e":"12345678"}', "12345678"),
        ('{"sn":-12345678}', "12345678"),
        ('{"sn":12345678.0}', "12345678"),
        ('{"sn":1.2345678e7}', "2345678"),
        ('{"sn":["12345678",{"a":12345679}]}', "1234567"),
        ('{"sn":{"value":"12345678"}}', "12345678"),
        ('{"sn":["1234", "5678', "5678"),
        (r'{"msg":"{\"sn\":\"12345678\"}"}', "12345678"),
        ("{'sn': '12345678'}", "12345678"),
        ("<sn>12345678</sn>", "12345678"),
        ("GET /?sn=12345678&a=1", "12345678"),
        ("http://till:open-sesame@10.0.0.1/", "open-sesame"),
        ("proxy http://till:open%20sesame@10.0.0.1:80 refused", "open%20sesame"),
        ("GET /?access_token=open-sesame", "open-sesame"),
        ('{"apiKey":"open-sesame"}', "open-sesame"),
        ("attachment; filename*=UTF-8''12345678%20M.evo", "12345678"),
        ('attachment; filename="12345678.evo', "12345678"),
    ],
)
def test_no_secret_remains_in_any_notation(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in Redaction().redact_text(text)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("Obst & Müller", "Obst &amp; M&#252;ller"),
        ("Obst & Müller", "Obst%20%26%20M%C3%BCller"),
        ("Obst & Müller", "Obst+%26+M%c3%bcller"),
        ("Obst & Müller", r"Obst \u0026 M\u00fcller"),
        ("Obst & Müller", r"Obst & M\xfcller"),
        ("Obst & Müller", "Obst & M\u00c3\u00bcller"),
        ("西瓜店", r"欢迎光临西瓜店!"),
        ("西瓜店", r"\u897f\u74dc\u5e97"),
        ("12345678", r"\u0031\u0032\u0033\u0034\u0035\u0036\u0037\u0038"),
        ("11095", "store 11095."),
        ("REWE", "at REWE, aisle 7"),
    ],
)
def test_a_known_secret_is_found_in_any_notation(known: str, text: str) -> None:
    redaction = Redaction()
    redaction.redact_json({"clientName": known})
    redacted = redaction.redact_text(text)
    assert redacted != text
    assert "ller" not in redacted and "店" not in redacted and r"\u" not in redacted
    assert known not in redacted


@pytest.mark.parametrize("text", ["0.1109512", "211095", "11095.5", "REWERS", '{"left":404}'])
def test_other_values_that_contain_a_short_secret_stay_unchanged(text: str) -> None:
    redaction = Redaction()
    redaction.redact_json({"clientID": "11095", "clientName": "REWE", "sn": "404"})
    assert redaction.redact_text(text) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030"])
def test_bodies_are_redacted_in_any_encoding(encoding: str) -> None:
    body = json.dumps({"sn": "12345678", "clientName": "西瓜店", "name": "苹果"}, ensure_ascii=False).encode(
        encoding
    )
    redacted = Redaction().redact_body(body).decode(encoding)
    assert json.loads(redacted) == {"sn": "00000001", "clientName": "store-name-1", "name": "苹果"}


def test_bodies_are_redacted_in_the_declared_encoding() -> None:
    body = '{"clientName":"Müller","name":"Äpfel"}'.encode("latin-1")
    redacted = Redaction().redact_body(body, "application/json; charset=iso-8859-1")
    assert json.loads(redacted.decode("latin-1")) == {"clientName": "store-name-1", "name": "Äpfel"}
