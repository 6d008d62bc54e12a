"""A13: the response to a reset."""

from __future__ import annotations

from ..observations import Observations
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading


@reading(
    "A13",
    text="The response of reset_device is not documented.",
    reading="The envelope. The connection may drop first.",
    level="destructive",
)
def find_reset_response(observations: Observations) -> Finding:
    resets = [each for each in observations.exchanges if each.operation == "reset_device"]
    if not resets:
        return leave_undecided("The module was not reset.")
    if not resets[0].is_complete:
        return reject_reading(f"The module sends no response ({resets[0].failure}).", resets[0])
    if resets[0].code is None:
        return reject_reading("The response is not an envelope.", resets[0])
    return accept_reading(f"The response has the code {resets[0].code}.", resets[0])
