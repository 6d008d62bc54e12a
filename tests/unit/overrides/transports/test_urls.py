"""Plain URLs are read without httpx, and as httpx reads them."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_ai._transports.urls import Url, parse_url

PIECES = (
    *("172.22.0.6", "localhost", "module", "a-b", "-a", "a.b", "256.1.1.1", "01.2.3.4", "1.2.3", "[::1]"),
    *("xn--4ca", "xn--zz"),
    *("A", "ä", "_", "..", ".", "/", "//", "/.", "/..", "/a", "/%2E", "/%2e", "/%", "%41", "/~"),
    *("/a b", "/ü", "/,", ":", ":80", ":8080", ":0", ":080", ":65535", ":65536", ":99999", "?", "?a=b", "#"),
    *("@", "\\", "\t", ""),
)  # fmt: skip


def parse_with_httpx(text: str) -> Url | None:
    try:
        url = httpx.URL(text)
        assert isinstance(url.host, str)
    except (httpx.InvalidURL, ValueError):
        return None
    return Url(text, url.scheme, url.raw_host.decode(), url.port, url.netloc, url.raw_path)


def parse(text: str) -> Url | None:
    try:
        return parse_url(text)
    except ValueError:
        return None


@given(
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.sampled_from(("http://", "HTTP://", "https://")),
)
def test_urls_are_read_as_httpx_reads_them(rest: str, scheme: str) -> None:
    assert parse(scheme + rest) == parse_with_httpx(scheme + rest)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_urls_of_any_characters_are_read_as_httpx_reads_them(path: str) -> None:
    assert parse(f"http://172.22.0.6/download/{path}") == parse_with_httpx(
        f"http://172.22.0.6/download/{path}"
    )


@pytest.mark.parametrize("length", [1999, 2001, 70_000])
def test_long_urls_are_read_as_httpx_reads_them(length: int) -> None:
    url = "http://172.22.0.6/".ljust(length, "a")
    assert parse(url) == parse_with_httpx(url)


@pytest.mark.parametrize(
    "url", ["http://172.22.0.6/api/get_result", "http://localhost:8172/download/a%20b.evo", "http://module/"]
)
def test_a_plain_url_is_read_without_httpx(url: str) -> None:
    program = (
        "import sys; from vision_ai._transports.urls import parse_url; "
        f"parse_url({url!r}); sys.exit('httpx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
