"""Check that the module's computer is there and its port is open. Only opens and closes a connection."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Generator

from vision_ai_tools.link.constants import MODULE_ADDRESS, STARTUP_SECONDS
from vision_ai_tools.link.netlink import is_known_neighbor
from vision_ai_tools.link.network import Interface

from .findings import Finding
from .target import Target

NO_NEIGHBOR_ERRORS = (errno.EHOSTUNREACH, errno.EHOSTDOWN)
"""The kernel reports these after it asked for the address three times, once a second, without a reply."""


def check_connection(
    target: Target, timeout: float, interface: Interface | None, *, bound: bool
) -> Generator[Finding, None, bool]:
    """Check the steps "neighbor" and "port"; return whether the port is open."""
    failure = _connect(target, timeout, interface.name if interface and bound else None)
    if interface is None:
        yield Finding("neighbor", "skipped", "skipped.no_cable")
    elif _has_neighbor(failure, interface):
        values = {"interface": interface.name, "module": str(MODULE_ADDRESS)}
        yield Finding("neighbor", "right", "neighbor.there", values)
    else:
        values = {
            "interface": interface.name,
            "module": str(MODULE_ADDRESS),
            "seconds": str(STARTUP_SECONDS),
        }
        yield Finding("neighbor", "wrong", "neighbor.nobody", values)
        yield Finding("port", "skipped", "skipped.nobody")
        return False
    yield _make_port_finding(target, failure, timeout)
    return failure is None


def _connect(target: Target, timeout: float, interface: str | None) -> OSError | None:
    """Open a connection, through one interface where given, and close it; return the error, if any."""
    try:
        if interface is None:
            socket.create_connection((target.host, target.port), timeout).close()
            return None
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
            # The client has refused the option by now where a system does not have it.
            option: int = getattr(socket, "SO_BINDTODEVICE")  # noqa: B009  # typed for Linux only
            connection.setsockopt(socket.SOL_SOCKET, option, interface.encode())
            connection.settimeout(timeout)
            connection.connect((target.host, target.port))
    except OSError as error:
        return error
    return None


def _has_neighbor(failure: OSError | None, interface: Interface) -> bool:
    if failure is None or failure.errno == errno.ECONNREFUSED:
        return True
    return failure.errno not in NO_NEIGHBOR_ERRORS and is_known_neighbor(MODULE_ADDRESS, interface.index)


def _make_port_finding(target: Target, failure: OSError | None, timeout: float) -> Finding:
    values = {"host": target.host, "port": str(target.port)}
    match failure:
        case None:
            return Finding("port", "right", "port.open", values)
        case socket.gaierror():
            return Finding("port", "wrong", "port.unknown_name", values)
        case TimeoutError():
            return Finding("port", "wrong", "port.timeout", {**values, "seconds": f"{timeout:g}"})
        case OSError(errno=errno.ECONNREFUSED):
            return Finding("port", "wrong", "port.closed", {**values, "seconds": str(STARTUP_SECONDS)})
        case _:
            reason = os.strerror(failure.errno) if failure.errno else str(failure)
            return Finding("port", "wrong", "port.failed", {**values, "error": reason})
