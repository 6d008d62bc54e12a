"""One-time codes: what a person types on a scale's computer to enrol it. A typing error is noticed at once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from vision_ai import InvalidInputError

SECRET_BYTES = 15
"""120 bits: 24 characters, before the four that check them."""
LENGTH, GROUP = 28, 4
_LOOKALIKES = str.maketrans("018", "OIB")


def make_code() -> str:
    """Return a new code, such as `ABCD-EFGH-…`: seven groups of four."""
    text = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    text += _compute_check(text)
    return "-".join(text[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(text: str) -> str:
    """Return a code as it was made, whatever its case, spaces and dashes.

    Raises:
        InvalidInputError: it has a typing error.
    """
    code = "".join(text.split()).replace("-", "").upper().translate(_LOOKALIKES)
    check = _compute_check(code[:-GROUP])
    if len(code) != LENGTH or not hmac.compare_digest(code[-GROUP:].encode(), check.encode()):
        raise InvalidInputError("the code has a typing error: it has seven groups of four letters and digits")
    return code


def hash_code(code: str) -> str:
    """Return what the center keeps of a code."""
    return hashlib.sha256(b"vision-ai-fleet/code/" + read_code(code).encode()).hexdigest()


def _compute_check(text: str) -> str:
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:GROUP]
