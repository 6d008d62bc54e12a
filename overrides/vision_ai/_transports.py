"""URL → transport. `http`, `https` and `unix` are built in; further schemes come from the entry-point group
`vision_ai.transports`: a function `(url: str, *, asynchronous: bool)` that gives back an httpx transport.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import SplitResult, unquote, urlsplit

from ._direct import http_way
from ._direct.address import bound_to
from ._settings import DEFAULT_URL
from ._url import parsed
from .errors import InvalidInputError

if TYPE_CHECKING:
    from ._http import AsyncBaseTransport, AsyncClient, BaseTransport, Client
    from ._wire import Direct

GROUP = "vision_ai.transports"
URL_VARIABLE = "VISION_AI_URL"
OVER_TCP = ("http", "https")
UNIX = "unix"
EXTRAS = ("emulator",)
"""Schemes of this distribution whose dependencies are an extra of the same name."""
WITHOUT_ADDRESS = "http://module"
"""The address in requests to a transport that needs none."""
LONGEST_INTERFACE = 15
"""Characters of a network interface's name, in Linux."""
LONGEST_SOCKET_PATH = 107
"""Bytes of a Unix socket's path."""


class Way(NamedTuple):
    """What a client was told of the way to the module, beside its URL."""

    transport: BaseTransport | AsyncBaseTransport | None = None
    http_client: Client | AsyncClient | None = None
    proxy: str | None = None
    local_address: str | None = None
    interface: str | None = None
    at_once: int = 1

    def refuse(self, names: tuple[str, ...], why: str) -> None:
        """For what goes together with something else only."""
        for name in names:
            if getattr(self, name) is not None:
                raise InvalidInputError(f"{name} {why}")


BESIDE_TCP = ("proxy", "local_address", "interface")


def chosen_url(url: object, http_client: object) -> str:
    """The URL given, else the HTTP client's own, else that of the environment, else the module's own."""
    if url is None and http_client is not None:
        from ._http import AsyncClient, Client

        if isinstance(http_client, Client | AsyncClient):
            url = str(http_client.base_url) or None
    if url is None:
        url = os.environ.get(URL_VARIABLE) or DEFAULT_URL
    if not isinstance(url, str):
        raise InvalidInputError(f"url must be a text such as {DEFAULT_URL!r}, not {url!r}")
    return url.strip()


def chosen_carrier(
    url: str, way: Way, *, asynchronous: bool
) -> tuple[str, BaseTransport | AsyncBaseTransport | Direct]:
    """The address that requests are made for (no slash at its end), and what carries them there."""
    scheme, separator, rest = url.partition(":")
    scheme = scheme.lower()
    if not separator or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise InvalidInputError(f"{url!r} is no URL; write for example 'http://172.22.0.6' or 'emulator:'")
    if way.transport is not None:
        way.refuse(("http_client", *BESIDE_TCP), "goes without a transport: that one knows its own way")
        address = _http_address(url) if scheme in OVER_TCP else WITHOUT_ADDRESS
        return address, _fitting(way.transport, asynchronous)
    if way.http_client is not None:
        way.refuse(BESIDE_TCP, "goes without an http_client: make the client with it")
        if scheme not in OVER_TCP:
            raise InvalidInputError(f"an http_client goes with an http or https URL, not with {url!r}")
        return _http_address(url), _over_client(way.http_client, asynchronous)
    if scheme in OVER_TCP:
        address = _http_address(url)
        return address, _over_tcp(address, way, asynchronous)
    way.refuse(BESIDE_TCP, f"goes with an http or https URL, not with {url!r}")
    if scheme == UNIX:
        path = _socket_path(url, rest)
        return WITHOUT_ADDRESS, http_way(
            WITHOUT_ADDRESS, asynchronous=asynchronous, uds=path, keep=way.at_once
        )
    return WITHOUT_ADDRESS, _fitting(_from_entry_point(scheme, url, asynchronous), asynchronous)


