"""How what was seen of a module decides each reading (A1 …). Nothing here asks anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from attrs import frozen

from vision_ai import BackupState, RestoreState
from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.operation import Effect

from ..body import is_jpeg
from ..capture import Exchange
from ..observations import SPELLINGS, Seen, Spelling, is_unknown

Verdict = Literal["as_read", "otherwise", "not_tried"]
Copes = Literal["by_itself", "with_profile", "no"]

LISTS = ("get_item_list", "get_registered_item_list")
STATUSES: Mapping[str, frozenset[int]] = {
    "get_backup_status": frozenset(map(int, BackupState)),
    "get_restore_status": frozenset(map(int, RestoreState)),
}
RESTORES = ("start_restore", "start_restore_alias")
WRITE_FAILED = (-6203, -6204)


@frozen
class Finding:
    """What was found about one reading."""

    verdict: Verdict
    found: str
    evidence: tuple[Exchange, ...] = ()
    copes: Copes | None = None
    """Where it is otherwise: whether the SDK copes by itself, with a profile, or not."""
    level: Effect | None = None
    """Where it was not decided, and another level than the reading's own may decide it."""


def _as_read(found: str, *evidence: Exchange) -> Finding:
    return Finding("as_read", found, evidence[:3])


def _not_tried(found: str, *evidence: Exchange) -> Finding:
    return Finding("not_tried", found, evidence[:3])


def _otherwise(found: str, *evidence: Exchange, copes: Copes | None = None) -> Finding:
    if copes is None:
        copes = "no" if any(each.refused_by_sdk for each in evidence) else "by_itself"
    return Finding("otherwise", found, evidence[:3], copes)


def _in_json(seen: Seen) -> list[Exchange]:
    return [each for each in seen.exchanges if each.json is not None and (each.operation or each.fields)]


# A1


def spelling_understood(seen: Seen, spelling: Spelling) -> bool | None:
    """Whether a module finds fields that are spelled so; None where it was not tried or did not tell."""
    tries = [each.understood for each in seen.spellings if each.spelling == spelling]
    if False in tries:
        return False
    return True if True in tries else None


def a1(seen: Seen) -> Finding:
    if not seen.spellings:
        return _not_tried("Nothing with such a field was sent.")
    evidence = [each.exchange for each in seen.spellings]
    id, item_id, both = (spelling_understood(seen, spelling) for spelling in SPELLINGS)
    if id is None or item_id is None:
        codes = ", ".join(f"{each.spelling}: {each.exchange.code}" for each in seen.spellings)
        return _not_tried(
            f"The codes do not tell ({codes}). Lay a product on the pan and try again.", *evidence
        )
    if id and both is not False:
        twins = "the twins alone as well" if item_id else "not the twins alone"
        return _as_read(f"It takes id and name, {twins}.", *evidence)
    if id:
        return _otherwise("It refuses id and item_id together.", *evidence, copes="with_profile")
    if item_id:
        copes = "by_itself" if both else "with_profile"
        return _otherwise("It takes item_id and item_name only.", *evidence, copes=copes)
    if both:
        return _otherwise("It wants id and item_id together.", *evidence)
    return _otherwise("It takes the names in no spelling.", *evidence, copes="no")


# A2


def a2(seen: Seen) -> Finding:
    answers = [each for each in _in_json(seen) if "code" in each.fields]
    if not answers:
        return _not_tried("No answer had a code.")
    odd = [each for each in answers if type(each.fields["code"]) is not int]
    if odd:
        kinds = sorted({type(each.fields["code"]).__name__ for each in odd})
        return _otherwise(f"The code is no whole number in {len(odd)} answers ({', '.join(kinds)}).", *odd)
    return _as_read(f"The code is a whole number in all {len(answers)} answers.", answers[0])


# A3


def a3(seen: Seen) -> Finding:
    unknown = seen.unknown_command
    uploads = [upload for each in seen.restores for upload in each.exchanges]
    known = [each for each in uploads if each.whole and not is_unknown(each)]
    if known and known[0].operation == "start_restore":
        return _as_read("A restore goes to /api/start_restore.", known[0])
    if known:
        return _otherwise("A restore goes to /api/restore.", *uploads[:2])
    if uploads:
        return _otherwise("It knows neither path of a restore.", *uploads[:2], copes="no")
    if unknown is None or not unknown.whole:
        return _not_tried("No restore was tried.")
    how = f"HTTP {unknown.status}" if unknown.code is None else f"code {unknown.code}"
    if not is_unknown(unknown):
        return _otherwise(f"A command that it does not know is answered with {how}.", unknown, copes="no")
    return _not_tried(
        f"No restore was tried. A command that it does not know is answered with {how}.", unknown
    )


