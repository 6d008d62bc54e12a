"""Seals, and the secrets behind them."""

from __future__ import annotations

import pytest

from vision_ai_fleet.messages import ForgedMessageError, decode, derive_secret, seal, unseal

FLEET = bytes(range(32))
SUBJECT = "jobs.0042.07.backup-1"
PAYLOAD = {"id": "backup-1", "kind": "backup", "arguments": {"name": "Груша"}}


def test_a_sealed_message_is_read_with_the_same_secret_and_subject() -> None:
    assert unseal(FLEET, SUBJECT, seal(FLEET, SUBJECT, PAYLOAD)) == PAYLOAD


@pytest.mark.parametrize(
    ("secret", "subject", "change"),
    [
        (derive_secret(FLEET, "0042"), SUBJECT, None),
        (FLEET, "jobs.0043.07.backup-1", None),
        (FLEET, SUBJECT, (b"backup-1", b"backup-2")),
        (FLEET, SUBJECT, (b'"mac"', b'"mark"')),
    ],
    ids=["another secret", "another subject", "another payload", "no seal"],
)
def test_a_message_that_was_not_sealed_so_is_refused(
    secret: bytes, subject: str, change: tuple[bytes, bytes] | None
) -> None:
    data = seal(FLEET, SUBJECT, PAYLOAD)
    if change is not None:
        data = data.replace(*change)
    with pytest.raises(ForgedMessageError, match=subject):
        unseal(secret, subject, data)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"mac": 1}', b"null", b'{"mac": "\xc3\xa9"}'])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ForgedMessageError):
        unseal(FLEET, SUBJECT, data)


def test_each_store_and_scale_has_a_secret_of_its_own() -> None:
    store = derive_secret(FLEET, "0042")
    secrets = {
        FLEET,
        store,
        derive_secret(store, "07"),
        derive_secret(store, "08"),
        derive_secret(FLEET, "07"),
    }
    assert len(secrets) == 5 and {len(secret) for secret in secrets} == {32}


def test_what_is_no_object_decodes_to_an_empty_one() -> None:
    assert [decode(data) for data in (b"", b"1", b"[1]", b"\xff")] == [{}, {}, {}, {}]
