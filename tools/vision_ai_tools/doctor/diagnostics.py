"""One diagnosis, from the USB port to the camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Literal

from vision_ai import InvalidInputError, VisionAI
from vision_ai.transports import Transport
from vision_ai_tools.link.usb import SYSFS

from .cable_checks import CABLE_STEPS, CableResult, check_cable
from .findings import STEPS, Diagnosis, Finding, skip_steps
from .network_checks import check_connection
from .protocol_checks import check_protocol
from .proxy_check import check_proxy
from .target import Target, parse_target

Api = Literal["auto", "v1", "v2"]
PROTOCOL_STEPS = STEPS[STEPS.index("http") :]


def diagnose(
    url: str | None = None,
    *,
    transport: Transport | None = None,
    timeout: float = 5.0,
    interface: str | None = None,
    record: str | PathLike[str] | None = None,
    api: Api = "auto",
    set_clock: bool = True,
    sysfs: Path = SYSFS,
    on_finding: Callable[[Finding], None] | None = None,
) -> Diagnosis:
    """Find out whether the module responds, and if not, why.

    Changes nothing on this computer, and nothing on the module but the clock of one that speaks V2. Needs no
    root. Blocks for up to about four times `timeout`; call it from a thread, not inside an event loop.

    Args:
        url: URL of the module. Default: the environment variable `VISION_AI_URL`, then `http://172.22.0.6`.
            The USB cable is checked only for 172.22.0.6.
        transport: A transport that carries the requests to the module, as for `VisionAI`: for a program that has
            one already. It is closed at the end. It, and not `interface`, decides how they are sent.
        timeout: Seconds for each network request. Below 4, a missing module cannot be distinguished from a
            slow one.
        interface: Name of the module's network interface. Needed where several modules are connected to this
            computer.
        record: Path of a HAR file to which the requests and responses are written.
        api: The version of the module's API, as for `VisionAI`.
        set_clock: Whether to set the clock of a module that speaks V2, which forgets the time when it restarts.
        sysfs: Folder in which the kernel lists USB devices.
        on_finding: Called with each finding as soon as it is known.

    Raises:
        InvalidInputError: the URL or the timeout is invalid, or an interface was given with another URL.
        OSError: the recording cannot be written.
    """
    with VisionAI(
        url,
        transport=transport,
        timeout=timeout,
        retries=0,
        interface=interface if transport is None else None,
        record=record,
        api=api,
    ) as module:
        target = parse_target(url)
        if interface is not None and not target.is_module_on_usb:
            raise InvalidInputError(
                f"interface={interface!r} needs the module's address on USB, not {target.url!r}"
            )
        findings: list[Finding] = []
        for finding in _check_steps(module, target, timeout, interface, sysfs, set_clock=set_clock):
            findings.append(finding)
            if on_finding is not None:
                on_finding(finding)
    return Diagnosis(url=target.url, findings=tuple(findings))


def _check_steps(
    module: VisionAI, target: Target, timeout: float, name: str | None, sysfs: Path, *, set_clock: bool
) -> Iterator[Finding]:
    cable = CableResult(ok=True)
    if target.is_module_on_usb:
        cable = yield from check_cable(sysfs, name)
    else:
        yield from skip_steps(CABLE_STEPS, "skipped.elsewhere", {"url": target.url})
    yield check_proxy(target)
    if not cable.ok:
        # With a wrong route, a request would be sent to another computer.
        yield from skip_steps(("neighbor", "port", *PROTOCOL_STEPS), "skipped.not_asked")
        return
    is_open = True
    if target.is_on_network:
        is_open = yield from check_connection(target, timeout, cable.interface, bound=name is not None)
    else:
        yield from skip_steps(("neighbor", "port"), "skipped.no_network", {"url": target.url})
    if is_open:
        yield from check_protocol(module, target, set_clock=set_clock)
    else:
        yield from skip_steps(PROTOCOL_STEPS, "skipped.no_connection")
