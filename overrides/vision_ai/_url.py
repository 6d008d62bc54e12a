"""A URL's parts as httpx has them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Parts(NamedTuple):
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

# What httpx leaves as it is.
_plain = re.compile(
    rf"http://(?P<host>{OCTET}(?:\.{OCTET}){{3}}|(?!xn--)[a-z](?:[a-z0-9-]*[a-z0-9])?)"
    r"(?::(?P<port>[1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
    r"(?P<path>(?:/(?!\.)(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*)*)"
).fullmatch


@lru_cache(maxsize=64)  # one module is asked the same few things
def parsed(url: str) -> Parts:
    """Raises ValueError for what is no URL. For a plain one httpx need not be loaded."""
    plain = _plain(url) if len(url) <= LONGEST_PLAIN else None
    if plain is None:
        return _parsed_by_httpx(url)
    host, digits, path = plain.group("host", "port", "path")
    port = int(digits) if digits and digits != "80" else None
    netloc = host if port is None else f"{host}:{port}"
    return Parts("http", host, port, netloc.encode(), path.encode() or b"/")


def _parsed_by_httpx(url: str) -> Parts:
    from ._http import URL, InvalidURL

    try:
        it = URL(url)
    except InvalidURL as error:
        raise ValueError(str(error)) from None
    _ = it.host  # raises a ValueError of its own where a label is no IDNA
    return Parts(it.scheme, it.raw_host.decode("ascii"), it.port, it.netloc, it.raw_path)
