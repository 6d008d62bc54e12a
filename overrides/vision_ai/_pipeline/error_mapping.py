"""Failures of a transport → the SDK's errors: nothing of httpx or of sockets gets past here."""

from __future__ import annotations

import re

from .._runtime.deadline import Deadline
from .._transports.base import (
    ContentCodingError,
    NotSentError,
    RemoteProtocolError,
    ResponseTimeout,
    TransportError,
    WriteTimeout,
)
from ..errors import (
    AnswerLostError,
    AnswerTimeoutError,
    InvalidAnswerError,
    UnreachableError,
    VisionAIError,
)
from ..options import DEFAULT_URL

DISCONNECTED = re.compile("disconnected|closed")
"""In the reason of a RemoteProtocolError: the response was valid until the connection ended. httpx and h11 have no
other sign of it."""
USB_HINT = " Is it switched on, and is this terminal's address on the USB network 172.22.0.7/24?"


def map_transport_error(
    failure: TransportError | OSError, operation: str, deadline: Deadline, base_url: str
) -> VisionAIError:
    """Return what a failure means for a call."""
    reason = str(failure) or type(failure).__name__
    if isinstance(failure, NotSentError):
        hint = USB_HINT if _is_default_address(base_url) else ""
        return UnreachableError(f"{operation}: the module cannot be reached ({reason}).{hint}")
    if isinstance(failure, ResponseTimeout | TimeoutError):
        detail = f" ({reason})" if isinstance(failure, WriteTimeout) else ""
        return AnswerTimeoutError(
            f"{operation}: no complete response within {deadline.elapsed:.3g} s{detail}. "
            "The module may have carried out the request."
        )
    if isinstance(failure, ContentCodingError):
        return InvalidAnswerError(f"{operation}: {reason}.", status=failure.status)
    if isinstance(failure, RemoteProtocolError) and not DISCONNECTED.search(reason):
        return AnswerLostError(
            f"{operation}: the response is not valid HTTP ({reason}). The module may have carried out the request."
        )
    return AnswerLostError(
        f"{operation}: the connection broke before the response was complete ({reason}). "
        "The module may have carried out the request."
    )


def find_cause(failure: TransportError | OSError) -> BaseException:
    """Return the exception to name as an error's cause: the library's own where a library carried the request."""
    original = failure.original if isinstance(failure, TransportError) else None
    return original or failure


def _is_default_address(base_url: str) -> bool:
    return base_url.removeprefix(DEFAULT_URL)[:1] in ("", ":", "/")
