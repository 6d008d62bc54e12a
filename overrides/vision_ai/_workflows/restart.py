"""Restarting the module, and waiting until it is ready."""

from __future__ import annotations

import time

from vision_ai_generated import api, models
from vision_ai_generated.operation import Operation

from .._pipeline.hooks import log
from .._pipeline.pipeline import Pipeline
from .._pipeline.retry import LOST_CALL_ERRORS
from .._runtime.deadline import Deadline
from .._validation import check_seconds
from ..errors import (
    AnswerLostError,
    AnswerTimeoutError,
    DeviceError,
    InvalidAnswerError,
    UnreachableError,
    VisionAIError,
)
from ..options import Retries
from ..progress import ProgressCallback, check_callback, unwrap_callback_errors
from .reporter import Reporter

RESPONSE_TIMEOUT = 5.0
"""Seconds that a module which may be restarting gets for a response."""
REFUSED = range(400, 500)
"""HTTP status of a module that did not take the request."""
AWAY = (502, 503, 504)
"""HTTP status of a web server whose module is away."""
SETTLED = 10.0
"""Seconds of responses after which a module counts as restarted though it was never unreachable. Nothing in its
responses tells how long it has been running."""


async def restart(pipeline: Pipeline, operation: Operation[None]) -> None:
    """Call an operation after which the module goes away, perhaps before its response has left (A13)."""
    try:
        await pipeline.call(operation, {})
    except (AnswerLostError, AnswerTimeoutError, InvalidAnswerError) as error:
        if isinstance(error, InvalidAnswerError) and error.status in REFUSED:
            raise
        _note_restart(pipeline, operation)
        error.add_note("Call wait_until_ready() and get_device_info() to find out whether it did.")
        raise
    _note_restart(pipeline, operation)


def _note_restart(pipeline: Pipeline, operation: Operation[None]) -> None:
    state = pipeline.state
    state.restarting = True
    # Whether a reset restarts the module is not documented (A13).
    state.ended_connection = state.connected_at if operation is api.REBOOT else None


def _came_over_old_connection(pipeline: Pipeline) -> bool:
    """Whether the latest response came over a connection that a restart would have ended."""
    connected_at, ended = pipeline.state.connected_at, pipeline.state.ended_connection
    return connected_at is not None and ended is not None and connected_at <= ended


async def set_clock(pipeline: Pipeline) -> None:
    """Set the clock of a module that speaks V2: it forgets the time when it restarts."""
    if not pipeline.options.set_clock or pipeline.state.api_version != "v2":
        return
    seconds, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
    try:
        await pipeline.call(api.SET_TIME, {"sec": seconds, "usec": microseconds})
    except VisionAIError as error:
        log.warning("the module is ready, but its clock was not set: %s", error)


@unwrap_callback_errors
async def wait_until_ready(
    pipeline: Pipeline, poll: float, timeout: float, progress: ProgressCallback | None
) -> models.DeviceInfo:
    """Ask for the device information until the module returns it; after a restart, until it was away before."""
    deadline = Deadline(check_seconds("timeout", timeout))
    check_seconds("poll", poll)
    check_callback(progress)
    reporter = Reporter(progress)
    was_away = not pipeline.state.restarting
    settled = Deadline(SETTLED)
    while True:
        failure: VisionAIError | None = None
        seconds = max(min(RESPONSE_TIMEOUT, deadline.left or 0.0), 0.001)
        options = pipeline.options._replace(timeout=seconds, retries=Retries(count=0))
        try:
            info = await pipeline.with_options(options).call(api.GET_DEVICE_INFO, {})
            if _came_over_old_connection(pipeline):
                settled = Deadline(SETTLED)
            if was_away or settled.over:
                pipeline.state.restarting = False
                await set_clock(pipeline)
                return info
        except LOST_CALL_ERRORS as error:
            failure = error
            # Not where this client itself was busy, or where too little time was left for a response.
            cut_short = isinstance(error, AnswerTimeoutError) and seconds < RESPONSE_TIMEOUT
            was_away = was_away or (error.__cause__ is not None and not cut_short)
        except (DeviceError, InvalidAnswerError) as error:  # a web server may be up before the module is
            failure = error
            was_away = was_away or (isinstance(error, InvalidAnswerError) and error.status in AWAY)
        if failure is not None:
            settled = Deadline(SETTLED)
        reporter.report("waiting", message=str(failure) if failure else "")
        if (deadline.left or 0.0) <= poll:
            reason = f"Last failure: {failure}" if failure else "It has not gone down to restart."
            raise UnreachableError(f"the module was not ready within {timeout:g} s. {reason}") from failure
        await pipeline.runtime.sleep(poll)
