"""The path of a call: arguments → request → (retry (send)) → response → result or error.

Written once for both clients, as coroutines: what waits is the transport's and the runtime's. Over those of the
synchronous client they never suspend.
"""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar, cast

from vision_ai_generated import api, models
from vision_ai_generated.operation import Operation, Version

from .._quirks.restore_form import RestoreForm
from .._quirks.restore_path import is_unknown_command, order_paths
from .._runtime.deadline import Deadline
from .._runtime.pauses import Pauses
from .._runtime.runtime import Runtime
from .._runtime.waiters import LOOK_AGAIN
from .._transports.base import BodyTooLargeError, Request, Response, Transport, TransportError
from .._transports.upload import ReportSent, Upload
from ..errors import AnswerLostError, InvalidAnswerError, UnreachableError, VisionAIError
from ..options import Options
from .arguments import check_arguments
from .error_mapping import find_cause, map_transport_error
from .hooks import CallLog, NullObserver, observe_call
from .journal_calls import ask_for_journal
from .request import FILE, build_request, build_upload
from .response import Content, decode_result, longest_response
from .retry import LOST_CALL_ERRORS, RetrySchedule
from .unsupported import make_unsupported_error

if TYPE_CHECKING:
    from .._journal.calls import CallJournal

T = TypeVar("T")

TRANSFER_TIMEOUT = 1800.0
"""Seconds for a file to move where the caller says nothing else."""
RECOGNITION = "get_result"
DEVICE_INFO = "get_device_info"
"""The operation whose result tells the version of the API; by its name, since a first use of `api` imports a module."""


class SharedState:
    """What all clients over one connection share."""

    def __init__(self) -> None:
        self.closed = False
        self.pauses: Pauses = Pauses()
        self.call_log: CallLog = CallLog()
        self.restarting = False
        """A restart was requested, and the module was not seen away yet."""
        self.ended_connection: float | None = None
        """The `connected_at` of the latest connection that will have ended once the module has restarted."""
        self.connected_at: float | None = None
        """When the connection of the latest response was made, where that is known."""
        self.requests: dict[tuple[str, str], Request] = {}
        """The requests of operations without arguments, by method and path: each is built once."""
        self.api_version: Version | None = None
        """The version of the API that the module seems to speak."""
        self.version_is_certain = False
        """Whether the module told its version, or could not tell."""
        self.journal: CallJournal | None = None


