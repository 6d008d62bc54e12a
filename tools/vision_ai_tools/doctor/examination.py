"""One examination, from the plug to the camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path

from vision_ai import InvalidInputError, VisionAI
from vision_ai_tools.link.usb import SYSFS

from .cable import CABLE_STEPS, Cable, look_at_cable, skipped
from .findings import STEPS, Diagnosis, Finding
from .place import Place, place_of
from .proxies import proxy_finding
from .reach import look_at_reach
from .speech import look_at_speech

SPEECH_STEPS = STEPS[STEPS.index("http") :]


def examine(
    url: str | None = None,
    *,
    timeout: float = 5.0,
    interface: str | None = None,
    record: str | PathLike[str] | None = None,
    sysfs: Path = SYSFS,
    on_finding: Callable[[Finding], None] | None = None,
) -> Diagnosis:
    """Find out why the module does not answer, or that it does.

    Looks and asks only; changes nothing, neither here nor on the module, and needs no root. Blocks for up to
    some four times `timeout`; not to be called from inside an event loop, but from a thread.

    Args:
        url: Where the module is. Default: the environment's `VISION_AI_URL`, then `http://172.22.0.6`. The
            USB cable is looked at only for the module's own address, 172.22.0.6.
        timeout: Seconds for each thing that is asked over the network. Below 4, a module that is not there
            looks like one that is slow.
        interface: Name of the module's network interface: needed where several modules hang on this
            computer.
        record: The path of a HAR file in which is recorded what the module is asked and answers.
        sysfs: Where the kernel shows what hangs on USB.
        on_finding: Called with each finding as soon as it is known.

    Raises:
        InvalidInputError: the URL or the timeout is not possible, or the interface does not go with the URL.
        OSError: the recording cannot be written.
    """
    with VisionAI(url, timeout=timeout, retries=0, interface=interface, record=record) as module:
        place = place_of(url)
        if interface is not None and not place.is_module_on_usb:
            raise InvalidInputError(
                f"interface={interface!r} goes with the address on USB, not with {place.url!r}"
            )
        findings: list[Finding] = []
        for finding in _findings(module, place, timeout, interface, sysfs):
            findings.append(finding)
            if on_finding is not None:
                on_finding(finding)
    return Diagnosis(url=place.url, findings=tuple(findings))


def _findings(
    module: VisionAI, place: Place, timeout: float, name: str | None, sysfs: Path
) -> Iterator[Finding]:
    cable = Cable(whole=True)
    if place.is_module_on_usb:
        cable = yield from look_at_cable(sysfs, name)
    else:
        yield from skipped(CABLE_STEPS, "skipped.elsewhere", {"url": place.url})
    yield proxy_finding(place)
    if not cable.whole:
        # Sent now, a request would go wherever the wrong route leads.
        yield from skipped(("neighbour", "port", *SPEECH_STEPS), "skipped.not_asked")
        return
    is_open = True
    if place.is_on_network:
        is_open = yield from look_at_reach(place, timeout, cable.interface, bound=name is not None)
    else:
        yield from skipped(("neighbour", "port"), "skipped.no_network", {"url": place.url})
    if is_open:
        yield from look_at_speech(module, place)
    else:
        yield from skipped(SPEECH_STEPS, "skipped.no_connection")
