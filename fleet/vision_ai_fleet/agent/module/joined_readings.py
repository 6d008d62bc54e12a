"""Joins the readings of a till that asks again and again while one product lies on the pan.

Such a till would make two rows a second, the whole day, of which one in a hundred is confirmed.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, cast

JOIN_SECONDS = 3.0
"""Readings that are further apart are two recognitions."""
MOST_SIDS = 64
"""Of joined readings that are remembered: a till confirms one of the last."""


class JoinedReadings:
    """Tells a new recognition from another reading of the same one.

    Args:
        now: Seconds that only grow.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._ids: tuple[str, ...] | None = None
        self._sid = ""
        self._sids: deque[str] = deque(maxlen=MOST_SIDS)
        self._read_at = float("-inf")

    def is_repeated(self, response: bytes | bytearray) -> bool:
        """Whether a response of `get_result` has the guesses of the one before, a moment later."""
        reading = _parse_reading(response)
        if reading is None:
            return False
        now, (sid, ids) = self._now(), reading
        is_repeated = ids == self._ids and now - self._read_at < JOIN_SECONDS
        self._read_at = now
        if is_repeated:
            self._sids.append(sid)
        else:
            self._ids, self._sid = ids, sid
            self._sids.clear()
        return is_repeated

    def find_sid(self, sid: str) -> str:
        """Return the sid of the recognition that a confirmed reading belongs to. The next reading is a new one."""
        self._ids = None
        return self._sid if sid in self._sids else sid


def _parse_reading(response: bytes | bytearray) -> tuple[str, tuple[str, ...]] | None:
    """Return sid and products of a plain response; None for any other, which the SDK reads more liberally."""
    try:
        document = cast("Mapping[str, Any]", json.loads(response))
        data = document["data"]
        ids = tuple([item["id"] for item in data["items"]])
        return (data["sid"], ids) if document["code"] == 0 and isinstance(data["sid"], str) else None
    except (ValueError, TypeError, KeyError):
        return None
