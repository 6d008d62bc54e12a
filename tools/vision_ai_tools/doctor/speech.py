"""Whether a module answers, in its protocol, and is ready to work. Asks only what changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from vision_ai import (
    ActivationError,
    AnswerLostError,
    AnswerTimeoutError,
    CameraError,
    DeviceError,
    DeviceInfo,
    InvalidAnswerError,
    VisionAI,
    VisionAIError,
)
from vision_ai_tools.link.commands import as_anyone

from .cable import skipped
from .findings import Finding
from .place import Place

FACTORY_STORE = "0000"
"""`clientID` of a module that no store has activated."""


def look_at_speech(module: VisionAI, place: Place) -> Iterator[Finding]:
    """Findings of the steps "http" to "camera"."""
    try:
        info = module.get_device_info()
    except InvalidAnswerError as error:
        yield Finding("http", "right", "http.status", {"url": place.url, "status": str(error.status)})
        yield Finding("protocol", "wrong", "protocol.foreign", _told(error))
        yield from skipped(("activation", "camera"), "skipped.foreign")
    except DeviceError as error:
        yield Finding("http", "right", "http.answers", {"url": place.url})
        yield Finding("protocol", "wrong", "protocol.refused", _told(error))
        yield from skipped(("activation", "camera"), "skipped.refused")
    except VisionAIError as error:
        yield Finding("http", "wrong", _kind_of_silence(error), _told(error))
        yield from skipped(("protocol", "activation", "camera"), "skipped.no_answer")
    else:
        yield Finding("http", "right", "http.answers", {"url": place.url})
        who = {"serial": info.sn, "firmware": info.firmware, "engine": info.engine}
        yield Finding("protocol", "right", "protocol.module", who)
        yield activation_finding(module, info)
        yield camera_finding(module, place)


def activation_finding(module: VisionAI, info: DeviceInfo) -> Finding:
    if info.client_id == FACTORY_STORE:
        return Finding("activation", "wrong", "activation.missing")
    try:
        module.get_item_list()
    except ActivationError as error:
        return Finding("activation", "wrong", "activation.refused", _told(error))
    except VisionAIError as error:
        return Finding("activation", "unknown", "activation.unknown", _told(error))
    return Finding("activation", "right", "activation.done", {"store": info.client_id})


def camera_finding(module: VisionAI, place: Place) -> Finding:
    try:
        picture = module.get_image()
    except CameraError as error:
        mend = as_anyone("reboot", "--wait", *_at(place))
        return Finding("camera", "wrong", "camera.lost", _told(error), mend)
    except VisionAIError as error:
        return Finding("camera", "wrong", "camera.no_picture", _told(error))
    size = {"width": str(picture.width), "height": str(picture.height)}
    return Finding("camera", "right", "camera.works", size)


def _at(place: Place) -> tuple[str, ...]:
    return () if place.is_module_on_usb else ("--url", place.url)


def _told(error: VisionAIError) -> dict[str, str]:
    """Its own words, and of the module's errors what names them: a page may have other words for those."""
    told = {"error": str(error)}
    if isinstance(error, DeviceError):
        told |= {
            "error_code": str(error.code),
            "error_name": error.name,
            "error_category": error.category,
        }
    return told


def _kind_of_silence(error: VisionAIError) -> str:
    if isinstance(error, AnswerTimeoutError):
        return "http.timeout"
    return "http.lost" if isinstance(error, AnswerLostError) else "http.none"
