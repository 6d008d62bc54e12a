"""Who may use the control interface over a socket.

Web pages on other sites can make a browser send requests to this machine. A page that has its name resolve
to 127.0.0.1 shows by the Host header, one that sends from where it is by the Origin; both are refused. Who is
not on this machine needs the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from attrs import field, frozen

from vision_ai_emulator.control.request import ControlError
from vision_ai_emulator.http.response import Answer

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine and nothing else."""
    if host.lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


@frozen
class Guard:
    """Lets the right control calls through."""

    host: str
    """The address that is listened on."""
    token: str | None = field(repr=False)
    ports: frozenset[int]
    """The ports that pages of our own come from."""

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
        """The answer to a call that is not let through; None for one that is. Header names in lower case."""
        try:
            self._check_host(headers.get("host", ""))
            origin = headers.get("origin")
            if origin is not None and method not in _HARMLESS:
                self._check_origin(origin)
            # The page itself holds no secret, and is where people enter the token.
            if self.token is not None and not (method == "GET" and _is_page(path)):
                self._check_token(headers)
        except ControlError as error:
            return error.answer()
        return None

    def _check_host(self, host: str) -> None:
        name = _parts(f"//{host}")[0]
        if not self._is_ours(name):
            raise ControlError(
                403, f"the control interface is not for Host {host!r}: use localhost or the address served"
            )

    def _check_origin(self, origin: str) -> None:
        name, port = _parts(origin)
        if not (self._is_ours(name) and port in self.ports):
            raise ControlError(403, f"pages of Origin {origin!r} may not change anything here")

    def _is_ours(self, name: str) -> bool:
        if is_loopback(name) or name.lower() == self.host.lower():
            return True
        listening = _address(self.host)
        # Listening everywhere, any address may be ours. A name that an attacker owns is none.
        return listening is not None and listening.is_unspecified and _address(name) is not None

    def _check_token(self, headers: Mapping[str, str]) -> None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        tokens = [headers.get("x-emulator-token", "")]
        if scheme.lower() == "bearer":
            tokens.append(given.strip())
        expected = (self.token or "").encode()
        if not any(hmac.compare_digest(each.encode(), expected) for each in tokens):
            raise ControlError(
                401,
                "the token is missing or wrong: send 'Authorization: Bearer …' or 'X-Emulator-Token: …'",
                (("WWW-Authenticate", "Bearer"),),
            )


def _is_page(path: str) -> bool:
    rest = path.removeprefix("/__emulator__")
    return rest in ("", "/") or rest.startswith("/static/")


def _parts(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