# A4


def a4(seen: Seen) -> Finding:
    uploads = [each.exchanges[-1] for each in seen.restores]
    done = next((each for each in seen.restores if each.completed), None)
    if done is not None and done.part_name == "file":
        return _as_read("The file's part may be named file.", *uploads)
    if done is not None:
        name = "no name" if done.part_name is None else "an empty name"
        return _otherwise(f"The file's part must have {name}.", *uploads, copes="with_profile")
    if any(each.accepted for each in seen.restores):
        return _not_tried("A file was accepted, but no restore was completed.", *uploads)
    if not uploads or is_unknown(uploads[-1]):
        return _not_tried("No file was taken.", *uploads)
    return _otherwise("It takes the file under no name that was tried.", *uploads, copes="no")


# A5


def a5(seen: Seen) -> Finding:
    envelopes = [
        each
        for each in _in_json(seen)
        if "code" in each.fields
        and each.operation not in (*STATUSES, "start_backup")
        and (each.operation is None or OPERATIONS[each.operation].response == "envelope" or each.code != 0)
    ]
    lacking = [each for each in envelopes if "data" not in each.fields]
    if lacking:
        return _otherwise(f"{len(lacking)} of {len(envelopes)} envelopes have no data.", *lacking)
    started = [each for each in seen.asked("start_backup") if each.code == 0]
    if not started:
        return _not_tried(f"All {len(envelopes)} envelopes have data; no backup was started.")
    if "data" in started[0].fields:
        return _otherwise("The answer of start_backup has data too.", *started)
    return _as_read("All envelopes have data, but that of start_backup.", *started)


# A6


def a6(seen: Seen) -> Finding:
    answers = _in_json(seen)
    if not answers:
        return _not_tried("No answer was JSON.")
    odd = [each for each in answers if each.json and each.json.last_commas]
    if odd:
        return _otherwise(f"{len(odd)} of {len(answers)} answers have a comma after a last member.", *odd)
    return _as_read(f"All {len(answers)} answers in JSON are strictly JSON.", answers[0])


# A7


def _entries(data: object) -> Iterator[Mapping[str, Any]]:
    """The entries in any of the shapes that a list may have."""
    if isinstance(data, Mapping):
        fields = cast("Mapping[str, Any]", data)
        yield from _entries(fields["items"]) if "items" in fields else iter((fields,))
    elif isinstance(data, list):
        for each in cast("list[object]", data):
            if isinstance(each, Mapping):
                yield cast("Mapping[str, Any]", each)


def _shape(data: object) -> str:
    if isinstance(data, list):
        many = any(isinstance(each.get("image_id"), list) for each in _entries(cast(object, data)))
        return "lists with many image_id in an entry" if many else ""
    if isinstance(data, Mapping):
        return "an object with items" if "items" in data else "one object"
    return "null" if data is None else f"a {type(data).__name__}"


def a7(seen: Seen) -> Finding:
    answers = [each for each in seen.asked(*LISTS) if each.code == 0]
    odd = [each for each in answers if _shape(each.fields.get("data"))]
    if odd:
        shapes = sorted({_shape(each.fields.get("data")) for each in odd})
        return _otherwise(f"The lists come as {', '.join(shapes)}.", *odd)
    full = [each for each in answers if each.operation == LISTS[1] and each.fields["data"]]
    if not full:
        return _not_tried("The lists are lists; the cache had no picture to see.", *answers)
    return _as_read("The lists are lists of objects, one for each picture.", *full)


# A8


def a8(seen: Seen) -> Finding:
    answers = [each for each in seen.asked("get_result") if each.code == 0]
    if not answers:
        return _not_tried("No recognition succeeded.", *seen.asked("get_result"))
    odd = [each for each in answers if not isinstance(each.fields.get("data"), Mapping)]
    if odd:
        return _otherwise("The data of get_result are no object.", *odd)
    return _as_read("The data of get_result are an object.", answers[0])


# A9


def a9(seen: Seen) -> Finding:
    named: list[tuple[Exchange, object]] = [
        (each, entry["name"])
        for each in seen.asked(*LISTS)
        for entry in _entries(each.fields.get("data"))
        if "name" in entry
    ]
    if not named:
        return _not_tried("No product is listed.")
    odd = [each for each, name in named if not isinstance(name, str)]
    if odd:
        return _otherwise("A product's name is no text.", *odd)
    return _as_read("The products' names are texts.", named[0][0])


