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
        yield Finding("neighbour", "skipped", "skipped.no_cable")
    elif _is_there(failure, interface):
        values = {"interface": interface.name, "module": str(MODULE)}
        yield Finding("neighbour", "right", "neighbour.there", values)
    else:
        values = {"interface": interface.name, "module": str(MODULE), "seconds": str(SECONDS_TO_START)}
        yield Finding("neighbour", "wrong", "neighbour.nobody", values)
        yield Finding("port", "skipped", "skipped.nobody")
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
    where = {"host": place.host, "port": str(place.port)}
    match failure:
        case None:
            return Finding("port", "right", "port.open", where)
        case socket.gaierror():
            return Finding("port", "wrong", "port.unknown_name", where)
        case TimeoutError():
            return Finding("port", "wrong", "port.timeout", {**where, "seconds": f"{timeout:g}"})
        case OSError(errno=errno.ECONNREFUSED):
            return Finding("port", "wrong", "port.closed", {**where, "seconds": str(SECONDS_TO_START)})
        case _:
            reason = os.strerror(failure.errno) if failure.errno else str(failure)
            return Finding("port", "wrong", "port.failed", {**where, "error": reason})