class Pipeline:
    """One connection to a module, with the options of one client."""

    def __init__(self, base_url: str, transport: Transport, runtime: Runtime, options: Options) -> None:
        self.base_url = base_url
        self.transport = transport
        self.runtime = runtime
        self.options = options
        self.state: SharedState = SharedState()
        self.background = False
        """Whether all other calls go first, however long they take. Whoever makes them reports recognitions to the
        journal."""
        self.began: float = 0.0
        """In the background: when the latest call began, by `perf_counter`, without its wait for other calls."""
        self.ended = False
        """Whether the work that this pipeline was made for has ended: nothing more is sent."""
        if options.api == "auto":
            self.state.api_version = options.expectations.api
        else:
            self.state.api_version, self.state.version_is_certain = options.api, True

    def with_options(self, options: Options) -> Pipeline:
        """Return a pipeline over the same connection with other options."""
        other = copy.copy(self)
        other.options = options
        return other

    def in_background(self, options: Options) -> Pipeline:
        """Return a pipeline over the same connection whose calls let all others go first."""
        other = self.with_options(options)
        other.background = True
        return other

    def within(self, deadline: Deadline) -> Pipeline:
        """Return a pipeline whose calls end with a longer piece of work."""
        left = deadline.left
        if left is None:
            return self
        return self.with_options(self.options._replace(timeout=max(min(self.options.timeout, left), 0.001)))

    async def call(
        self, operation: Operation[T], arguments: Mapping[str, object], *, in_other_version: bool = True
    ) -> T:
        """Carry out one operation.

        Args:
            operation: In the form of V1, if V1 has it.
            arguments: By their names in the request.
            in_other_version: Whether the operation may be carried out in the form of the other version of the API.
        """
        values = check_arguments(operation, arguments) if operation.fields else arguments
        if operation.body == "multipart":
            return await self.upload(operation, values, Deadline(TRANSFER_TIMEOUT), None)
        form = operation
        if in_other_version:
            form = self._known_form(operation) or await self.find_form(operation)
        request = self.build_request(form, values)
        options = self.options
        deadline = Deadline(options.timeout)
        schedule = RetrySchedule(form, options.retries, deadline)
        state = self.state
        with observe_call(
            operation, values, options.on_call, state.call_log, state.journal, background=self.background
        ) as observer:
            try:
                result = await self.repeat(schedule, partial(self._attempt, form, request), observer)
            except VisionAIError as error:
                if not in_other_version or options.api != "auto" or not is_unknown_command(error):
                    raise
                form, result = await self._call_in_other_version(
                    operation, form, values, deadline, observer, error
                )
            if operation.name == DEVICE_INFO:
                self._note_device_info(form, cast(models.DeviceInfo, result))
            if options.product_lookup is not None and operation.name == RECOGNITION:
                options.product_lookup.name_guesses(cast(models.RecognitionResult, result))
            observer.note_result(result)
            if state.journal is not None and operation.name in state.journal.questions:
                await ask_for_journal(self, state.journal, operation, values, deadline)
            return result

    async def _call_in_other_version(
        self,
        operation: Operation[T],
        form: Operation[T],
        values: Mapping[str, object],
        deadline: Deadline,
        observer: NullObserver,
        error: VisionAIError,
    ) -> tuple[Operation[T], T]:
        """Carry out an operation that the module does not know in one form, in its form of the other version (B1).

        The module may have been upgraded. Where it does not know the other form either, the first error is raised.
        """
        version: Version = "v1" if form.versions == ("v2",) else "v2"
        other = api.find_form(operation, version)
        if other is None or other is form or form.effect != "read":
            self.state.api_version, self.state.version_is_certain = None, False
            raise error
        request = self.build_request(other, values)
        schedule = RetrySchedule(other, self.options.retries, deadline)
        try:
            result = await self.repeat(schedule, partial(self._attempt, other, request), observer)
        except VisionAIError as failure:
            raise error if is_unknown_command(failure) else failure from None
        self.state.api_version, self.state.version_is_certain = version, False
        return other, result

    def _known_form(self, operation: Operation[T]) -> Operation[T] | None:
        """Return the form of an operation to try first; None if the version of the API decides whether there is one."""
        version = self.state.api_version
        if version is None:
            return operation if operation.name in api.FORMS_IN_V2 or len(operation.versions) > 1 else None
        return operation if version in operation.versions else None

    async def find_form(self, operation: Operation[T]) -> Operation[T]:
        """Return an operation in the version of the API that the module speaks.

        Raises:
            UnsupportedOperationError: That version does not have it.
        """
        form = self._known_form(operation)
        if form is not None:
            return form
        version = self.state.api_version or await self.find_version(operation.name)
        form = api.find_form(operation, version)
        if form is None and not self.state.version_is_certain:
            version = await self.find_version(operation.name)
            form = api.find_form(operation, version)
        if form is None:
            raise make_unsupported_error(operation, version, fixed=self.options.api != "auto")
        return form

    async def find_version(self, operation: str) -> Version:
        """Return the version of the API that the module speaks; ask for it if that is not certain (B1).

        The question is one request that only reads: that of V1 for the device information. A module that does not
        know it speaks V2; one that answers names its board or its application, or speaks V1. Where the answer tells
        nothing, V1 is assumed.

        Args:
            operation: What needs to know, for messages.
        """
        state, lock, ticket = self.state, self.runtime.version_lock, object()
        try:
            if not lock.try_acquire(ticket):
                await lock.wait(ticket, Deadline(self.options.timeout))
            if state.api_version is not None and state.version_is_certain:
                return state.api_version
            try:
                await self.call(api.GET_DEVICE_INFO, {}, in_other_version=False)
            except LOST_CALL_ERRORS as error:
                raise UnreachableError(
                    f"{operation}: not sent, because the module does not answer which version of the API it has: "
                    f"{error}"
                ) from error
            except VisionAIError as error:
                state.api_version = "v2" if is_unknown_command(error) else "v1"
                state.version_is_certain = True
            return state.api_version or "v1"
        finally:
            try:
                lock.release(ticket)
            except BaseException:
                lock.release(ticket)
                raise

    def _note_device_info(self, form: Operation[Any], info: models.DeviceInfo) -> None:
        """Remember which version of the API the device information shows."""
        if self.options.api != "auto":
            return
        if info.board is not None or info.app is not None:
            self.state.api_version, self.state.version_is_certain = "v2", True
        elif "v1" in form.versions:
            self.state.api_version, self.state.version_is_certain = "v1", True

    async def repeat(
        self, schedule: RetrySchedule, attempt: Callable[[Deadline], Awaitable[T]], observer: NullObserver
    ) -> T:
        """Make attempts until one is not lost, as often as the schedule allows."""
        while True:
            observer.count_attempt()
            try:
                return await attempt(schedule.begin_attempt())
            except LOST_CALL_ERRORS as error:
                pause = schedule.pause_after(error)
            await self.pause(pause)

    async def _attempt(self, operation: Operation[T], request: Request, deadline: Deadline) -> T:
        limit = longest_response(operation)
        lock, ticket = self.runtime.lock, object()
        self.refuse_if_closed()
        try:
            if not lock.try_acquire(ticket, background=self.background):
                deadline = await self._wait_for_lock(ticket, deadline)
                self.refuse_if_closed()  # it may have been closed while this call waited
            response = await self.transport.send(request, deadline)
            self.state.connected_at = response.connected_at
            try:
                body = await response.read(limit)
            except BodyTooLargeError as error:
                advice = (
                    "; save_backup() streams a large file to the disk" if operation.media_type == FILE else ""
                )
                raise InvalidAnswerError(
                    f"{operation.name}: given up, the response has more than {limit:,} bytes{advice}",
                    content=error.start,
                    status=response.status,
                ) from None
        except (TransportError, OSError) as failure:
            raise map_transport_error(failure, operation.name, deadline, self.base_url) from find_cause(
                failure
            )
        finally:
            try:
                lock.release(ticket)
            except BaseException:  # Ctrl-C came in between
                lock.release(ticket)
                raise
        content = Content(response.status, response.content_type, body, self.state.api_version)
        result = decode_result(operation, content, strict=self.options.strict)
        if not response.request_sent:
            raise AnswerLostError(
                f"{operation.name}: the module reported success before it had received the whole request, and then "
                "received no more. It may have carried out the request."
            )
        return result

    async def _wait_for_lock(self, ticket: object, deadline: Deadline) -> Deadline:
        """Wait for the turn to send. Return the deadline of the request: in the background its time begins only now."""
        lock = self.runtime.lock
        if not self.background:
            await lock.wait(ticket, deadline)
            return deadline
        while True:
            try:
                await lock.wait(ticket, Deadline(LOOK_AGAIN), background=True)
            except UnreachableError:  # another call takes long, such as a backup
                self.refuse_if_closed()
            else:
                self.began = perf_counter()
                return Deadline(deadline.seconds, deadline.stall)

    async def pause(self, seconds: float) -> None:
        """Wait. In the background the end of the client, or of this pipeline's work, ends it early.

        There, the clock of an emulator that a test moves is moved on instead.
        """
        if not self.background:
            await self.runtime.sleep(seconds)
            return
        clock = self.transport.clock
        if clock is None and seconds > 0:
            await self.state.pauses.wait(self.runtime.lock.make_waiter(), seconds, lambda: self.has_ended)
            return
        if clock is not None and seconds > 0:
            clock.step(seconds)
        await self.runtime.yield_to_others()

    @asynccontextmanager
    async def open_response(
        self, operation: Operation[Any], values: Mapping[str, object], deadline: Deadline
    ) -> AsyncGenerator[Response]:
        """Send a request, and leave its response's body to be read within the `async with` statement."""
        operation = await self.find_form(operation)
        request = self.build_request(operation, values)
        lock, ticket = self.runtime.lock, object()
        self.refuse_if_closed()
        try:
            if not lock.try_acquire(ticket):
                await lock.wait(ticket, deadline)
                self.refuse_if_closed()
            response = await self.transport.send(request, deadline)
            try:
                yield response
            finally:
                await response.close()
        except TransportError as failure:
            raise map_transport_error(failure, operation.name, deadline, self.base_url) from find_cause(
                failure
            )
        finally:
            try:
                lock.release(ticket)
            except BaseException:
                lock.release(ticket)
                raise

    async def upload(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        deadline: Deadline,
        report: ReportSent | None,
        check: Callable[[Upload], object] | None = None,
    ) -> T:
        """Carry out an operation that sends a file; at its other path where the module does not know the first."""
        self.refuse_if_closed()
        operation = await self.find_form(operation)
        file = next(values[field.name] for field in operation.fields if field.kind == "file")
        upload = await self.runtime.run_blocking(Upload, file)
        first, *others = order_paths(operation, self.options.expectations.restore_path)
        try:
            if check is not None:
                await self.runtime.run_blocking(check, upload)
            with observe_call(
                operation, values, self.options.on_call, self.state.call_log, self.state.journal
            ) as observer:
                try:
                    return await self._upload_to(first, operation, upload, deadline, report, observer)
                except VisionAIError as error:
                    if not others or not is_unknown_command(error):
                        raise
                return await self._upload_to(others[0], operation, upload, deadline, report, observer)
        finally:
            upload.close()

    async def _upload_to(
        self,
        path: str,
        operation: Operation[T],
        upload: Upload,
        deadline: Deadline,
        report: ReportSent | None,
        observer: NullObserver,
    ) -> T:
        async def attempt(attempt_deadline: Deadline) -> T:
            form = RestoreForm(upload, self.options.expectations.part_name, report)
            request = build_upload(operation, path, self.base_url, form, keep_alive=self.options.keep_alive)
            try:
                return await self._attempt(operation, request, attempt_deadline)
            except LOST_CALL_ERRORS:
                if form.failure is not None:
                    raise form.failure from None  # the file failed, not the connection
                raise

        schedule = RetrySchedule(operation, self.options.retries, deadline, stall=self.options.timeout)
        return await self.repeat(schedule, attempt, observer)

    def build_request(self, operation: Operation[Any], values: Mapping[str, object]) -> Request:
        """Return the request of an operation that sends no file."""
        key = operation.method, operation.path
        request = self.state.requests.get(key)
        if request is None:
            request = build_request(
                operation,
                values,
                self.base_url,
                self.options.expectations.field_names,
                keep_alive=self.options.keep_alive,
            )
            if not operation.fields:
                self.state.requests[key] = request
        return request

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is sent: the client is closed, or this pipeline's work has ended."""
        return self.state.closed or self.ended

    def refuse_if_closed(self) -> None:
        """Raise an error where nothing more is sent."""
        if self.has_ended:
            raise VisionAIError("this client is closed; make a new one")

    async def close(self) -> None:
        """End the connection. Calling it again does nothing."""
        if not self.state.closed:
            self.state.closed = True
            self.state.pauses.end()
            try:
                await self.transport.close()
            finally:
                if self.state.journal is not None:
                    async with self.runtime.shield():
                        await self.runtime.run_blocking(self.state.journal.close)
