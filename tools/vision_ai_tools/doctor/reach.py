"""Whether the module's computer is there, and its port open. Nothing but a connection is made, and ended."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Generator

from vision_ai_tools.link.netlink import Interface, heard_from
from vision_ai_tools.link.vendor import MODULE, SECONDS_TO_START

from .findings import Finding
from .place import Place

NOBODY_ANSWERS = (errno.EHOSTUNREACH, errno.EHOSTDOWN)
"""What the kernel says after asking three times, a second apart, who has the address."""


def look_at_reach(
    place: Place, timeout: float, interface: Interface | None, *, bound: bool
) -> Generator[Finding, None, bool]:
    """Findings of the steps "neighbour" and "port"; gives back whether the port is open."""
    failure = _connect(place, timeout, interface.name if interface and bound else None)
    if interface is None:
        yield Finding("neighbour", "skipped", "Only on the module's own cable can it be seen who is there.")
    elif _is_there(failure, interface):
        yield Finding("neighbour", "right", f"Somebody on {interface.name} has the address {MODULE}.")
    else:
        yield Finding(
            "neighbour",
            "wrong",
            f"Nobody on {interface.name} has the address {MODULE}. Wait {SECONDS_TO_START} seconds while the"
            " module starts; then plug it out and in again.",
        )
        yield Finding("port", "skipped", "There is nobody to ask.")
        return False
    yield _port_finding(place, failure, timeout)
    return failure is None


def _connect(place: Place, timeout: float, interface: str | None) -> OSError | None:
    """What went wrong, if something did."""
    try:
        if interface is None:
            socket.create_connection((place.host, place.port), timeout).close()
            return None
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as over:
            over.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
            over.settimeout(timeout)
            over.connect((place.host, place.port))
    except OSError as error:
        return error
    return None


def _is_there(failure: OSError | None, interface: Interface) -> bool:
    if failure is None or failure.errno == errno.ECONNREFUSED:
        return True
    return failure.errno not in NOBODY_ANSWERS and heard_from(MODULE, interface.index)


def _port_finding(place: Place, failure: OSError | None, timeout: float) -> Finding:
    where = f"port {place.port} of {place.host}"
    match failure:
        case None:
            return Finding("port", "right", f"{where.capitalize()} takes connections.")
        case socket.gaierror():
            return Finding("port", "wrong", f"The name {place.host!r} is not known. Look at the URL.")
        case TimeoutError():
            told = f"{where.capitalize()} did not answer within {timeout:g} s."
            return Finding("port", "wrong", f"{told} A firewall in between?")
        case OSError(errno=errno.ECONNREFUSED):
            told = f"{where.capitalize()} is closed."
            return Finding(
                "port", "wrong", f"{told} A module that starts opens it within {SECONDS_TO_START} seconds."
            )
        case _:
            reason = os.strerror(failure.errno) if failure.errno else str(failure)
            return Finding("port", "wrong", f"No connection to {where}: {reason}.")
