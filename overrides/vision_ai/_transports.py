"""URL → transport. `http` and `https` are httpx's own; further schemes come from the entry-point group
`vision_ai.transports`: a function `(url: str, *, asynchronous: bool)` that gives back an httpx transport.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import cast
from urllib.parse import SplitResult, urlsplit

from ._direct import http_transport
from ._http import URL, AsyncBaseTransport, AsyncHTTPTransport, BaseTransport, HTTPTransport, InvalidURL
from .errors import InvalidInputError

GROUP = "vision_ai.transports"
BUILT_IN = ("http", "https")
EXTRAS = ("emulator",)
"""Schemes of this distribution whose dependencies are an extra of the same name."""
INSIDE_THIS_PROCESS = "http://module"
"""The address in requests to a transport that needs none."""

AnyTransport = BaseTransport | AsyncBaseTransport


def chosen_transport(
    url: str, *, transport: AnyTransport | None, proxy: str | None, asynchronous: bool
) -> tuple[str, AnyTransport]:
    """The address that requests are made for (no slash at its end), and what carries them there."""
    scheme, separator, _ = url.partition(":")
    scheme = scheme.lower()
    if not separator or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise InvalidInputError(f"{url!r} is no URL; write for example 'http://172.22.0.6' or 'emulator:'")
    if transport is not None:
        address = _http_address(url) if scheme in BUILT_IN else INSIDE_THIS_PROCESS
        return address, _fitting(transport, asynchronous)
    if scheme in BUILT_IN:
        address = _http_address(url)
        return address, _http_transport(address, proxy, asynchronous)
    if proxy is not None:
        raise InvalidInputError(f"a proxy goes with an http or https URL, not with {url!r}")
    return INSIDE_THIS_PROCESS, _fitting(_from_entry_point(scheme, url, asynchronous), asynchronous)


def _fitting(transport: object, asynchronous: bool) -> AnyTransport:
    wanted = AsyncBaseTransport if asynchronous else BaseTransport
    if not isinstance(transport, wanted):
        client = "AsyncVisionAI" if asynchronous else "VisionAI"
        raise InvalidInputError(f"{client} needs an httpx.{wanted.__name__}, not {transport!r}")
    return transport


def _http_address(url: str) -> str:
    try:
        parts: SplitResult = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise InvalidInputError(f"{url!r} is no usable URL: {error}") from None
    if not host or re.search(r"[\s\x00-\x1f]", url):
        raise InvalidInputError(f"{url!r} names no host; write for example 'http://172.22.0.6'")
    if port == 0:
        raise InvalidInputError(f"{url!r}: the port must be 1 to 65535")
    if "@" in parts.netloc:
        raise InvalidInputError(f"the URL for {host} has a user or password: the module knows neither")
    if parts.query or parts.fragment:
        raise InvalidInputError(f"{url!r}: leave out what stands behind '?' or '#'")
    address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    try:
        URL(address)
    except InvalidURL as error:
        raise InvalidInputError(f"{url!r} is no usable URL: {error}") from None
    return address


def _http_transport(address: str, proxy: str | None, asynchronous: bool) -> AnyTransport:
    if address.startswith("http:") and proxy is None:
        return http_transport(address, asynchronous=asynchronous)
    # Proxy variables of the environment are read by httpx.Client only; a transport knows what it is given.
    transport = AsyncHTTPTransport if asynchronous else HTTPTransport
    if proxy is not None and not isinstance(cast(object, proxy), str):
        raise InvalidInputError(f"proxy must be a URL as text, not {proxy!r}")
    try:
        return transport(proxy=proxy)
    except (ValueError, InvalidURL, ImportError) as error:
        raise InvalidInputError(f"proxy {proxy!r} cannot be used: {error}") from error


def _from_entry_point(scheme: str, url: str, asynchronous: bool) -> object:
    found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
    if scheme not in found:
        known = ", ".join(f"{name}:" for name in sorted({*BUILT_IN, *found}))
        raise InvalidInputError(f"{url!r}: no transport for {scheme!r}; known are {known}")
    try:
        factory: Callable[..., object] = found[scheme].load()
        return factory(url, asynchronous=asynchronous)
    except ImportError as error:
        ours = f": pip install 'vision-ai-module[{scheme}]'" if scheme in EXTRAS else ""
        raise InvalidInputError(f"{url!r} needs more than is installed ({error}){ours}") from error
    except ValueError as error:
        raise InvalidInputError(f"{url!r}: {error}") from error
