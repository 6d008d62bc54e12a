"""Who may use the console.

Pages of other sites can make a browser send requests to this machine. One whose name resolves to this
machine shows by the Host header, one that sends from where it is by the Origin; both are refused, on the
WebSocket too.
Who comes over the network needs the token: once in the address, then in a cookie.
"""

from __future__ import annotations

import hmac
import ipaddress
import socket
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from attrs import field, frozen
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OWN_SITE = ("same-origin", "none", "")
"""What a browser says of requests that our own page makes or a person types; other programs say nothing."""
MONTH = 30 * 24 * 3600
POLICY_VIOLATION = 1008


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine and nothing else."""
    if host.lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


@frozen
class Guard:
    """Lets the right requests through to `app`."""

    app: ASGIApp
    host: str
    """The address that is listened on."""
    port: int
    token: str | None = field(repr=False)
    """None: whoever is on this machine may come in."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
        else:
            await self.app(scope, receive, self._sending(send, scope, headers))

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if not self._is_ours(_name(f"//{host}")):
            return _answer(403, f"The console is not for Host {host!r}: open the address that it printed.")
        if not self._comes_from_here(scope, headers, host):
            return _answer(403, "Pages of other sites may not use the console.")
        if self.token is not None and not (self._has_cookie(headers) or self._has_token(scope)):
            return _answer(
                401, "The console asks for its token: open the whole address that it printed, token included."
            )
        return None

    def _comes_from_here(self, scope: Scope, headers: Headers, host: str) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            return urlsplit(origin).netloc.lower() == host.lower()
        # A browser always names the origin of a WebSocket; what is no browser need not.
        following_a_link = headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
        return following_a_link or headers.get("sec-fetch-site", "") in OWN_SITE

    def _is_ours(self, name: str) -> bool:
        if is_loopback(name) or name.lower() == self.host.lower():
            return True
        if self.token is None:
            return False
        # Listening for others, any address may be ours, and our own name. Another's name is none of them.
        own_name = socket.gethostname().lower()
        return _address(name) is not None or name.lower() in (own_name, f"{own_name}.local")

    @property
    def _cookie(self) -> str:
        return f"vision-ai-console-{self.port}"  # browsers keep cookies by host, not by port

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and self._is_token(cookie.value)

    def _has_token(self, scope: Scope) -> bool:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])
        return scope["type"] == "http" and scope["path"] == "/" and self._is_token(given[0])

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self.token or "").encode())

    def _sending(self, send: Send, scope: Scope, headers: Headers) -> Send:
        first_use = self.token is not None and scope["type"] == "http" and not self._has_cookie(headers)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                sent.update(SAFE_HEADERS)
                sent.setdefault("Cache-Control", "no-store")
                if first_use:
                    sent.append(
                        "Set-Cookie",
                        f"{self._cookie}={self.token}; Path=/; Max-Age={MONTH}; HttpOnly; SameSite=Strict",
                    )
            await send(message)

        return with_headers


async def _refuse(refusal: PlainTextResponse, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})  # a 403, before any handshake


def _answer(status: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(text + "\n", status, SAFE_HEADERS)


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