# A10


def a10(seen: Seen) -> Finding:
    answers = seen.asked("get_image")
    if not answers:
        return _not_tried("No picture was answered.")
    pictures = [each for each in answers if is_jpeg(each.body)]
    neither = [each for each in answers if each not in pictures and each.code in (None, 0)]
    if neither:
        return _otherwise("An answer of get_image is neither a JPEG nor an error.", *neither)
    odd = [each for each in pictures if _media_type(each) != "image/jpeg"]
    if odd:
        return _otherwise(f"The picture comes as {_named(odd[0])}.", *odd)
    if pictures:
        return _as_read("The picture is a JPEG and says so.", pictures[0])
    return _as_read(f"Without a picture it answers the error {answers[0].code} as JSON.", answers[0])


# A11


def a11(seen: Seen) -> Finding:
    met = [each for each in seen.exchanges if each.code in WRITE_FAILED]
    if not met:
        return _not_tried("Neither code was met; nothing harmless makes a module answer them.")
    codes = sorted({each.code for each in met if each.code is not None})
    return _as_read(f"Met: {', '.join(map(str, codes))}.", *met)


# A12


def a12(seen: Seen) -> Finding:
    asked = {operation: seen.asked(operation) for operation in STATUSES}
    numbers = {
        operation: [(each, status) for each in answers if type(status := each.fields.get("status")) is int]
        for operation, answers in asked.items()
    }
    odd = [
        (each, status)
        for operation, answers in numbers.items()
        for each, status in answers
        if status not in STATUSES[operation]
    ]
    told = "; ".join(
        f"{operation} {', '.join(map(str, dict.fromkeys(status for _, status in answers)))}"
        for operation, answers in numbers.items()
        if answers
    )
    if odd:
        return _otherwise(f"Numbers that are not listed: {told}.", *(each for each, _ in odd))
    if not any(each.code == 0 for each in seen.asked("start_backup")):
        return _not_tried(f"No job was started. Seen: {told or 'no status'}.")
    return _as_read(f"Only listed numbers: {told}.", *(each for each, _ in numbers["get_backup_status"][-3:]))


# A13


def a13(seen: Seen) -> Finding:
    resets = [each for each in seen.exchanges if each.operation == "reset_device"]
    if not resets:
        return _not_tried("The module was not reset.")
    if not resets[0].whole:
        return _otherwise(f"It goes without an answer ({resets[0].failure}).", resets[0])
    if resets[0].code is None:
        return _otherwise("Its answer is no envelope.", resets[0])
    return _as_read(f"It answers code {resets[0].code}.", resets[0])


# A14


def a14(seen: Seen) -> Finding:
    answers = seen.asked(*STATUSES)
    if {each.operation for each in answers} != set(STATUSES):
        return _not_tried("Not both statuses were answered.")
    odd = [each for each in answers if is_unknown(each) or "status" not in each.fields]
    if odd:
        return _otherwise("A status is not where the text names it.", *odd)
    return _as_read("Both statuses are where the text names them.", answers[0], answers[1])


# A15


def a15(seen: Seen) -> Finding:
    charsets: dict[str, list[Exchange]] = {}
    for each in _in_json(seen):
        if each.json and each.json.charset:
            charsets.setdefault(each.json.charset, []).append(each)
    if "unknown" in charsets:
        return _otherwise("Some bytes are neither UTF-8 nor GBK.", *charsets["unknown"])
    if "gb18030" in charsets:
        return _otherwise("Chinese is written in GBK.", *charsets["gb18030"])
    if "utf-8" in charsets:
        return _as_read("Chinese is written in UTF-8.", *charsets["utf-8"])
    return Finding("not_tried", "All answers are ASCII: they do not tell.", level="act")


# A16


def _media_type(exchange: Exchange) -> str:
    return exchange.content_type.partition(";")[0].strip().lower()


def _named(exchange: Exchange) -> str:
    return exchange.content_type or "nothing at all"


def a16(seen: Seen) -> Finding:
    answers = _in_json(seen)
    if not answers:
        return _not_tried("No answer was JSON.")
    odd = [each for each in answers if _media_type(each) != "application/json"]
    if odd:
        types = ", ".join(sorted({_named(each) for each in odd}))
        return _otherwise(f"{len(odd)} of {len(answers)} answers in JSON come as {types}.", *odd)
    return _as_read(f"All {len(answers)} answers in JSON say so.", answers[0])