def _fitting(transport: object, asynchronous: bool) -> BaseTransport | AsyncBaseTransport:
    from ._http import AsyncBaseTransport, BaseTransport

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
        parsed(address)
    except ValueError as error:
        raise InvalidInputError(f"{url!r} is no usable URL: {error}") from None
    return address


def _socket_path(url: str, rest: str) -> str:
    path = unquote(rest.removeprefix("//"))
    if not path.startswith("/") or "\0" in path:
        raise InvalidInputError(f"{url!r} names no socket; write for example 'unix:/run/vision-ai.sock'")
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise InvalidInputError(f"{url!r}: a socket's path has at most {LONGEST_SOCKET_PATH} bytes")
    return path


def _over_client(client: object, asynchronous: bool) -> BaseTransport | AsyncBaseTransport:
    from ._http import AsyncClient, Client
    from ._http_client import AsyncClientTransport, ClientTransport

    if asynchronous and isinstance(client, AsyncClient):
        return AsyncClientTransport(client)
    if not asynchronous and isinstance(client, Client):
        return ClientTransport(client)
    ours, wanted = ("AsyncVisionAI", "AsyncClient") if asynchronous else ("VisionAI", "Client")
    raise InvalidInputError(f"{ours} needs an httpx.{wanted} as its http_client, not {client!r}")


def _over_tcp(address: str, way: Way, asynchronous: bool) -> BaseTransport | AsyncBaseTransport | Direct:
    _check_way_out(way)
    if address.startswith("http:") and way.proxy is None:
        return http_way(
            address,
            asynchronous=asynchronous,
            local_address=way.local_address,
            interface=way.interface,
            keep=way.at_once,
        )
    from ._http import AsyncHTTPTransport, HTTPTransport, InvalidURL

    # Proxy variables of the environment are read by httpx.Client only; a transport knows what it is given.
    options: dict[str, Any] = {"proxy": way.proxy, "local_address": way.local_address}
    if way.interface is not None:
        options["socket_options"] = [bound_to(way.interface)]
    if not address.startswith("https:") and not str(way.proxy).startswith("https:"):
        options["verify"] = False  # there is no TLS on this way, and reading all certificates takes long
    transport = AsyncHTTPTransport if asynchronous else HTTPTransport
    try:
        return transport(**options)
    except (ValueError, InvalidURL, ImportError) as error:
        raise InvalidInputError(f"proxy {way.proxy!r} cannot be used: {error}") from error


def _check_way_out(way: Way) -> None:
    if way.proxy is not None and not isinstance(cast(object, way.proxy), str):
        raise InvalidInputError(f"proxy must be a URL as text, not {way.proxy!r}")
    if way.local_address is not None:
        try:
            if not isinstance(cast(object, way.local_address), str):
                raise ValueError
            ipaddress.ip_address(way.local_address)
        except ValueError:
            raise InvalidInputError(
                "local_address must be an address of this computer such as '172.22.0.7', "
                f"not {way.local_address!r}"
            ) from None
    if way.interface is not None and not (
        isinstance(cast(object, way.interface), str)
        and re.fullmatch(r"[^\s/\0]+", way.interface)
        and len(os.fsencode(way.interface)) <= LONGEST_INTERFACE
    ):
        raise InvalidInputError(
            f"interface must be the name of a network interface such as 'usb0', not {way.interface!r}"
        )


def _from_entry_point(scheme: str, url: str, asynchronous: bool) -> object:
    from importlib.metadata import EntryPoint, entry_points  # slow to load, and seldom needed

    found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
    if scheme not in found:
        known = ", ".join(f"{name}:" for name in sorted({*OVER_TCP, UNIX, *found}))
        raise InvalidInputError(f"{url!r}: no transport for {scheme!r}; known are {known}")
    try:
        factory: Callable[..., object] = found[scheme].load()
        return factory(url, asynchronous=asynchronous)
    except ImportError as error:
        ours = f": pip install 'vision-ai-module[{scheme}]'" if scheme in EXTRAS else ""
        raise InvalidInputError(f"{url!r} needs more than is installed ({error}){ours}") from error
    except ValueError as error:
        raise InvalidInputError(f"{url!r}: {error}") from error
