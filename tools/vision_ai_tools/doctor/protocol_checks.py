"""Check that a module responds in its protocol and is ready to work; set the clock of one that forgets the time.

Everything else only reads.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    CameraError,
    DeviceError,
    DeviceInfo,
    InvalidAnswerError,
    VisionAI,
    VisionAIError,
)
from vision_ai_tools.link.shell_commands import format_command

from .findings import Finding, Step, skip_steps
from .target import Target

FACTORY_STORE = "0000"
"""`clientID` of a module that is not activated for a store."""
AFTER_PROTOCOL: tuple[Step, ...] = ("api", "clock", "activation", "camera")
UNKNOWN = "–"
"""In place of what the module did not send."""
NOT_ACTIVATED = -6128
"""The only activation error that means "not activated"; other errors of that category have other causes."""


def check_protocol(module: VisionAI, target: Target, *, set_clock: bool) -> Iterator[Finding]:
    """Check the steps "http" to "camera"."""
    try:
        info = module.get_device_info()
    except InvalidAnswerError as error:
        yield Finding("http", "right", "http.status", {"url": target.url, "status": str(error.status)})
        yield Finding("protocol", "wrong", "protocol.foreign", _describe_error(error))
        yield from skip_steps(AFTER_PROTOCOL, "skipped.foreign")
    except DeviceError as error:
        yield Finding("http", "right", "http.answers", {"url": target.url})
        yield Finding("protocol", "wrong", "protocol.refused", _describe_error(error))
        yield from skip_steps(AFTER_PROTOCOL, "skipped.refused")
    except VisionAIError as error:
        values = {"url": target.url, **_describe_error(error)}
        yield Finding("http", "wrong", _select_http_code(error), values)
        yield from skip_steps(("protocol", *AFTER_PROTOCOL), "skipped.no_answer")
    else:
        yield Finding("http", "right", "http.answers", {"url": target.url})
        values = {"serial": info.sn, "firmware": info.firmware, "engine": info.engine}
        versions = {name: value or UNKNOWN for name, value in values.items()}
        yield Finding("protocol", "right", "protocol.module", versions)
        yield _describe_api(module)
        yield _check_clock(module, set_clock=set_clock)
        yield _check_activation(module, info)
        yield _check_camera(module, target)


def _describe_api(module: VisionAI) -> Finding:
    if module.api_version == "v2":
        return Finding("api", "right", "api.v2")
    return Finding("api", "right", "api.v1")


def _check_clock(module: VisionAI, *, set_clock: bool) -> Finding:
    if module.api_version != "v2":
        return Finding("clock", "skipped", "skipped.no_clock")
    if not set_clock:
        return Finding("clock", "unknown", "clock.not_set")
    seconds, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
    try:
        module.set_time(sec=seconds, usec=microseconds)
    except VisionAIError as error:
        return Finding("clock", "wrong", "clock.failed", _describe_error(error))
    return Finding("clock", "right", "clock.set")


def _check_activation(module: VisionAI, info: DeviceInfo) -> Finding:
    if info.client_id == FACTORY_STORE:
        return Finding("activation", "wrong", "activation.missing")
    try:
        module.get_item_list()
    except VisionAIError as error:
        if isinstance(error, DeviceError) and error.code == NOT_ACTIVATED:
            return Finding("activation", "wrong", "activation.refused", _describe_error(error))
        return Finding("activation", "unknown", "activation.unknown", _describe_error(error))
    if info.client_id is None and module.api_version == "v2":
        return Finding("activation", "right", "activation.lists_products")
    return Finding("activation", "right", "activation.done", {"store": info.client_id or UNKNOWN})


def _check_camera(module: VisionAI, target: Target) -> Finding:
    try:
        picture = module.get_image()
    except CameraError as error:
        if module.api_version == "v2":
            return Finding("camera", "wrong", "camera.lost_power", _describe_error(error))
        arguments = () if target.is_module_on_usb else ("--url", target.url)
        fix = format_command("reboot", "--wait", *arguments)
        return Finding("camera", "wrong", "camera.lost", _describe_error(error), fix)
    except VisionAIError as error:
        return Finding("camera", "wrong", "camera.no_picture", _describe_error(error))
    size = {"width": str(picture.width), "height": str(picture.height)}
    return Finding("camera", "right", "camera.works", size)


def _describe_error(error: VisionAIError) -> dict[str, str]:
    """The error's message, and for an error of the module what identifies it, so that a page can use its
    own text."""
    values = {"error": str(error)}
    if isinstance(error, DeviceError):
        values |= {
            "error_code": str(error.code),
            "error_name": error.name,
            "error_category": error.category,
            "error_operation": error.operation,
        }
    return values


def _select_http_code(error: VisionAIError) -> str:
    if isinstance(error, AnswerTimeoutError):
        return "http.timeout"
    return "http.lost" if isinstance(error, AnswerLostError) else "http.none"
