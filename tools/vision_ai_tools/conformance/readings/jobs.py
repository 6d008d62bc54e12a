"""A12, A14: the status of a backup and of a restore."""

from __future__ import annotations

from collections.abc import Mapping

from vision_ai import BackupState, RestoreState

from ..observations import Observations, is_unknown_command
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading

STATUSES: Mapping[str, frozenset[int]] = {
    "get_backup_status": frozenset(map(int, BackupState)),
    "get_restore_status": frozenset(map(int, RestoreState)),
}
"""The operations that report a status, with the listed numbers."""


@reading(
    "A12",
    text="A backup is over at 0 or from 3, a restore at 0 or from 4; only some numbers are listed.",
    reading="The rule decides.",
    level="act",
)
def find_job_statuses(observations: Observations) -> Finding:
    numbers = {
        operation: [
            (each, status)
            for each in observations.get_responses(operation)
            if type(status := each.fields.get("status")) is int
        ]
        for operation in STATUSES
    }
    odd = [
        each
        for operation, responses in numbers.items()
        for each, status in responses
        if status not in STATUSES[operation]
    ]
    listing = "; ".join(
        f"{operation} {', '.join(map(str, dict.fromkeys(status for _, status in responses)))}"
        for operation, responses in numbers.items()
        if responses
    )
    if odd:
        return reject_reading(f"Some numbers are not listed: {listing}.", *odd)
    if not any(each.code == 0 for each in observations.get_responses("start_backup")):
        return leave_undecided(f"No job was started. Statuses: {listing or 'none'}.")
    return accept_reading(
        f"All numbers are listed: {listing}.", *(each for each, _ in numbers["get_backup_status"][-3:])
    )


@reading(
    "A14",
    text="References to chapters that do not exist.",
    reading="get_backup_status and get_restore_status.",
    level="read",
)
def find_status_operations(observations: Observations) -> Finding:
    responses = observations.get_responses(*STATUSES)
    if {each.operation for each in responses} != set(STATUSES):
        return leave_undecided("One of the two status operations returned no complete response.")
    odd = [each for each in responses if is_unknown_command(each) or "status" not in each.fields]
    if odd:
        return reject_reading("A status operation does not exist or returns no status.", *odd)
    return accept_reading("Both status operations return a status.", responses[0], responses[1])
