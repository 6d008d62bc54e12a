"""URL and options → transport.

`http`, `https` and `unix` are built in. Further schemes come from the entry-point group `vision_ai.transports`: a
function `(url: str, *, asynchronous: bool)` that returns an httpx transport or a `Transport`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from .._lazy_module import LazyModule
from ..errors import InvalidInputError
from ..options import DEFAULT_URL
from .base import Transport
from .direct.address import Address
from .platform import LONGEST_SOCKET_PATH, explain_missing_direct, interface_option
from .urls import hide_password, parse_url, quote_url

if TYPE_CHECKING:
    from .. import _httpx
else:
    _httpx = LazyModule("vision_ai._httpx")

GROUP = "vision_ai.transports"
URL_VARIABLE = "VISION_AI_URL"
TCP_SCHEMES = ("http", "https")
UNIX = "unix"
EXTRAS = ("emulator",)
"""Schemes of this distribution whose dependencies are an extra of the same name."""
NO_ADDRESS = "http://module"
"""The address in requests to a transport that needs none."""
LONGEST_INTERFACE = 15
"""Characters of a network interface's name in Linux."""
TCP_OPTIONS = ("proxy", "local_address", "interface")


class ConnectionOptions(NamedTuple):
    """How to reach the module, beside its URL."""

    transport: object = None
    http_client: object = None
    proxy: object = None
    local_address: object = None
    interface: object = None
    concurrency: int = 1
    keep_alive: bool = True

    @property
    def keep(self) -> int:
        """How many connections stay open between requests."""
        return self.concurrency if self.keep_alive else 0

    def refuse(self, names: tuple[str, ...], why: str) -> None:
        """Raise InvalidInputError for the first of these options that is given."""
        for name in names:
            if getattr(self, name) is not None:
                raise InvalidInputError(f"{name} {why}")


class Route(NamedTuple):
    """Where requests are addressed, without a slash at the end, and what carries them there."""

    base_url: str
    transport: Transport


def resolve_url(url: object, http_client: object = None) -> str:
    """Return the URL given, else the HTTP client's own, else that of the environment, else the module's own."""
    if url is None and http_client is not None:
        from .. import _httpx

        if isinstance(http_client, _httpx.Client | _httpx.AsyncClient):
            url = str(http_client.base_url) or None
    if url is None:
        url = os.environ.get(URL_VARIABLE) or DEFAULT_URL
    if not isinstance(url, str):
        raise InvalidInputError(f"url must be a text such as {DEFAULT_URL!r}, not {hide_password(repr(url))}")
    return url.strip()


def select_route(url: str, options: ConnectionOptions, *, asynchronous: bool) -> Route:
    """Return the transport for a URL.

    Raises:
        InvalidInputError: the URL or an option is not possible, or the two do not fit together.
    """
    scheme, separator, rest = url.partition(":")
    scheme = scheme.lower()
    if not separator or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise InvalidInputError(
            f"{quote_url(url)} is not a URL; write for example 'http://172.22.0.6' or 'emulator:'"
        )
    if options.transport is not None:
        options.refuse(("http_client", *TCP_OPTIONS), "cannot be combined with a transport")
        address = _check_address(url) if scheme in TCP_SCHEMES else NO_ADDRESS
        return Route(address, _adapt(options.transport, asynchronous))
    if options.http_client is not None:
        options.refuse(TCP_OPTIONS, "cannot be combined with an http_client: make the client with it")
        if scheme not in TCP_SCHEMES:
            raise InvalidInputError(f"an http_client needs an http or https URL, not {quote_url(url)}")
        return Route(_check_address(url), _adapt_client(options.http_client, asynchronous))
    if scheme in TCP_SCHEMES:
        address = _check_address(url)
        return Route(address, _open_tcp(address, options, asynchronous))
    options.refuse(TCP_OPTIONS, f"needs an http or https URL, not {quote_url(url)}")
    if scheme == UNIX:
        address = Address(NO_ADDRESS, unix_socket=_socket_path(url, rest))
        return Route(NO_ADDRESS, open_direct(address, options.keep, asynchronous=asynchronous))
    return Route(NO_ADDRESS, _adapt(_open_entry_point(scheme, url, asynchronous), asynchronous))


