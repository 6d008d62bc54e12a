"""The error for an operation that the module's version of the API does not have."""

from __future__ import annotations

from typing import Any

from vision_ai_generated.operation import Operation, Version

from ..errors import UnsupportedOperationError


def make_unsupported_error(
    operation: Operation[Any], version: Version, *, fixed: bool
) -> UnsupportedOperationError:
    """Return the error, with what to do.

    Args:
        operation: What was called.
        version: What the module speaks.
        fixed: Whether the program set the version itself.
    """
    name = operation.name
    speaks = (
        f"api={version!r} was set" if fixed else f"the module speaks version {version.upper()} of the API"
    )
    if version == "v1":
        message = f"{name} exists only in V2, and {speaks}. Nothing was sent. "
        message += (
            "If the module has V2, leave api at 'auto'."
            if fixed
            else "It needs newer firmware; until then use the operations of V1."
        )
        return UnsupportedOperationError(message, operation=name, api_version=version)
    if operation.title_in_v2 is not None:
        reason = f"V2 has an operation for it ({operation.title_in_v2!r}), but its form is not known"
    else:
        reason = "V2 does not have it: templates of products take effect at once, see learn()"
    message = (
        f"{name}: {speaks}, and {reason}. Nothing was sent. "
        "With VisionAI(api='v1') the form of V1 can still be tried."
    )
    return UnsupportedOperationError(message, operation=name, api_version=version)
