"""What goes wrong between a person, the center and a scale."""

from __future__ import annotations

from vision_ai import VisionAIError


class FleetError(VisionAIError):
    """Something about the fleet failed. `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CenterUnreachableError(FleetError):
    """The center does not respond."""


class NotPermittedError(FleetError):
    """These credentials do not permit it."""


class NotFoundError(FleetError):
    """There is no such scale, job, backup or file."""


class ConflictError(FleetError):
    """Somebody else changed the same entry in the meantime."""


class ScaleOfflineError(FleetError):
    """The scale's agent is not connected."""
