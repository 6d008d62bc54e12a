"""A12, A14, A17, A25, A27: the status of a backup and of a restore, and the download."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from vision_ai import BackupState, RestoreState

from ..observations import Observations, is_unknown_command
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading

STATUSES: Mapping[str, frozenset[int]] = {
    "get_backup_status": frozenset(map(int, BackupState)),
    "get_restore_status": frozenset(map(int, RestoreState)),
}
"""The operations that report a status, with the listed numbers."""
CHINESE = re.compile("[\u4e00-\u9fff]")


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


@reading(
    "A17",
    text='Status 0 of a restore is "no recovery task"; the table\'s example has 0 and "Data recovery complete".',
    reading="4 is success. A 0 directly after 2 or 3 has ended too, and did not fail.",
    level="destructive",
)
def find_restore_end(observations: Observations) -> Finding:
    queries = observations.get_responses("get_restore_status")
    ends = [
        (each, each.fields.get("status"))
        for before, each in pairwise(queries)
        if before.fields.get("status") in (1, RestoreState.RESTORING, RestoreState.VERIFYING)
    ]
    fallen = [each for each, status in ends if status == RestoreState.IDLE]
    if fallen:
        return reject_reading("After a restore, the status falls back to 0.", *fallen)
    completed = [each for each, status in ends if status == RestoreState.COMPLETED]
    if completed:
        return accept_reading("After a restore, the status is 4.", *completed)
    return leave_undecided("No restore was observed until it was complete.")


@reading(
    "A25",
    text="The link /download/{filename} has no method; all other calls use POST.",
    reading="GET.",
    level="act",
)
def find_download_method(observations: Observations) -> Finding:
    downloads = observations.get_responses("download_backup")
    if not downloads:
        return leave_undecided("No backup was downloaded.")
    odd = [each for each in downloads if is_unknown_command(each)]
    if odd:
        return reject_reading("The module does not know the link with GET.", *odd)
    return accept_reading("The download works with GET.", downloads[0])


@reading(
    "A27",
    text="Status messages are Chinese; their examples are English.",
    reading="For display only, in any language.",
    level="read",
)
def find_message_language(observations: Observations) -> Finding:
    messages = [
        (each, message)
        for each in observations.get_responses(*STATUSES)
        if isinstance(message := each.fields.get("msg"), str) and message
    ]
    if not messages:
        return leave_undecided("No status had a message.")
    languages = {"Chinese" if CHINESE.search(message) else "not Chinese" for _, message in messages}
    return accept_reading(f"The messages are {' or '.join(sorted(languages))}.", messages[0][0])
