"""The kinds of faults.

`KINDS` describes each kind, when it takes effect, and its parameters. "The device acts" means that it
performs the operation before the fault takes effect; `Emulator.acted` counts how often it did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from vision_ai_emulator.device.error_codes import UNKNOWN_MISTAKE
from vision_ai_emulator.device.operations import ALL_OPERATIONS
from vision_ai_emulator.shared.json_values import Json

FaultKind = Literal[
    "error_code",
    "refuse",
    "slow_first_byte",
    "http_status",
    "drop_before_answer",
    "reboot",
    "job_fails",
    "drop_mid_answer",
    "truncated_json",
    "truncated_picture",
    "trailing_comma",
    "wrong_content_type",
    "no_content_type",
    "content_length_too_large",
    "content_length_too_small",
    "endless",
    "slow_body",
    "stale_keep_alive",
]

Stage = Literal["arrival", "delay", "outcome", "job", "content", "pace", "connection"]
"""The part of a call that a fault affects. A call meets at most one fault for each stage."""

Ending = Literal["close", "reset", "silence", "at_once"]
"""How a connection ends: closed normally, reset, or open without another byte. Only stale_keep_alive has
"at_once"."""

_PICTURE = frozenset({"get_image"})
_STATUSES = frozenset({"get_backup_status", "get_restore_status"})
_STARTS = frozenset({"start_backup", "start_restore"})
_JSON = ALL_OPERATIONS - {"get_image", "download"}


@frozen
class Kind:
    """The description of a kind of fault."""

    stage: Stage
    about: str
    parameters: Mapping[str, Json] = field(factory=dict[str, Json])
    """The kind's own parameters and their defaults."""
    operations: frozenset[str] = ALL_OPERATIONS
    """The operations that the kind can affect, of all versions of the API."""


KINDS: Mapping[FaultKind, Kind] = {
    "error_code": Kind(
        "outcome",
        "The response is `code`. The device acts only with `acted`.",
        {"code": UNKNOWN_MISTAKE, "acted": False},
    ),
    "refuse": Kind(
        "arrival",
        "The connection is refused; the device neither acts nor logs the request. Without an operation, and"
        " either until removed (times null) or for `seconds` of real time, the port is closed. In all other"
        " cases the connection is reset when the request's headers have arrived, because an open port cannot"
        " refuse single connections.",
        {"seconds": None},
    ),
    "slow_first_byte": Kind(
        "delay", "The device acts, and responds `seconds` of real time later.", {"seconds": 1.0}
    ),
    "http_status": Kind(
        "outcome",
        "The response is an HTML page with the HTTP `status`. The device acts only with `acted`.",
        {"status": 500, "acted": False},
    ),
    "drop_before_answer": Kind(
        "outcome",
        "The connection ends without a response. The device acts first, unless `acted` is false.",
        {"acted": True, "ending": "close"},
    ),
    "reboot": Kind(
        "outcome",
        "The device restarts during the call and does not respond. It is unreachable for `seconds` of its"
        " clock (null: as in its settings). The device acts first only with `acted`.",
        {"seconds": None, "acted": False, "ending": "close"},
    ),
    "job_fails": Kind(
        "job",
        "The backup (status 6) or restore (status 5) that the call starts fails with `code`. A status poll"
        " makes the running job fail at once.",
        {"code": UNKNOWN_MISTAKE},
        _STARTS | _STATUSES,
    ),
    "drop_mid_answer": Kind(
        "content",
        "The connection ends after `after` bytes of the body (null: half of it). The device has acted.",
        {"after": None, "ending": "close"},
    ),
    "truncated_json": Kind(
        "content", "The second half of the JSON is missing; Content-Length is the shorter length.", {}, _JSON
    ),
    "truncated_picture": Kind(
        "content",
        "The second half of the JPEG is missing; Content-Length is the shorter length.",
        {},
        _PICTURE,
    ),
    "trailing_comma": Kind(
        "content", "A comma follows the last member of every object and list (A6).", {}, _JSON
    ),
    "wrong_content_type": Kind(
        "content", "The Content-Type of the body is `content_type`.", {"content_type": "text/html"}
    ),
    "no_content_type": Kind("content", "The Content-Type is missing."),
    "content_length_too_large": Kind(
        "content",
        "Content-Length is twice the length of the body; the connection ends `seconds` of real time after"
        " the body.",
        {"seconds": 0.0, "ending": "close"},
    ),
    "content_length_too_small": Kind(
        "content",
        "Content-Length is half the length of the body; on the same connection the second half precedes the"
        " next response.",
    ),
    "endless": Kind("content", "The body has no Content-Length and never ends."),
    "slow_body": Kind(
        "pace",
        "The body arrives in `pieces`, with `seconds` of real time before each.",
        {"seconds": 1.0, "pieces": 5},
    ),
    "stale_keep_alive": Kind(
        "connection",
        "The response is correct, and the next request on the same connection is lost: the connection is"
        " closed or reset when it arrives, or stays silent. With the `ending` at_once the connection is"
        " closed directly after the response, unannounced, which a client can detect in time.",
        {"ending": "reset"},
    ),
}
"""All kinds: error codes and refusal first, then in the order in which a call meets them."""
