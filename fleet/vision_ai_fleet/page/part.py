"""The page as a part of a center, beside its engine and its controller."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from vision_ai_fleet.client import Fleet
from vision_ai_fleet.engine.center import Center
from vision_ai_fleet.engine.home import write_private
from vision_ai_fleet.enrolment import make_enrolment_routes
from vision_ai_fleet.events.quality import Quality
from vision_ai_fleet.messages import decode
from vision_ai_fleet.observability.fleet_state import read_center_state
from vision_ai_tools.console.access import is_loopback

from .access import Tokens
from .app import FleetPage
from .center import CenterData
from .server import PageAddress, PageSettings, serve_page

TOKENS_FILE = "page-tokens.json"
"""In the center's folder: people stay signed in when the center starts again."""


def make_page_part(
    settings: PageSettings,
    *,
    quality: Quality | None = None,
    on_ready: Callable[[PageAddress], None] | None = None,
) -> Callable[[Center], Awaitable[None]]:
    """Return what serves the page of a center until it is canceled.

    Args:
        settings: How it is served. Where others than this computer reach it and nothing else is given, it has the
            center's certificate, and tokens that are kept in the center's folder.
        quality: Sums of the events that somebody keeps up to date; None: the page has no figures of recognition.
        on_ready: Called with the address.
    """

    async def run(center: Center) -> None:
        async with AsyncExitStack() as stack:
            fleet = await stack.enter_async_context(Fleet.connect(center.operator, name="page"))
            view = await stack.enter_async_context(fleet.view())
            port = center.settings.monitor_port
            monitor_url = f"http://127.0.0.1:{port}" if port else ""
            data = CenterData(fleet, view, quality, lambda: read_center_state(fleet.connection, monitor_url))
            await stack.enter_async_context(data.following())
            page = FleetPage(data, console_changes=settings.console_changes)
            address = await stack.enter_async_context(serve_page(page, complete_settings(settings, center)))
            if on_ready is not None:
                on_ready(address)
            await asyncio.Event().wait()

    return run


def complete_settings(settings: PageSettings, center: Center) -> PageSettings:
    """Return settings with the center's certificate, stored tokens, and the enrolment of scales."""
    settings = replace(
        settings,
        routes=[*settings.routes, *make_enrolment_routes(center)],
        names=[*settings.names, center.settings.public_host],
    )
    if is_loopback(settings.host):
        return settings
    files = center.certificates
    if settings.certificate is None and files is not None:
        settings = replace(settings, certificate=files.certificate, key=files.key)
    return replace(settings, tokens=settings.tokens or keep_tokens(center.folder / TOKENS_FILE))


def keep_tokens(path: Path) -> Tokens:
    """Return the tokens of a file; new ones, which are stored, where it has none. Remove it to change them."""
    try:
        stored = decode(path.read_bytes())
    except FileNotFoundError:
        stored = {}
    viewer, operator = stored.get("viewer"), stored.get("operator")
    if isinstance(viewer, str) and isinstance(operator, str) and viewer and operator:
        return Tokens(viewer, operator)
    tokens = Tokens()
    write_private(path, json.dumps({"viewer": tokens.viewer, "operator": tokens.operator}))
    return tokens