def open_direct(address: Address, keep: int, *, asynchronous: bool) -> Transport:
    """Return the direct transport to an address; where it cannot run, httpx's own."""
    reason = explain_missing_direct()
    if reason is not None:
        from .fallback import open_fallback  # imports httpx

        return open_fallback(address, reason, asynchronous=asynchronous)
    if asynchronous:
        from .any_loop import AnyLoopTransport  # imports asyncio

        return AnyLoopTransport(address, keep)
    from .direct.sync import SyncDirectTransport

    return SyncDirectTransport(address, keep)


def _adapt(transport: object, asynchronous: bool) -> Transport:
    """Return a `Transport` for one, or for one of httpx's."""
    if isinstance(transport, Transport):
        if transport.asynchronous not in (None, asynchronous):
            raise InvalidInputError(f"{_client_name(asynchronous)} cannot use {transport!r}")
        return transport
    from .. import _httpx
    from .httpx_adapter import AsyncHttpxAdapter, HttpxAdapter

    if asynchronous and isinstance(transport, _httpx.AsyncBaseTransport):
        return AsyncHttpxAdapter(transport)
    if not asynchronous and isinstance(transport, _httpx.BaseTransport):
        return HttpxAdapter(transport)
    wanted = "AsyncBaseTransport" if asynchronous else "BaseTransport"
    raise InvalidInputError(f"{_client_name(asynchronous)} needs an httpx.{wanted}, not {transport!r}")


def _adapt_client(client: object, asynchronous: bool) -> Transport:
    from .. import _httpx
    from .httpx_client import AsyncClientTransport, ClientTransport

    if asynchronous and isinstance(client, _httpx.AsyncClient):
        return _adapt(AsyncClientTransport(client), asynchronous)
    if not asynchronous and isinstance(client, _httpx.Client):
        return _adapt(ClientTransport(client), asynchronous)
    wanted = "AsyncClient" if asynchronous else "Client"
    raise InvalidInputError(
        f"{_client_name(asynchronous)} needs an httpx.{wanted} as its http_client, not {client!r}"
    )


def _client_name(asynchronous: bool) -> str:
    return "AsyncVisionAI" if asynchronous else "VisionAI"


def _check_address(url: str) -> str:
    try:
        parts: SplitResult = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise InvalidInputError(f"{quote_url(url)} is not a usable URL: {error}") from None
    if not host or re.search(r"[\s\x00-\x1f]", url):
        raise InvalidInputError(f"{quote_url(url)} names no host; write for example 'http://172.22.0.6'")
    if port == 0:
        raise InvalidInputError(f"{quote_url(url)}: the port must be 1 to 65535")
    if "@" in parts.netloc:
        raise InvalidInputError(f"the URL for {host} has a user or password: the module knows neither")
    if parts.query or parts.fragment:
        raise InvalidInputError(f"{quote_url(url)}: remove what follows '?' or '#'")
    address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    try:
        parse_url(address)
    except ValueError as error:
        raise InvalidInputError(f"{quote_url(url)} is not a usable URL: {error}") from None
    return address


def _socket_path(url: str, rest: str) -> str:
    path = unquote(rest.removeprefix("//"))
    if not path.startswith("/") or "\0" in path:
        raise InvalidInputError(
            f"{quote_url(url)} names no socket; write for example 'unix:/run/vision-ai.sock'"
        )
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise InvalidInputError(f"{quote_url(url)}: a socket's path has at most {LONGEST_SOCKET_PATH} bytes")
    return path


