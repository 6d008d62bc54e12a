"""A5, A6, A15, A16: how a response's JSON is written."""

from __future__ import annotations

from vision_ai_generated.api import OPERATIONS

from ..capture import Exchange
from ..media_types import describe_media_type, get_media_type
from ..observations import Observations
from .jobs import STATUSES
from .registry import Finding, accept_reading, get_json_responses, leave_undecided, reading, reject_reading


@reading(
    "A5",
    text="The envelope has data; the example of start_backup's response has none.",
    reading="data is never required. Only start_backup has none.",
    level="act",
)
def find_data_key(observations: Observations) -> Finding:
    envelopes = [
        each
        for each in get_json_responses(observations)
        if "code" in each.fields
        and each.operation not in (*STATUSES, "start_backup")
        and (each.operation is None or OPERATIONS[each.operation].response == "envelope" or each.code != 0)
    ]
    lacking = [each for each in envelopes if "data" not in each.fields]
    if lacking:
        return reject_reading(f"{len(lacking)} of {len(envelopes)} envelopes have no data.", *lacking)
    started = [each for each in observations.get_responses("start_backup") if each.code == 0]
    if not started:
        return leave_undecided(f"All {len(envelopes)} envelopes have data. No backup was started.")
    if "data" in started[0].fields:
        return reject_reading("The response to start_backup has data too.", *started)
    return accept_reading("All envelopes have data, except that of start_backup.", *started)


@reading(
    "A6",
    text="JSON; some examples have a comma after the last member.",
    reading="Strict JSON.",
    level="read",
    versions=("v1", "v2"),
)
def find_trailing_commas(observations: Observations) -> Finding:
    responses = get_json_responses(observations)
    if not responses:
        return leave_undecided("No response was JSON.")
    odd = [each for each in responses if each.json and each.json.trailing_commas]
    if odd:
        return reject_reading(
            f"{len(odd)} of {len(responses)} responses have a comma after a last member.", *odd
        )
    return accept_reading(f"All {len(responses)} JSON responses are strict JSON.", responses[0])


@reading(
    "A15",
    text="Names are UTF-8; messages are Chinese, without a charset.",
    reading="UTF-8.",
    level="read",
    versions=("v1", "v2"),
)
def find_charset(observations: Observations) -> Finding:
    charsets: dict[str, list[Exchange]] = {}
    for each in get_json_responses(observations):
        if each.json and each.json.charset:
            charsets.setdefault(each.json.charset, []).append(each)
    if "unknown" in charsets:
        return reject_reading("Some bytes are neither UTF-8 nor GBK.", *charsets["unknown"])
    if "gb18030" in charsets:
        return reject_reading("Chinese text is GBK.", *charsets["gb18030"])
    if "utf-8" in charsets:
        return accept_reading("Chinese text is UTF-8.", *charsets["utf-8"])
    return leave_undecided("All responses are ASCII.", level="act")


@reading(
    "A16",
    text="The Content-Type of JSON is not given.",
    reading="application/json.",
    level="read",
    versions=("v1", "v2"),
)
def find_json_content_type(observations: Observations) -> Finding:
    responses = get_json_responses(observations)
    if not responses:
        return leave_undecided("No response was JSON.")
    odd = [each for each in responses if get_media_type(each) != "application/json"]
    if odd:
        types = ", ".join(sorted({describe_media_type(each) for each in odd}))
        return reject_reading(
            f"{len(odd)} of {len(responses)} JSON responses have the Content-Type {types}.", *odd
        )
    return accept_reading(
        f"All {len(responses)} JSON responses have the Content-Type application/json.", responses[0]
    )
