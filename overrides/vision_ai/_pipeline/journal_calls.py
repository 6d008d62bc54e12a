"""What the SDK asks a module by itself, so that a journal is complete. It never fails or delays a call for long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vision_ai_generated import api
from vision_ai_generated.operation import Operation

from .._runtime.deadline import Deadline
from ..options import Retries
from .hooks import log

if TYPE_CHECKING:
    from .._journal.calls import CallJournal
    from .pipeline import Pipeline

LONGEST_QUESTION = 2.0
"""Seconds that a question may take, within the time of the call after which it is asked."""
SHORTEST_QUESTION = 0.05
"""Seconds below which it is left for the next call."""


async def ask_for_journal(
    pipeline: Pipeline,
    journal: CallJournal,
    operation: Operation[Any],
    values: Mapping[str, object],
    deadline: Deadline,
) -> None:
    """Ask what the journal needs after a call that succeeded, since the module responds then."""
    if operation.name == "result_feedback":
        picture = await _ask(pipeline, api.GET_IMAGE, deadline)
        if isinstance(picture, bytes):
            journal.note_picture(str(values["sid"]), picture)
    elif journal.begin_device_question():
        await _ask(pipeline, api.GET_DEVICE_INFO, deadline)


async def _ask(pipeline: Pipeline, operation: Operation[Any], deadline: Deadline) -> object:
    """Return the result of a read operation; None where it fails."""
    left = deadline.left
    seconds = LONGEST_QUESTION if left is None else min(left, LONGEST_QUESTION)
    if seconds < SHORTEST_QUESTION:
        return None
    options = pipeline.options._replace(timeout=seconds, retries=Retries(count=0))
    try:
        return await pipeline.with_options(options).call(operation, {})
    except Exception as error:  # noqa: BLE001  # the caller's own call has succeeded
        log.debug("%s for the journal failed: %s", operation.name, error)
        return None
