"""The table of secrets: which fields, parameters and headers hold one, by their names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from attrs import frozen

_is_suffix = re.compile(r"\.[A-Za-z]{1,8}").fullmatch


@frozen
class Kind:
    """A kind of secret."""

    label: str
    harmless: frozenset[str] = frozenset({""})
    """Values that reveal nothing."""

    def make_placeholder(self, value: str, number: int) -> str:
        """Return a number of the same length for a number, a label for anything else."""
        if self is CREDENTIAL:
            return self.label
        if value.isascii() and value.isdigit():
            return str(number).zfill(len(value))
        suffix = PurePosixPath(value).suffix if self is FILE_NAME else ""
        return f"{self.label}-{number}{suffix if _is_suffix(suffix) else ''}"


SERIAL = Kind("serial")
STORE_NUMBER = Kind("store", harmless=frozenset({"", "0000"}))  # as the module comes from the factory
STORE_NAME = Kind("store-name")
ADDRESS = Kind("address", harmless=frozenset({"", "0.0.0.0"}))
FILE_NAME = Kind("backup")
CREDENTIAL = Kind("hidden")
"""Of proxies and gateways; the module itself knows none."""

SECRET_FIELDS = {
    "sn": SERIAL,
    "mastersn": SERIAL,
    "masterip": ADDRESS,
    "clientid": STORE_NUMBER,
    "clientname": STORE_NAME,
    "filename": FILE_NAME,
}
"""Names in lower case, without separators: the vendor's text has `syncMode` and `sync_mode`."""

CREDENTIAL_WORDS = (
    "authorization",
    "cookie",
    "token",
    "password",
    "secret",
    "apikey",
    "signature",
    "credential",
)
"""A name that contains one of them holds a credential."""
CREDENTIAL_NAMES = frozenset({"auth", "key", "passwd", "pwd", "session", "sessionid", "sig"})


def find_kind(name: str) -> Kind | None:
    """Return what a field, parameter or header of that name holds; None for what is no secret."""
    plain = name.lower().replace("_", "").replace("-", "")
    kind = SECRET_FIELDS.get(plain)
    if kind is None and (plain in CREDENTIAL_NAMES or any(word in plain for word in CREDENTIAL_WORDS)):
        return CREDENTIAL
    return kind
