"""Whether a module answers, in its protocol, and is ready to work. Asks only what changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from vision_ai import (
    ActivationError,
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
SHOWN = 60
"""Characters of a foreign answer."""


def look_at_speech(module: VisionAI, place: Place) -> Iterator[Finding]:
    """Findings of the steps "http" to "camera"."""
    try:
        info = module.get_device_info()
    except InvalidAnswerError as error:
        yield Finding("http", "right", f"{place.url} answers over HTTP (status {error.status}).")
        yield Finding("protocol", "wrong", _foreign(error))
    except DeviceError as error:
        yield Finding("http", "right", f"{place.url} answers over HTTP.")
        yield Finding("protocol", "wrong", f"The module does not say who it is. {error}")
    except VisionAIError as error:
        yield Finding("http", "wrong", f"No answer over HTTP. {error}")
        yield from skipped(("protocol", "activation", "camera"), "There is no answer to look at.")
        return
    else:
        yield Finding("http", "right", f"{place.url} answers over HTTP.")
        yield Finding(
            "protocol",
            "right",
            f"A module answers: serial number {info.sn}, firmware {info.firmware}, engine {info.engine}.",
        )
        yield activation_finding(module, info)
        yield camera_finding(module, place)
        return
    yield from skipped(("activation", "camera"), "What answers does not speak the module's protocol.")


def activation_finding(module: VisionAI, info: DeviceInfo) -> Finding:
    told = "The module is not activated for a store. Activate it with the vendor's tool."
    if info.client_id == FACTORY_STORE:
        return Finding("activation", "wrong", told)
    try:
        module.get_item_list()
    except ActivationError as error:
        return Finding("activation", "wrong", f"{told} ({error.name}, {error.code})")
    except VisionAIError as error:
        return Finding("activation", "unknown", f"Its products cannot be listed. {error}")
    return Finding("activation", "right", f"It is activated for the store {info.client_id}.")


def camera_finding(module: VisionAI, place: Place) -> Finding:
    try:
        picture = module.get_image()
    except CameraError as error:
        told = f"The module has lost its camera ({error.code}). Look at its cable, then restart the module."
        return Finding("camera", "wrong", told, as_anyone("reboot", "--wait", *_at(place)))
    except VisionAIError as error:
        return Finding("camera", "wrong", f"No picture comes. {error}")
    return Finding("camera", "right", f"Its camera gives pictures of {picture.width}×{picture.height}.")


def _at(place: Place) -> tuple[str, ...]:
    return () if place.is_module_on_usb else ("--url", place.url)


def _foreign(error: InvalidAnswerError) -> str:
    beginning = error.content[:SHOWN].decode(errors="replace")
    return f"What answers is no VISION-AI module: {error} It begins {beginning!r}."
