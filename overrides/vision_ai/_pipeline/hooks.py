"""Who observes calls: a line in the log for each, a callback, and the journal.

The logger is `vision_ai`. Nothing is formatted, and no clock is read, while nobody listens.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from vision_ai_generated.operation import Effect, Operation

from ..errors import DeviceError, InvalidAnswerError, InvalidInputError
from ..progress import is_asynchronous

if TYPE_CHECKING:
    from .._redaction import Redaction

log = logging.getLogger("vision_ai")


class Call(NamedTuple):
    """One call of an operation, after it ended."""

    operation: str
    """Its name, which is the method's."""
    effect: Effect
    duration: float
    """Seconds, with all attempts and the pauses between them."""
    tries: int
    """How many attempts were made, 1 or more."""
    error: BaseException | None = None
    """Why it failed; None for a success. Mostly a `VisionAIError`; Ctrl-C and a full disk end calls too."""

    @property
    def code(self) -> int | None:
        """The module's code: 0 for success, None where no usable response came."""
        if self.error is None:
            return 0
        return self.error.code if isinstance(self.error, DeviceError) else None


OnCall = Callable[[Call], object]
"""Called after each call, in its thread or task; what it raises is logged and does not disturb the call."""


def check_on_call(on_call: object) -> OnCall | None:
    """Refuse what could not be called."""
    if on_call is not None and (not callable(on_call) or is_asynchronous(on_call)):
        raise InvalidInputError(
            f"on_call must be an ordinary function of one argument (not async), or None, not {on_call!r}"
        )
    return cast("OnCall | None", on_call)


class CallListener(Protocol):
    """Gets each call with its arguments and its result; see `CallJournal.note_call`."""

    def note_call(
        self,
        operation: str,
        arguments: Mapping[str, object],
        result: object,
        duration: float,
        error: BaseException | None,
        background: bool,
    ) -> None:
        """Note a call that ended."""
        ...


class NullObserver:
    """Observes nothing."""

    __slots__ = ()

    def __enter__(self) -> NullObserver:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None: ...

    def count_attempt(self) -> None:
        """Note that an attempt begins."""

    def note_result(self, result: object) -> None:
        """Note what the call returns."""


NULL_OBSERVER = NullObserver()


class CallLog:
    """Formats the calls of one connection for the log, without the secrets that the module sends."""

    def __init__(self) -> None:
        self._redaction: Redaction | None = None

    def learn_secrets(self, result: object) -> None:
        """Remember the secrets in a result: an error of a later call may show them."""
        to_dict: Any = getattr(result, "to_dict", None)  # a model's
        if to_dict is not None:
            self._get_redaction().redact_json(to_dict())

    def format(self, call: Call) -> str:
        """Return the line for a call."""
        text = (
            f"{call.operation} code={'-' if call.code is None else call.code} {call.duration * 1000:.1f} ms"
        )
        if call.tries > 1:
            text += f" tries={call.tries}"
        error = call.error
        if error is None:
            return text
        redaction = self._get_redaction()
        # A message may show a part of the response, which as a whole reveals what is secret in it.
        if isinstance(error, InvalidAnswerError):
            redaction.redact_body(error.content)
        elif isinstance(error, DeviceError):
            redaction.redact_json(error.answer)
        return f"{text} {type(error).__name__}: {redaction.redact_text(str(error))}"

    def _get_redaction(self) -> Redaction:
        if self._redaction is None:
            from .._redaction import Redaction

            self._redaction = Redaction()
        return self._redaction


class CallObserver(NullObserver):
    """Measures one call from its beginning to its end, and reports it."""

    __slots__ = (
        "_arguments",
        "_background",
        "_call_log",
        "_ended",
        "_listener",
        "_on_call",
        "_operation",
        "_result",
        "_started",
        "_tries",
    )

    def __init__(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, object],
        on_call: OnCall | None,
        call_log: CallLog | None,
        listener: CallListener | None,
        background: bool,
    ) -> None:
        self._operation = operation
        self._arguments = arguments
        self._on_call = on_call
        self._call_log = call_log
        self._listener = listener
        self._background = background
        self._result: object = None
        self._tries = 0
        self._ended: float | None = None
        self._started = perf_counter()

    def count_attempt(self) -> None:
        self._tries += 1

    def note_result(self, result: object) -> None:
        self._ended = perf_counter()
        self._result = result
        if self._call_log is not None:
            self._call_log.learn_secrets(result)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        duration = (self._ended or perf_counter()) - self._started
        operation = self._operation
        if self._listener is not None:
            try:
                self._listener.note_call(
                    operation.name,
                    self._arguments,
                    self._result,
                    duration,
                    error,
                    background=self._background,
                )
            except Exception:
                log.exception("the journal failed after %s", operation.name)
        if self._on_call is None and self._call_log is None:
            return
        call = Call(operation.name, operation.effect, duration, max(self._tries, 1), error)
        if self._call_log is not None:
            log.debug("%s", self._call_log.format(call))
        if self._on_call is None:
            return
        try:
            self._on_call(call)
        except Exception:
            log.exception("on_call failed after %s", call.operation)


def observe_call(
    operation: Operation[Any],
    arguments: Mapping[str, object],
    on_call: OnCall | None,
    call_log: CallLog,
    listener: CallListener | None,
    *,
    background: bool = False,
) -> NullObserver:
    """Return an observer for a call; one that does nothing while nobody listens.

    Args:
        operation: What is called.
        arguments: By their names in the request.
        on_call: The callback.
        call_log: Formats the line of the log.
        listener: The journal.
        background: The call is one of a workflow's that makes many and reports them together.
    """
    is_logged = log.isEnabledFor(logging.DEBUG)
    if on_call is None and listener is None and not is_logged:
        return NULL_OBSERVER
    return CallObserver(operation, arguments, on_call, call_log if is_logged else None, listener, background)
