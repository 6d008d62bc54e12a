"""The parts of a URL that a request needs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Url(NamedTuple):
    """A URL and its parts, as httpx has them."""

    text: str
    scheme: str
    host: str
    """As it is looked up: in ASCII, without brackets."""
    port: int | None
    """None for the scheme's own."""
    netloc: bytes
    """Host and port, as they stand in a request's head."""
    target: bytes
    """Path and query."""


OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
LONGEST_PLAIN = 2000
"""Characters."""

# What httpx leaves unchanged.
_match_plain = re.compile(
    rf"http://(?P<host>{OCTET}(?:\.{OCTET}){{3}}|(?!xn--)[a-z](?:[a-z0-9-]*[a-z0-9])?)"
    r"(?::(?P<port>[1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
    r"(?P<path>(?:/(?!\.)(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*)*)"
).fullmatch


_find_user = re.compile(r"""(?:(?<=[/'"\s])|^)[^/'"\s]*@""").sub


def hide_password(text: str) -> str:
    """Return a message without the users and passwords of its URLs."""
    return _find_user("…@", text)


def quote_url(url: str) -> str:
    """Return a URL for a message, in quotes and without user and password."""
    return repr(hide_password(url))


@lru_cache(maxsize=64)  # a client sends the same few requests
def parse_url(text: str) -> Url:
    """Return a URL's parts. A plain one is parsed without importing httpx.

    Raises:
        ValueError: the text is not a URL.
    """
    plain = _match_plain(text) if len(text) <= LONGEST_PLAIN else None
    if plain is None:
        return _parse_with_httpx(text)
    host, digits, path = plain.group("host", "port", "path")
    port = int(digits) if digits and digits != "80" else None
    netloc = host if port is None else f"{host}:{port}"
    return Url(text, "http", host, port, netloc.encode(), path.encode() or b"/")


def _parse_with_httpx(text: str) -> Url:
    from .. import _httpx

    try:
        url = _httpx.URL(text)
    except _httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    _ = url.host  # raises a ValueError of its own where a label is not valid IDNA
    return Url(text, url.scheme, url.raw_host.decode("ascii"), url.port, url.netloc, url.raw_path)
