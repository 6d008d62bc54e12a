"""The path of a call: arguments → request → (retry (send)) → response → result or error.

Written once for both clients, as coroutines: what waits is the transport's and the runtime's. Over those of the
synchronous client they never suspend.
"""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from vision_ai_generated.operation import Operation

from .._quirks.restore_form import RestoreForm
from .._quirks.restore_path import is_unknown_command, order_paths
from .._runtime.deadline import Deadline
from .._runtime.runtime import Runtime
from .._transports.base import BodyTooLargeError, Request, Response, Transport, TransportError
from .._transports.upload import ReportSent, Upload
from ..errors import AnswerLostError, InvalidAnswerError, VisionAIError
from ..options import Options
from .arguments import check_arguments
from .error_mapping import find_cause, map_transport_error
from .hooks import CallLog, NullObserver, observe_call
from .request import FILE, build_request, build_upload
from .response import Content, decode_result, longest_response
from .retry import LOST_CALL_ERRORS, RetrySchedule

T = TypeVar("T")

TRANSFER_TIMEOUT = 1800.0
"""Seconds for a file to move where the caller says nothing else."""


class SharedState:
    """What all clients over one connection share."""

    def __init__(self) -> None:
        self.closed = False
        self.call_log = CallLog()
        self.restarting = False
        """A restart was requested, and the module was not seen away yet."""
        self.ended_connection: float | None = None
        """The `connected_at` of the latest connection that will have ended once the module has restarted."""
        self.connected_at: float | None = None
        """When the connection of the latest response was made, where that is known."""
        self.requests: dict[str, Request] = {}
        """The requests of operations without arguments, by name: each is built once."""


class Pipeline:
    """One connection to a module, with the options of one client."""

    def __init__(self, base_url: str, transport: Transport, runtime: Runtime, options: Options) -> None:
        self.base_url = base_url
        self.transport = transport
        self.runtime = runtime
        self.options = options
        self.state = SharedState()

    def with_options(self, options: Options) -> Pipeline:
        """Return a pipeline over the same connection with other options."""
        other = copy.copy(self)
        other.options = options
        return other

    def within(self, deadline: Deadline) -> Pipeline:
        """Return a pipeline whose calls end with a longer piece of work."""
        left = deadline.left
        if left is None:
            return self
        return self.with_options(self.options._replace(timeout=max(min(self.options.timeout, left), 0.001)))

    async def call(self, operation: Operation[T], arguments: Mapping[str, object]) -> T:
        """Carry out one operation."""
        values = check_arguments(operation, arguments) if operation.fields else arguments
        if operation.body == "multipart":
            return await self.upload(operation, values, Deadline(TRANSFER_TIMEOUT), None)
        request = self.build_request(operation, values)
        options = self.options
        schedule = RetrySchedule(operation, options.retries, Deadline(options.timeout))
        with observe_call(operation, options.on_call, self.state.call_log) as observer:
            result = await self.repeat(schedule, partial(self._attempt, operation, request), observer)
            observer.note_result(result)
            return result

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
            await self.runtime.sleep(pause)

    async def _attempt(self, operation: Operation[T], request: Request, deadline: Deadline) -> T:
        limit = longest_response(operation)
        lock, ticket = self.runtime.lock, object()
        self._refuse_if_closed()
        try:
            if not lock.try_acquire(ticket):
                await lock.wait(ticket, deadline)
                self._refuse_if_closed()  # it may have been closed while this call waited
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
        content = Content(response.status, response.content_type, body)
        result = decode_result(operation, content, strict=self.options.strict)
        if not response.request_sent:
            raise AnswerLostError(
                f"{operation.name}: the module reported success before it had received the whole request, and then "
                "received no more. It may have carried out the request."
            )
        return result

    @asynccontextmanager
    async def open_response(
        self, operation: Operation[Any], values: Mapping[str, object], deadline: Deadline
    ) -> AsyncGenerator[Response]:
        """Send a request, and leave its response's body to be read within the `async with` statement."""
        request = self.build_request(operation, values)
        lock, ticket = self.runtime.lock, object()
        self._refuse_if_closed()
        try:
            if not lock.try_acquire(ticket):
                await lock.wait(ticket, deadline)
                self._refuse_if_closed()
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
        self._refuse_if_closed()
        file = next(values[field.name] for field in operation.fields if field.kind == "file")
        upload = await self.runtime.run_blocking(Upload, file)
        first, *others = order_paths(operation, self.options.expectations.restore_path)
        try:
            if check is not None:
                await self.runtime.run_blocking(check, upload)
            with observe_call(operation, self.options.on_call, self.state.call_log) as observer:
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
        request = self.state.requests.get(operation.name)
        if request is None:
            request = build_request(
                operation,
                values,
                self.base_url,
                self.options.expectations.field_names,
                keep_alive=self.options.keep_alive,
            )
            if not operation.fields:
                self.state.requests[operation.name] = request
        return request

    def _refuse_if_closed(self) -> None:
        if self.state.closed:
            raise VisionAIError("this client is closed; make a new one")

    async def close(self) -> None:
        """End the connection. Calling it again does nothing."""
        if not self.state.closed:
            self.state.closed = True
            await self.transport.close()
