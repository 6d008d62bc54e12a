"""Calls from the center: one request of the SDK, carried to the module.

The operation and its effect are in the subject, so that the engine lets each role call what it may. The agent checks
that the request is that operation, and that whatever changes something bears a seal.
"""

# nats-py leaves some types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from nats.aio.msg import Msg

from vision_ai import AnswerTimeoutError, InvalidInputError, UnreachableError, VisionAIError
from vision_ai.transports import TransportError
from vision_ai_fleet.calls import find_call
from vision_ai_fleet.connection import NATS_ERRORS
from vision_ai_fleet.messages import ForgedMessageError, decode, encode, unseal
from vision_ai_fleet.tasks import end_tasks

from .database import DiskFullError
from .session import Session

logger = logging.getLogger("vision_ai_fleet")

WAITING_CALLS = 64
"""Calls beyond those that are carried out; further ones are refused."""
KEPT_REPLIES = 32
REPLY_MARGIN = 1024
"""Bytes of a message besides its payload."""
NOT_SENT = "NotSentError"
OUTCOME_UNKNOWN = "ReadError"


class CallServer:
    """Answers the calls of one scale. Use it with `async with`.

    Args:
        session: The agent's.
        on_change: Called after a call that may have changed something.
    """

    def __init__(self, session: Session, on_change: Callable[[], None]) -> None:
        self._session = session
        self._on_change = on_change
        self._slots = asyncio.Semaphore(session.settings.limits.calls)
        self._tasks = set[asyncio.Task[None]]()
        self._replies = OrderedDict[str, asyncio.Future[dict[str, Any]]]()

    async def __aenter__(self) -> CallServer:
        self._subscription = await self._session.connection.client.subscribe(
            f"rpc.{self._session.scale.key}.*.*", cb=self._receive
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(*NATS_ERRORS):
            await self._subscription.unsubscribe()
        await end_tasks(self._tasks)

    async def _receive(self, message: Msg) -> None:
        task = asyncio.create_task(self._serve(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, message: Msg) -> None:
        self._session.metrics.calls += 1
        if len(self._tasks) > WAITING_CALLS:
            reply = _make_error(NOT_SENT, "the agent has too many calls to carry out: try again later")
        else:
            reply = await self.answer(message.subject, message.data)
        data = encode(reply)
        limit = self._session.connection.client.max_payload - REPLY_MARGIN
        if len(data) > limit:
            text = (
                f"the response has more than {limit // 1024} KiB, the most that a call can carry: use a job"
            )
            data = encode(_make_error(OUTCOME_UNKNOWN, text))
        if message.reply:
            with suppress(*NATS_ERRORS):
                await self._session.connection.client.publish(message.reply, data)

    async def answer(self, subject: str, data: bytes) -> dict[str, Any]:
        """Return the reply to a call."""
        effect, _, name = subject.removeprefix(f"rpc.{self._session.scale.key}.").partition(".")
        try:
            call = decode(data) if effect == "read" else unseal(self._session.secret, subject, data)
            self._check(call, effect, name)
            if effect in ("act", "destructive"):
                reply = await self._send_once(call, effect)
            else:
                reply = await self._send(call, effect)
        except ForgedMessageError:
            self._session.metrics.forged += 1
            logger.error("a call of %s is forged: it has no valid seal, and was not carried out", name)
            reply = _make_error(NOT_SENT, "forged: the call has no valid seal")
        except (InvalidInputError, DiskFullError) as error:
            reply = _make_error(NOT_SENT, str(error))
        if "error" in reply:
            self._session.metrics.calls_failed += 1
        elif effect != "read":
            self._on_change()
        return reply

    def _check(self, call: dict[str, Any], effect: str, name: str) -> None:
        method, path = call.get("method"), call.get("path")
        operation = find_call(method, path) if isinstance(method, str) and isinstance(path, str) else None
        if operation is None or (operation.name, operation.effect) != (name, effect):
            raise InvalidInputError(f"{method} {path} is not the operation {name} with the effect {effect!r}")

    async def _send_once(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
        """Carry out a call that must not be repeated. The same id gets the same reply."""
        id = call.get("id")
        if not isinstance(id, str) or not id:
            raise InvalidInputError("a call with this effect needs an id")
        known = self._replies.get(id)
        if known is not None:
            return await asyncio.shield(known)
        if not self._session.ledger.add_call(id, self._session.clock.now):
            return _make_error(OUTCOME_UNKNOWN, "this call was carried out before; its response is lost")
        self._replies[id] = future = asyncio.get_running_loop().create_future()
        while len(self._replies) > KEPT_REPLIES:
            self._replies.popitem(last=False)
        reply = _make_error(OUTCOME_UNKNOWN, "the agent stopped in the middle of the call")
        try:
            reply = await self._send(call, effect)
        finally:
            future.set_result(reply)
        return reply

    async def _send(self, call: dict[str, Any], effect: str) -> dict[str, Any]:
        async with self._slots:
            try:
                return await self._session.module.send(call, effect)
            except TransportError as error:
                return _make_error(type(error).__name__, str(error))
            except UnreachableError as error:
                return _make_error("ConnectError", str(error))
            except AnswerTimeoutError as error:
                return _make_error("ReadTimeout", str(error))
            except VisionAIError as error:
                return _make_error(OUTCOME_UNKNOWN, str(error))
            except Exception as error:  # a fault of this program ends one call, not the agent
                logger.exception("a call failed")
                return _make_error(OUTCOME_UNKNOWN, f"the agent failed: {type(error).__name__}")


def _make_error(kind: str, message: str) -> dict[str, Any]:
    return {"error": {"kind": kind, "message": message}}
