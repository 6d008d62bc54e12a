"""What each error means to the user, and what to do about it, with the command that does it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from vision_ai import errors
from vision_ai.advice import Advice, find_advice, find_transfer_advice
from vision_ai_generated.api import OPERATIONS
from vision_ai_translations import get_language, translate
from vision_ai_translations import gettext as _

from .english_messages import translate_message
from .failures import INTERRUPTED, UNREACHABLE, USAGE, Failure, missing_extra_failure
from .printable import Printable, join_sentences


def describe_error(error: BaseException) -> Failure:
    """Make a failure of any error, with the error as its cause."""
    if isinstance(error, KeyboardInterrupt):
        return Failure(_join_notes(_("interrupted"), error), status=INTERRUPTED, kind="interrupted")
    if isinstance(error, ModuleNotFoundError):
        return missing_extra_failure("", "cli", error.name)
    failure = _describe(error)
    failure.__cause__ = error
    return failure


def _describe(error: BaseException) -> Failure:
    message = _join_notes(translate_message(_name_option(str(error))), error)
    match error:
        case errors.DeviceError():
            return _describe_device_error(error)
        case errors.InvalidInputError():
            return Failure(
                message, _("Nothing was sent. Correct the value and try again."), status=USAGE, kind="input"
            )
        case errors.UnsupportedOperationError():
            return Failure(
                message,
                kind="unsupported",
                operation=error.operation,
                api_version=error.api_version,
            )
        case errors.UnreachableError():
            return Failure(
                message,
                _("Find the cause: {command}", command="vision-ai doctor"),
                status=UNREACHABLE,
                kind="unreachable",
                **_list_leftovers(error),
            )
        case errors.AnswerTimeoutError():
            hint = join_sentences(_advise_retry(error), _("Allow more time: {option}", option="--timeout 60"))
            return Failure(message, hint, kind="timeout", **_list_leftovers(error))
        case errors.AnswerLostError():
            return Failure(message, _advise_retry(error), kind="lost", **_list_leftovers(error))
        case errors.InvalidAnswerError():
            return Failure(
                message,
                _(
                    "Check that a VISION-AI module responds at this address: {command}",
                    command="vision-ai doctor",
                ),
                kind="answer",
                status_code=error.status,
                **_list_leftovers(error),
            )
        case errors.TransferError():
            return Failure(
                # Without the advice: the hint below has it, with its command.
                _join_notes(translate_message(str(error).removesuffix(f" {error.advice}")), error),
                _advise_after_transfer(error),
                kind="transfer",
                code=error.code,
            )
        case errors.RecordingError():
            return Failure(
                message,
                _("Make a recording that contains this call: {command}", command="vision-ai record FILE"),
                kind="recording",
            )
        case OSError():
            return Failure(
                _describe_file_error(error),
                _("Check the path, its permissions and the free disk space."),
                kind="file",
            )
        case _:
            description = f"{type(error).__name__}: {error}"
            return Failure(
                _("unexpected error in this program: {error}", error=description),
                _("Run the command again with --verbose and report its output."),
                kind="defect",
            )


def _name_option(message: str) -> str:
    """Name this program's option where a message names the argument of the SDK."""
    message = message.replace("VisionAI(api='v1')", "--api v1").replace(
        "leave api at 'auto'", "leave out --api"
    )
    return re.sub(r"\bapi='(v\d)'", r"--api \1", message)


LISTS = {
    "register_item": "vision-ai items pending",
    "commit_registered_item": "vision-ai items list",
    "add_item_template": "vision-ai items templates ID",
}
"""The commands that show whether an operation was carried out."""


def _advise_retry(error: errors.VisionAIError) -> str:
    """Advise on a call whose outcome is unknown. The message starts with its operation: "get_calib: …"."""
    name = str(error).partition(":")[0]
    operation = OPERATIONS.get(name)
    if error.leftovers == () or (operation is not None and operation.effect in ("read", "set")):
        return _("Try again.")
    advice = _("The module may have carried out the call: check before you repeat it.")
    if name not in LISTS:
        return advice
    return join_sentences(advice, _("Look at the list: {command}", command=LISTS[name]))


def _list_leftovers(error: errors.VisionAIError) -> dict[str, Any]:
    """Return the field of the JSON form for the pictures that a failed `items teach` has left, if that is known."""
    return {} if error.leftovers is None else {"leftovers": list(error.leftovers)}


def _describe_device_error(error: errors.DeviceError) -> Failure:
    message = _(
        "{operation}: the module returned {name} ({code}): {meaning}.",
        operation=error.operation,
        name=error.name,
        code=error.code,
        meaning=translate_meaning(error).rstrip(".。"),
    )
    return Failure(
        _join_notes(message, error),
        get_advice(error),
        kind="device",
        code=error.code,
        name=error.name,
        category=error.category or "unknown",
        retryable=error.retryable,
        operation=error.operation,
        **_list_leftovers(error),
    )


def translate_meaning(error: errors.DeviceError) -> str:
    """Return what an error code means in the language of this process."""
    return translate(error.meaning, get_language())


def get_advice(error: errors.DeviceError) -> str:
    """Return what to do about an error code."""
    operation = error.operation
    if operation == "commit_registered_item" and error.leftovers == ():
        operation = "register_item"  # its pictures are gone: they have to be taken again
    return _format_advice(find_advice(error.code, operation, error.api_version))


def _format_advice(advice: Advice) -> str:
    text = advice.translate(get_language())
    if not advice.command:
        return text
    return _("{advice}: {command}", advice=text.rstrip(".。"), command=advice.command)


def _advise_after_transfer(error: errors.TransferError) -> str:
    cause = error.__cause__
    if isinstance(cause, errors.DeviceError):
        return get_advice(cause)
    return _format_advice(find_transfer_advice(error.status, error.code))


def _describe_file_error(error: OSError) -> Printable:
    filename: object = error.filename
    if isinstance(filename, str | bytes):
        return Path(os.fsdecode(filename)), f": {translate_message(str(error.strerror))}"
    return translate_message(error.strerror or str(error))


def _join_notes(message: str, error: BaseException) -> str:
    """Return the message with what was noted in the error. Several sentences are separated by periods."""
    notes = [translate_message(str(note)) for note in getattr(error, "__notes__", ())]
    if notes and not message.endswith((".", "!", "?", "。")):
        message += "."
    return join_sentences(message, *notes)
