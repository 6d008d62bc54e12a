"""What calls say of the module's camera and activation, whoever made them."""

from __future__ import annotations

from vision_ai import ActivationError, Call, CameraError, DeviceError

NOT_ACTIVATED = -6128
"""The one error of its category that means it."""
NEEDS_CAMERA = ("get_result", "get_image", "register_item", "add_item_template")
NEEDS_ACTIVATION = ("get_result", "get_item_list", "register_item", "add_item_template")


class Health:
    """The latest failures that concern the module as a whole. Any thread may note calls."""

    def __init__(self) -> None:
        self.camera_code: int | None = None
        """The error of a lost camera."""
        self.activation_code: int | None = None

    def note_call(self, call: Call) -> None:
        """Note what became of a call."""
        if isinstance(call.error, DeviceError):
            self.note_error(call.error)
        elif call.error is None:
            if call.operation in NEEDS_CAMERA:
                self.camera_code = None
            if call.operation in NEEDS_ACTIVATION:
                self.activation_code = None

    def note_error(self, error: DeviceError) -> None:
        """Note an error of the module, also one that a journal has."""
        if isinstance(error, CameraError):
            self.camera_code = error.code
        elif isinstance(error, ActivationError) and error.code == NOT_ACTIVATED:
            self.activation_code = error.code
