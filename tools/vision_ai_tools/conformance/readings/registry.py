"""The places where the vendor's text disagrees with itself (A1 …), and how this project reads each."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from vision_ai_generated.operation import Effect

from ..observations import Seen
from .judgments import (
    Finding,
    a1,
    a2,
    a3,
    a4,
    a5,
    a6,
    a7,
    a8,
    a9,
    a10,
    a11,
    a12,
    a13,
    a14,
    a15,
    a16,
)


@frozen
class Reading:
    """One place where the text leaves it open."""

    id: str
    text: str
    """What the vendor's text says, and also says."""
    reading: str
    """What this project takes it to mean."""
    level: Effect | None
    """The level of effects that decides it; None where no level does."""
    judge: Callable[[Seen], Finding]


READINGS: tuple[Reading, ...] = (
    Reading(
        "A1",
        "Examples of requests say id and name, tables of parameters item_id and item_name.",
        "id and name are the names; the SDK sends both unless told otherwise.",
        "act",
        a1,
    ),
    Reading("A2", "code is an Integer, a Number, an int.", "A whole number.", "read", a2),
    Reading(
        "A3",
        "A restore is sent to /api/start_restore; its example is sent to /api/restore.",
        "/api/start_restore; where it answers -6117, HTTP 404 or 405, /api/restore once.",
        "destructive",
        a3,
    ),
    Reading(
        "A4",
        "The part of a restore's form is not named; in the example it has no name at all.",
        "Named file, with a setting for another name, an empty one or none.",
        "destructive",
        a4,
    ),
    Reading(
        "A5",
        "The envelope has data; the example of start_backup's answer has none.",
        "data is never required; start_backup alone has none.",
        "act",
        a5,
    ),
    Reading("A6", "JSON; examples with a comma after the last member.", "Strict JSON.", "read", a6),
    Reading(
        "A7",
        "The two lists are a String and an Object with the fields of one entry.",
        "Lists of objects, an entry for each picture.",
        "act",
        a7,
    ),
    Reading("A8", "get_result's data is a String; its example is an object.", "An object.", "read", a8),
    Reading("A9", "data.name is an Object; its example is a text.", "A text.", "act", a9),
    Reading(
        "A10",
        "get_image answers image/jpeg; errors are envelopes.",
        "Either, told apart by the bytes.",
        "read",
        a10,
    ),
    Reading(
        "A11",
        "-6203 and -6204 have one meaning: a file could not be written.",
        "Both codes are kept.",
        None,
        a11,
    ),
    Reading(
        "A12",
        "A backup is over at 0 or from 3, a restore at 0 or from 4; only some numbers are listed.",
        "The rule decides.",
        "act",
        a12,
    ),
    Reading(
        "A13",
        "reset_device has no answer documented.",
        "The envelope; the connection may drop first.",
        "destructive",
        a13,
    ),
    Reading(
        "A14",
        "Chapter numbers lead nowhere.",
        "get_backup_status and get_restore_status.",
        "read",
        a14,
    ),
    Reading("A15", "Names are UTF-8; messages are Chinese, no charset given.", "UTF-8.", "read", a15),
    Reading("A16", "The Content-Type of JSON is not given.", "application/json.", "read", a16),
)
"""All of them, in the vendor document's order."""
