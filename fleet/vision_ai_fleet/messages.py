"""Sealed messages: what makes a scale do something bears the mark of someone who may order it.

The engine checks who publishes to which subject. A member of the account can nevertheless make the engine itself
publish: a request to JetStream is answered to whatever reply subject it names, which may be another scale's queue. The
seal closes that. Its secret is derived, so that nobody keeps a list: the fleet's secret gives each store's, a store's
gives each of its scales'.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, cast

SEAL = "mac"
SECRET_BYTES = 32


class ForgedMessageError(Exception):
    """A message lacks the seal of someone who may order it, or was changed."""


def derive_secret(secret: bytes, name: str) -> bytes:
    """Derive a store's secret from the fleet's, or a scale's from its store's."""
    return hmac.digest(secret, b"vision-ai-fleet/" + name.encode(), hashlib.sha256)


def encode(payload: Mapping[str, Any]) -> bytes:
    """Return a payload as JSON, the same for the same payload."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(data: bytes) -> dict[str, Any]:
    """Read a payload. What is not a JSON object is an empty one: a newer version may send what this one ignores."""
    try:
        payload: object = json.loads(data)
    except ValueError:
        return {}
    return cast("dict[str, Any]", payload) if isinstance(payload, dict) else {}


def seal(secret: bytes, subject: str, payload: Mapping[str, Any]) -> bytes:
    """Return a payload with a seal that holds for one subject.

    Args:
        secret: The scale's.
        subject: Where it takes effect.
        payload: JSON values.
    """
    return encode({**payload, SEAL: _compute_seal(secret, subject, payload)})


def unseal(secret: bytes, subject: str, data: bytes) -> dict[str, Any]:
    """Return the payload of a sealed message.

    Raises:
        ForgedMessageError: its seal is missing or belongs to another payload, subject or secret.
    """
    payload = decode(data)
    mark = payload.pop(SEAL, None)
    if not isinstance(mark, str) or not hmac.compare_digest(
        mark.encode(), _compute_seal(secret, subject, payload).encode()
    ):
        raise ForgedMessageError(f"a message for {subject} has no valid seal")
    return payload


def _compute_seal(secret: bytes, subject: str, payload: Mapping[str, Any]) -> str:
    return hmac.new(secret, subject.encode() + b"\n" + encode(payload), hashlib.sha256).hexdigest()
