"""A2, A11, A23: the error codes."""

from __future__ import annotations

from ..observations import Observations
from .registry import Finding, accept_reading, get_json_responses, leave_undecided, reading, reject_reading

WRITE_FAILED = (-6203, -6204)
MISMATCHES = (-6141, -6142, -6143)


@reading(
    "A2",
    text="code is an Integer, a Number, an int.",
    reading="A whole number.",
    level="read",
    versions=("v1", "v2"),
)
def find_code_type(observations: Observations) -> Finding:
    responses = [each for each in get_json_responses(observations) if "code" in each.fields]
    if not responses:
        return leave_undecided("No response had a code.")
    odd = [each for each in responses if type(each.fields["code"]) is not int]
    if odd:
        types = ", ".join(sorted({type(each.fields["code"]).__name__ for each in odd}))
        return reject_reading(f"In {len(odd)} responses the code is not a whole number ({types}).", *odd)
    return accept_reading(f"The code is a whole number in all {len(responses)} responses.", responses[0])


@reading(
    "A11",
    text="-6203 and -6204 have the same meaning: a file could not be written.",
    reading="Both codes are kept.",
    level=None,
)
def find_write_failure_codes(observations: Observations) -> Finding:
    failures = [each for each in observations.exchanges if each.code in WRITE_FAILED]
    if not failures:
        return leave_undecided("Neither code was returned. No harmless request makes a module return them.")
    codes = sorted({each.code for each in failures if each.code is not None})
    return accept_reading(f"Returned: {', '.join(map(str, codes))}.", *failures)


@reading(
    "A23",
    text='-6141, -6142, -6143: store, device, engine version "mismatch", without saying of what.',
    reading="Something does not match, not only a file.",
    level=None,
)
def find_mismatch_codes(observations: Observations) -> Finding:
    found = [each for each in observations.exchanges if each.code in MISMATCHES]
    if not found:
        return leave_undecided(
            "None of these codes was returned. No harmless request makes a module return them."
        )
    uses = sorted({f"{each.code} by {each.operation or 'an unknown command'}" for each in found})
    return accept_reading(f"Returned: {', '.join(uses)}.", *found)
