"""The file of credentials: its form, whom it lets give orders, and that it never shows its secrets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from vision_ai import InvalidInputError
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.errors import NotPermittedError
from vision_ai_fleet.messages import derive_secret
from vision_ai_fleet.names import ScaleId

SECRET = bytes(range(32))
CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
FULL = Credentials(
    server="tls://center.example:4222",
    role="manager",
    name="anna",
    jwt="head.body.sign",
    seed="SUAKEY",
    secret=SECRET,
    store="0042",
    ca=CA,
    domain="store-0042",
)


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    FULL.write(tmp_path / "anna.creds")
    assert Credentials.read(tmp_path / "anna.creds") == FULL
    assert os.listdir(tmp_path) == ["anna.creds"]  # noqa: PTH208
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "anna.creds").stat().st_mode) == 0o600


def test_lines_of_windows_are_read_too() -> None:
    assert Credentials.parse(FULL.format().replace("\n", "\r\n")).server == FULL.server


def test_nothing_secret_is_in_its_representation() -> None:
    assert not any(secret in repr(FULL) for secret in ("head.body", "SUAKEY", "secret", repr(SECRET)))


@pytest.mark.parametrize(
    "text",
    ["", "server: nats://127.0.0.1:4222\nrole: scale\n", FULL.format().replace("manager", "owner")],
    ids=["nothing", "no identity", "an unknown role"],
)
def test_what_is_no_such_file_says_how_to_get_one(text: str) -> None:
    with pytest.raises(InvalidInputError, match="fleet enrol"):
        Credentials.parse(text)


def test_a_damaged_secret_is_named() -> None:
    with pytest.raises(InvalidInputError, match="damaged"):
        Credentials.parse(FULL.format().replace("secret: ", "secret: !"))


def test_each_role_gets_the_secrets_of_its_own_scales() -> None:
    scale = ScaleId("0042", "07")
    operator = Credentials("nats://h", "operator", secret=SECRET)
    manager = Credentials("nats://h", "manager", secret=derive_secret(SECRET, "0042"), store="0042")
    expected = derive_secret(derive_secret(SECRET, "0042"), "07")
    own = Credentials("nats://h", "scale", secret=expected, store="0042", scale="07")
    assert {each.get_scale_secret(scale) for each in (operator, manager, own)} == {expected}


@pytest.mark.parametrize(
    ("role", "store", "scale"), [("viewer", "", ""), ("manager", "0043", ""), ("scale", "0042", "08")]
)
def test_others_may_not_give_orders(role: str, store: str, scale: str) -> None:
    credentials = Credentials("nats://h", role, secret=SECRET, store=store, scale=scale)
    with pytest.raises(NotPermittedError, match="0042/07"):
        credentials.get_scale_secret(ScaleId("0042", "07"))
