"""Control who may use the console, or another page in its style.

Other web sites can make a browser send requests to this computer. The Host header reveals a site whose name
resolves to this computer, and the Origin header reveals one that sends requests from its own page; both are
refused, for the WebSocket too. A client from the network needs the token: a browser first in the URL, then in a cookie;
a program in the header Authorization.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from urllib.parse import parse_qs, urlsplit

from attrs import field, frozen
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OWN_SITE = ("same-origin", "none", "")
"""Sec-Fetch-Site of requests from the console's page or a typed URL; programs do not send this header."""
COOKIE_SECONDS = 30 * 24 * 3600
POLICY_VIOLATION = 1008


def is_loopback(host: str) -> bool:
    """Whether a name or an address always means this computer."""
    if host.lower() == "localhost":
        return True
    address = _parse_address(host)
    return address is not None and address.is_loopback


@frozen
class AccessControl:
    """ASGI middleware that passes permitted requests to `app`."""

    app: ASGIApp
    host: str
    """The address that the console listens on."""
    port: int
    token: str | None = field(repr=False)
    """None: everybody on this computer may use the console."""
    name: str = "console"
    """What is served, for messages and the name of the cookie."""
    host_names: frozenset[str] = frozenset()
    """More names of this computer, in lower case, that a page with a token may be opened by."""

    def has_credentials(self, scope: Scope) -> bool:
        """Whether a request has the token, or needs none."""
        headers = Headers(scope=scope)
        return self.token is None or self._has_cookie(headers) or self._has_token(scope, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._find_refusal(scope, headers)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
        else:
            await self.app(scope, receive, self._add_headers(send, scope, headers))

    def _find_refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if not self._is_own_host(_parse_host(f"//{host}")):
            return _make_refusal(
                403, f"The {self.name} does not serve Host {host!r}. Open the address that it printed."
            )
        origin = _parse_origin(headers.get("origin"))
        if origin == "":
            return _make_refusal(400, "The Origin header is not valid.")
        if not self._is_own_origin(scope, headers, origin, host):
            return _make_refusal(403, f"Other web sites may not use the {self.name}.")
        if not self.has_credentials(scope):
            return _make_refusal(
                401,
                f"The {self.name} requires a token. Open the address that it printed, including the token.",
            )
        return None

    def _is_own_origin(self, scope: Scope, headers: Headers, origin: str | None, host: str) -> bool:
        # Browsers always send the origin of a WebSocket; other programs need not.
        if origin is not None:
            return origin == host.lower()
        follows_link = headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
        return follows_link or headers.get("sec-fetch-site", "") in OWN_SITE

    def _is_own_host(self, name: str) -> bool:
        if is_loopback(name) or name.lower() == self.host.lower():
            return True
        if self.token is None:
            return False
        # A console that serves the network may have any address, and this computer's own name.
        own_name = socket.gethostname().lower()
        own_names = {own_name, f"{own_name}.local"} | self.host_names
        return _parse_address(name) is not None or name.lower() in own_names

    @property
    def _cookie_name(self) -> str:
        return f"vision-ai-{self.name}-{self.port}"  # browsers store cookies by host, not by port

    def _has_cookie(self, headers: Headers) -> bool:
        # Other programs on this host share its cookies. The standard library stops at the first that is not valid.
        pairs = [each.strip().partition("=") for each in headers.get("cookie", "").split(";")]
        return any(name == self._cookie_name and self._is_token(value) for name, _, value in pairs)

    def _has_token(self, scope: Scope, headers: Headers) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(bearer.strip()):
            return True
        parameters = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        token = parameters.get("token", [""])[0]
        return scope["type"] == "http" and scope["path"] == "/" and self._is_token(token)

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), (self.token or "").encode())

    def _add_headers(self, send: Send, scope: Scope, headers: Headers) -> Send:
        needs_cookie = self.token is not None and scope["type"] == "http" and not self._has_cookie(headers)
        secure = "; Secure" if scope.get("scheme") in ("https", "wss") else ""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                response_headers = MutableHeaders(scope=message)
                response_headers.update(SECURITY_HEADERS)
                response_headers.setdefault("Cache-Control", "no-store")
                if needs_cookie:
                    response_headers.append(
                        "Set-Cookie",
                        f"{self._cookie_name}={self.token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly;"
                        f" SameSite=Strict{secure}",
                    )
            await send(message)

        return send_with_headers


async def _refuse(refusal: PlainTextResponse, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})  # the server responds with 403


def _make_refusal(status: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(text + "\n", status, SECURITY_HEADERS)


def _parse_origin(origin: str | None) -> str | None:
    """Return the host and the port of an Origin header; "" if it is not valid, None if there is none."""
    if origin is None:
        return None
    try:
        return urlsplit(origin).netloc.lower() or ("null" if origin == "null" else "")
    except ValueError:
        return ""


def _parse_host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _parse_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
