"""Checks of a center on its own computer: what is wrong, and what to do."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from vision_ai_fleet.errors import FleetError
from vision_ai_translations import gettext as _
from vision_ai_translations import ngettext

from . import home
from .center import Center
from .server import check_server, find_server
from .tls import RENEW_BEFORE, get_expiry

LEAST_FREE = 0.1
"""Share of the disk below which the engine soon refuses."""
ENOUGH_FREE = 20e9
"""Bytes that are enough, whatever their share of a large disk."""
UNUSED_IDENTITY_AGE = 400 * 86400.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    step: str
    state: Literal["right", "wrong", "unknown"]
    what: str
    fix: str = ""
    """What to do about it."""


def check_home(center: Center) -> list[Finding]:
    """Check the folder of a center: nats-server, certificate, disk, and who may read the keys."""
    return [_check_program(), *_check_certificate(center), _check_disk(center), *_check_files(center)]


def _check_program() -> Finding:
    try:
        path = find_server()
        return Finding("nats-server", "right", f"{check_server(path)} ({path})")
    except FleetError as error:
        return Finding("nats-server", "wrong", str(error), error.hint)


def _check_certificate(center: Center) -> Iterator[Finding]:
    settings = center.settings
    if settings.is_local or settings.server:
        return
    path = settings.certificate or center.folder / home.TLS / "server.pem"
    try:
        left = get_expiry(path) - datetime.now(UTC)
    except (OSError, ValueError) as error:
        text = _("{path} cannot be read: {reason}", path=path, reason=error)
        yield Finding("certificate", "wrong", text, _("Start the center again."))
        return
    text = ngettext("valid for {count} day", "valid for {count} days", left.days, count=left.days)
    if left >= RENEW_BEFORE:
        yield Finding("certificate", "right", text)
    elif settings.certificate is None:
        yield Finding("certificate", "wrong", text, _("Start the center again: it makes a new one."))
    else:
        yield Finding("certificate", "wrong", text, _("Replace the certificate, and start the center again."))


def _check_disk(center: Center) -> Finding:
    usage = shutil.disk_usage(center.folder)
    text = _("{free:.1f} of {total:.0f} GB are free", free=usage.free / 1e9, total=usage.total / 1e9)
    if usage.free >= min(LEAST_FREE * usage.total, ENOUGH_FREE):
        return Finding("disk", "right", text)
    return Finding(
        "disk",
        "wrong",
        text,
        _("Free space: fewer backups (--keep), fleet files remove, or a larger disk."),
    )


def _check_files(center: Center) -> Iterator[Finding]:
    if os.name != "posix":
        return
    secret = [center.folder / home.KEYS, center.folder / home.OPERATOR, center.folder / home.TLS / "ca.key"]
    readable = [str(path) for path in secret if path.exists() and path.stat().st_mode & 0o077]
    if readable:
        command = f"chmod 600 {' '.join(readable)}"
        yield Finding(
            "keys",
            "wrong",
            _("others can read {files}", files=", ".join(readable)),
            _("Run: {command}", command=command),
        )
    else:
        yield Finding("keys", "right", _("readable by their owner alone"))
    old = [
        each.name
        for each in center.identities.find()
        if each.is_valid and each.role != "scale" and time.time() - each.issued > UNUSED_IDENTITY_AGE
    ]
    if old:
        yield Finding(
            "identities",
            "unknown",
            _("issued more than a year ago: {names}", names=", ".join(old[:5])),
            _("Revoke those of people who left: vision-ai fleet revoke --name NAME."),
        )
