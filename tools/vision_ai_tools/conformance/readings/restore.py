"""A3, A4: the path of a restore, and the name of its file part."""

from __future__ import annotations

from ..observations import Observations, is_unknown_command
from .registry import Finding, accept_reading, leave_undecided, reading, reject_reading


@reading(
    "A3",
    text="A restore is sent to /api/start_restore; its example is sent to /api/restore.",
    reading="/api/start_restore. If it returns -6117, HTTP 404 or 405: /api/restore, once.",
    level="destructive",
)
def find_restore_path(observations: Observations) -> Finding:
    unknown = observations.unknown_command
    uploads = [upload for each in observations.restores for upload in each.exchanges]
    known = [each for each in uploads if each.is_complete and not is_unknown_command(each)]
    if known and known[0].operation == "start_restore":
        return accept_reading("A restore goes to /api/start_restore.", known[0])
    if known:
        return reject_reading("A restore goes to /api/restore.", *uploads[:2])
    if uploads:
        return reject_reading("The module knows neither path of a restore.", *uploads[:2], copes="no")
    if unknown is None or not unknown.is_complete:
        return leave_undecided("No restore was tried.")
    response = f"HTTP {unknown.status}" if unknown.code is None else f"code {unknown.code}"
    found = f"The response to an unknown command is {response}."
    if not is_unknown_command(unknown):
        return reject_reading(found, unknown, copes="no")
    return leave_undecided(f"No restore was tried. {found}", unknown)


@reading(
    "A4",
    text="The part of a restore's form is not named; in the example it has no name at all.",
    reading="The name is file. A setting selects another name, an empty one or none.",
    level="destructive",
)
def find_restore_part_name(observations: Observations) -> Finding:
    uploads = [each.exchanges[-1] for each in observations.restores]
    completed = next((each for each in observations.restores if each.completed), None)
    if completed is not None and completed.part_name == "file":
        return accept_reading(
            f"The file part may have the name file.{_describe_chunked_restore(observations)}", *uploads
        )
    if completed is not None:
        name = "no name" if completed.part_name is None else "an empty name"
        found = f"The file part must have {name}.{_describe_chunked_restore(observations)}"
        return reject_reading(found, *uploads, copes="with_profile")
    if any(each.accepted for each in observations.restores):
        return leave_undecided("A file was accepted, but no restore was completed.", *uploads)
    if not uploads or is_unknown_command(uploads[-1]):
        return leave_undecided("No file was accepted.", *uploads)
    return reject_reading("The module accepts the file part under none of the names.", *uploads, copes="no")


def _describe_chunked_restore(observations: Observations) -> str:
    """Say whether a restore may come in chunks, without a length: the SDK always sends the length."""
    trial = observations.chunked_restore
    if trial is None:
        return ""
    if trial.completed:
        return " A restore in chunks, without a length, was completed too."
    if trial.accepted:
        return " A restore in chunks, without a length, was accepted and not completed."
    upload = trial.exchanges[-1]
    response = f"HTTP {upload.status}" if upload.code is None else f"code {upload.code}"
    if not upload.is_complete:
        response = "no response"
    return f" A restore has to have a length: one in chunks was refused ({response})."
