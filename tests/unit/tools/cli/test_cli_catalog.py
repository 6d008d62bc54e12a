"""Commands that read a list of products: `items check`, and the names of `recognize`, `feedback` and `items list`."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_cli import Result, run_cli

from vision_ai_emulator import Emulator, Settings

LIST = "id;name\n001;Apple\n002;Pear\n003;Plum\n"


@pytest.fixture
def plu(tmp_path: Path) -> Path:
    path = tmp_path / "plu.csv"
    path.write_text(LIST)
    return path


def check(plu: Path, url: str) -> Result:
    return run_cli("items", "check", plu.name, "--json", url=url, cwd=plu.parent)


def test_check_lists_all_differences(emulator: Emulator, url: str, plu: Path) -> None:
    for id, name in (("009", "Fig"), ("001", "Apple "), ("002", "Birne")):
        emulator.device.teach(id, name)
    result = check(plu, url)
    assert result.status == 1
    assert result.value == {
        "file": "plu.csv",
        "products": 3,
        "compared": ["id", "name"],
        "equal": False,
        "not_in_catalog": [{"id": "009", "name": "Fig", "catalog_name": None}],
        "not_taught": [{"id": "003", "name": None, "catalog_name": "Plum"}],
        "other_name": [{"id": "002", "name": "Birne", "catalog_name": "Pear"}],
    }
    view = run_cli("items", "check", plu, url=url)
    assert (view.status, view.err) == (1, "")
    assert [line.split(None, 1)[0] for line in view.out.splitlines()] == ["ID", "009", "003", "002"]
    assert view.out.splitlines()[1].endswith("not in the catalog")
    assert view.out.splitlines()[2].endswith("never taught")
    assert view.out.splitlines()[3].split() == ["002", "Birne", "Pear", "another", "name"]


def test_check_succeeds_where_nothing_differs(emulator: Emulator, url: str, plu: Path) -> None:
    for id, name in (("003", "Plum"), ("001", "Apple"), ("002", "Pear")):
        emulator.device.teach(id, name)
    result = check(plu, url)
    assert result.status == 0 and result.value["equal"] is True
    assert run_cli("items", "check", plu, url=url).out.startswith(
        "The module recognizes the same 3 products as "
    )


def test_check_of_a_module_without_names_compares_numbers(v2: Emulator, v2_url: str, plu: Path) -> None:
    v2.reset(settings=Settings(api="v2"))
    v2.device.teach("001")
    result = check(plu, v2_url)
    assert result.status == 1 and result.value["compared"] == ["id"]
    assert [each["id"] for each in result.value["not_taught"]] == ["002", "003"]
    assert result.value["other_name"] == []
    assert "only the numbers are compared" in run_cli("items", "check", plu, url=v2_url).err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,name\n1,\n", "plu.csv, line 2: the name is empty"),
        ("id,name\n1,杏仁\n".encode("gb18030"), "cannot be told. Save it as UTF-8"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("items", "check", "plu.csv"),
        ("items", "list", "--catalog", "plu.csv"),
        ("items", "teach", "--from", "plu.csv", "--missing"),
        ("recognize", "--catalog", "plu.csv"),
        ("feedback", "5", "1", "--catalog", "plu.csv"),
    ],
)
def test_a_mistake_in_the_list_is_reported_before_anything_is_sent(
    plu: Path, command: tuple[str, ...], content: bytes, message: str
) -> None:
    plu.write_bytes(content)
    result = run_cli(*command, url="http://127.0.0.1:9", cwd=plu.parent)
    assert result.status == 2
    text, hint = result.failure
    assert message in text and "encoding=" not in text
    assert hint == "Nothing was sent. Correct the file and try again."


def test_a_missing_list_is_a_failure_of_the_file(tmp_path: Path) -> None:
    assert run_cli("items", "check", "plu.csv", url="http://127.0.0.1:9", cwd=tmp_path).status == 1


def test_recognize_shows_the_names_of_the_catalog(emulator: Emulator, url: str, plu: Path) -> None:
    emulator.device.teach("003", "Old name")
    assert "003  Plum" in run_cli("recognize", "--catalog", plu, url=url).out
    assert "003  Old name" in run_cli("recognize", url=url).out
    [item] = run_cli("recognize", "--catalog", plu, "--json", url=url).value["items"]
    assert (item["id"], item["name"]) == ("003", "Plum")
    watch = ("--watch", "--times", "1", "--catalog", plu)
    assert run_cli("recognize", *watch, url=url).out.startswith("003 Plum ")
    assert run_cli("recognize", *watch, "--json", url=url).json["recognized"]["items"][0]["name"] == "Plum"


def test_a_confirmation_takes_the_name_from_the_catalog(emulator: Emulator, url: str, plu: Path) -> None:
    emulator.device.teach("003", "Old name")
    confirmed = run_cli("recognize", "--confirm", "002", "--catalog", plu, "--json", url=url).value[
        "confirmed"
    ]
    assert confirmed == {"id": "002", "name": "Pear", "intop": False}
    unknown = run_cli("recognize", "--confirm", "004", "--catalog", plu, url=url)
    assert unknown.status == 1 and "no product '004'" in unknown.failure[0]


def test_feedback_takes_the_name_from_the_catalog(emulator: Emulator, url: str, plu: Path) -> None:
    emulator.device.teach("003", "Old name")
    sid = run_cli("recognize", "--json", url=url).value["sid"]
    value = run_cli("feedback", sid, "002", "--catalog", plu, "--json", url=url).value
    assert value == {"sid": sid, "id": "002", "name": "Pear", "intop": True}
    assert run_cli("feedback", "5", "002", url=url).failure[0] == "the name of the product is missing"
    unknown = run_cli("feedback", "5", "004", "--catalog", plu, url=url)
    assert unknown.status == 2 and unknown.failure[0] == "the catalog has no product '004'"


def test_the_list_of_products_shows_the_names_of_the_catalog(emulator: Emulator, url: str, plu: Path) -> None:
    emulator.device.teach("003", "Old name")
    emulator.device.teach("009", "Fig")
    assert run_cli("items", "list", "--catalog", plu, url=url).out.splitlines() == [
        "ID   Name      In the catalog",
        "003  Old name  Plum",
        "009  Fig       –",
    ]
    assert run_cli("items", "list", "--catalog", plu, "--json", url=url).value == [
        {"id": "003", "name": "Old name", "catalog_name": "Plum"},
        {"id": "009", "name": "Fig", "catalog_name": None},
    ]


def test_one_product_is_taught_under_the_name_of_the_list(emulator: Emulator, url: str, plu: Path) -> None:
    value = run_cli("items", "teach", "002", "--from", plu, "--pictures", "1", "--json", url=url).value
    assert (value["id"], value["name"]) == ("002", "Pear")
    assert run_cli("items", "list", "--json", url=url).value == [{"id": "002", "name": "Pear"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--missing",), "--missing needs --from"),
        (("001", "--from", "plu.csv", "--missing"), "works with neither ID nor --no-wait"),
        (("--from", "plu.csv", "--missing", "--no-wait"), "works with neither ID nor --no-wait"),
        (("--from", "plu.csv"), "Missing argument 'ID'"),
        ((), "Missing argument 'ID'"),
        (("001",), "the name of the product is missing"),
        (("009", "--from", "plu.csv"), "the catalog has no product '009'"),
        (("001", "Apple", "--countdown", "3"), "--countdown works only with --missing"),
        (("--from", "plu.csv", "--missing"), "there is no terminal to ask on"),
    ],
)
def test_teaching_with_impossible_arguments_is_refused(
    plu: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run_cli("items", "teach", *arguments, url="http://127.0.0.1:9", cwd=plu.parent)
    assert result.status == 2 and message in result.failure[0]