def _open_tcp(address: str, options: ConnectionOptions, asynchronous: bool) -> Transport:
    proxy = _check_proxy(options.proxy)
    local_address = _check_local_address(options.local_address)
    interface = _check_interface(options.interface)
    if address.startswith("http:") and proxy is None:
        target = Address(address, local_address=local_address, interface=interface)
        return open_direct(target, options.keep, asynchronous=asynchronous)
    from .. import _httpx
    from .httpx_adapter import make_limits
    from .per_loop import PerLoopTransport

    # Only httpx.Client reads the environment's proxy variables; a transport uses what it is given.
    settings: dict[str, Any] = {
        "proxy": proxy,
        "local_address": local_address,
        "limits": make_limits(options.keep),
    }
    if interface is not None:
        settings["socket_options"] = [interface_option(interface)]
    if not address.startswith("https:") and not str(proxy).startswith("https:"):
        settings["verify"] = False  # there is no TLS on this route, and reading all certificates takes long
    try:
        kind = _httpx.AsyncHTTPTransport if asynchronous else _httpx.HTTPTransport
        return PerLoopTransport(lambda: _adapt(kind(**settings), asynchronous), asynchronous=asynchronous)
    except (ValueError, _httpx.InvalidURL, ImportError) as error:
        raise InvalidInputError(
            f"proxy {quote_url(str(proxy))} cannot be used: {hide_password(str(error))}"
        ) from None  # its text has the password


def _check_proxy(proxy: object) -> str | None:
    if proxy is not None and not isinstance(proxy, str):
        raise InvalidInputError(f"proxy must be a URL as text, not {hide_password(repr(proxy))}")
    return proxy


def _check_local_address(address: object) -> str | None:
    if address is None:
        return None
    import ipaddress  # seldom needed

    try:
        if not isinstance(address, str):
            raise ValueError
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise InvalidInputError(
            f"local_address must be an address of this computer such as '172.22.0.7', not {address!r}"
        ) from None


def _check_interface(interface: object) -> str | None:
    if interface is None:
        return None
    if (
        isinstance(interface, str)
        and re.fullmatch(r"[^\s/\0]+", interface)
        and len(os.fsencode(interface)) <= LONGEST_INTERFACE
    ):
        interface_option(interface)
        return interface
    raise InvalidInputError(
        f"interface must be the name of a network interface such as 'usb0', not {interface!r}"
    )


def _open_entry_point(scheme: str, url: str, asynchronous: bool) -> object:
    from importlib.metadata import EntryPoint, entry_points  # slow to load, and seldom needed

    points: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
    if scheme not in points:
        known = ", ".join(f"{name}:" for name in sorted({*TCP_SCHEMES, UNIX, *points}))
        raise InvalidInputError(f"{quote_url(url)}: no transport for {scheme!r}; known are {known}")
    try:
        factory: Callable[..., object] = points[scheme].load()
        return factory(url, asynchronous=asynchronous)
    except ImportError as error:
        extra = f": pip install 'vision-ai-module[{scheme}]'" if scheme in EXTRAS else ""
        raise InvalidInputError(f"{quote_url(url)} needs more than is installed ({error}){extra}") from error
    except ValueError as error:
        raise InvalidInputError(f"{quote_url(url)}: {error}") from error


def open_route(
    url: str | None = None,
    *,
    transport: Transport | _httpx.BaseTransport | _httpx.AsyncBaseTransport | None = None,
    http_client: _httpx.Client | _httpx.AsyncClient | None = None,
    proxy: str | None = None,
    local_address: str | None = None,
    interface: str | None = None,
    concurrency: int = 1,
    keep_alive: bool = True,
    asynchronous: bool = False,
) -> Route:
    """Return the base URL and the transport that a client with these arguments would use.

    Args:
        url: As for `VisionAI`.
        transport: As for `VisionAI`.
        http_client: As for `VisionAI`.
        proxy: As for `VisionAI`.
        local_address: As for `VisionAI`.
        interface: As for `VisionAI`.
        concurrency: How many connections stay open between requests.
        keep_alive: Whether any stay open.
        asynchronous: For which client: `AsyncVisionAI` or `VisionAI`.

    Returns:
        A `Route`: `base_url`, without a slash at the end, and `transport`.

    Raises:
        InvalidInputError: the URL or an option is not possible, or the two do not fit together.
    """
    options = ConnectionOptions(
        transport, http_client, proxy, local_address, interface, concurrency, keep_alive
    )
    return select_route(resolve_url(url, http_client), options, asynchronous=asynchronous)
