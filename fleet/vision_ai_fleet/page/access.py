"""Who sees the page, and who acts on it: one token for viewers, another for operators."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from vision_ai_tools.console.access import AccessControl

Role = Literal["viewer", "operator"]
_ROLE = "vision_ai_fleet.role"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What clients from the network have to show."""

    viewer: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)
    operator: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)


class RoleAccess:
    """ASGI middleware that passes permitted requests to `app`, with the role of whoever sent them."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        tokens: Tokens | None,
        *,
        read_only: bool = False,
        host_names: frozenset[str] = frozenset(),
    ) -> None:
        """
        Args:
            app: See `get_role`.
            host: The address that the page listens on.
            port: The port.
            tokens: None: everybody on this computer is an operator.
            read_only: Nobody is.
            host_names: More names of this computer, in lower case.
        """

        def control(role: Role, token: str | None) -> AccessControl:
            return AccessControl(_RoleGiver(app, role), host, port, token, "fleet", host_names)

        best: Role = "viewer" if read_only else "operator"
        self._operators = control(best, tokens.operator if tokens else None)
        self._viewers = control("viewer", tokens.viewer if tokens else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_request = scope["type"] in ("http", "websocket")
        is_viewer = is_request and not self._operators.has_credentials(scope)
        await (self._viewers if is_viewer else self._operators)(scope, receive, send)


def get_role(scope: Scope) -> Role:
    """Return the role of whoever sent a request; without `RoleAccess` it is that of a viewer."""
    return scope.get(_ROLE, "viewer")


@dataclass(frozen=True, slots=True)
class _RoleGiver:
    app: ASGIApp
    role: Role

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, _ROLE: self.role}, receive, send)
