"""Actions on the module that take a moment."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from vision_ai import (
    AnswerLostError,
    AnswerTimeoutError,
    AsyncVisionAI,
    DeviceError,
    Image,
    InvalidAnswerError,
    InvalidInputError,
    VisionAIError,
)

from .errors import ConsoleError
from .hub import ConnectionHub
from .poller import ModulePoller
from .recognition import RecognitionWatcher
from .safe_json import make_safe_text

Arguments = dict[str, Any]

MAX_TEMPLATES = 300
UNKNOWN_OUTCOME = (AnswerLostError, AnswerTimeoutError, InvalidAnswerError)
"""Errors of a call that the module may have carried out."""
READING = ("recognize", "list_templates")
"""Actions that change nothing."""
CHANGES_OF_PRODUCTS = ("take_picture", "delete_picture", "delete_product", "commit", "delete_template")


class ModuleActions:
    """Runs the short actions."""

    def __init__(
        self,
        module: AsyncVisionAI,
        hub: ConnectionHub,
        poller: ModulePoller,
        recognition: RecognitionWatcher,
        lock: asyncio.Lock,
    ) -> None:
        """`lock` is held during each action."""
        self._recognition = recognition
        self._module = module
        self._hub = hub
        self._poller = poller
        self._lock = lock
        self.templates: OrderedDict[str, bytes] = OrderedDict()
        """Template pictures by their `image_id`, in V2 their `sid`. The module returns each only once."""
        self._actions: dict[str, Callable[[Arguments], Awaitable[Any]]] = {
            "save_area": self._save_area,
            "recognize": self._recognize,
            "confirm": self._confirm,
            "take_picture": self._take_picture,
            "delete_picture": self._delete_picture,
            "delete_product": self._delete_product,
            "commit": self._commit,
            "learn_mode": self._set_learn_mode,
            "list_templates": self._list_templates,
            "delete_template": self._delete_template,
        }
        hub.publish("templates", [])

    def has_action(self, name: str) -> bool:
        return name in self._actions

    async def run(self, name: str, arguments: Arguments) -> Any:
        """Run an action and return its result."""
        async with self._lock:
            try:
                return await self._actions[name](arguments)
            except UNKNOWN_OUTCOME as error:
                if name in CHANGES_OF_PRODUCTS:
                    await self._publish_products()  # they show whether it was carried out
                if name == "take_picture":
                    raise ConsoleError("picture_unknown") from error
                raise

    async def _save_area(self, arguments: Arguments) -> dict[str, Any]:
        await self._module.set_calib(
            left=arguments.get("left", ""),
            top=arguments.get("top", ""),
            width=arguments.get("width", ""),
            height=arguments.get("height", ""),
        )
        if self._module.api_version == "v2":  # its operation that reads the area is not known
            area = {side: arguments[side] for side in ("left", "top", "width", "height")}
            self._hub.publish("calib", area)
            return area
        try:
            area = (await self._module.get_calib()).to_dict()
        except VisionAIError as error:  # its own text would say that nothing was saved
            raise ConsoleError("not_read_back") from error
        self._hub.publish("calib", area)
        return area

    async def _recognize(self, _: Arguments) -> str | None:
        """Recognize what lies on the pan, and return the number of the recognition, for `confirm`."""
        return await self._recognition.recognize()

    async def _confirm(self, arguments: Arguments) -> None:
        result = self._recognition.find_result(get_text(arguments, "sid"))
        if result is None:
            raise ConsoleError("too_old")
        try:
            await self._module.confirm(result, id=get_text(arguments, "id"), name=get_text(arguments, "name"))
        except DeviceError:  # it may no longer know the recognition of a product that has lain there for long
            await self._recognition.refresh()
            raise
        self._poller.schedule("items")

    async def _take_picture(self, arguments: Arguments) -> dict[str, Any]:
        if self._module.api_version == "v2":
            added = await self._module.add_item_template(id=get_text(arguments, "id"))
            self._keep_picture(added.sid, added.image)
            await self._publish_products()
            return {"sid": added.sid}
        template = await self._module.register_item(
            id=get_text(arguments, "id"), name=get_text(arguments, "name")
        )
        self._keep_picture(template.image_id, template.image)
        await self._publish_products()
        return {"image_id": template.image_id}

    def _keep_picture(self, number: str | None, picture: str) -> None:
        if number is not None:
            with suppress(InvalidInputError):  # the module has it, even if it sent none that is valid
                self.templates[make_safe_text(number)] = Image.from_base64(picture)
        while len(self.templates) > MAX_TEMPLATES:
            self.templates.popitem(last=False)

    async def _list_templates(self, arguments: Arguments) -> list[str]:
        return await self._module.get_item_template_list(id=get_text(arguments, "id"))

    async def _delete_template(self, arguments: Arguments) -> None:
        await self._module.delete_item_template(id=get_text(arguments, "id"), sid=get_text(arguments, "sid"))
        await self._publish_products()

    async def _delete_picture(self, arguments: Arguments) -> None:
        await self._module.delete_registered_image(
            id=get_text(arguments, "id"), image_id=get_text(arguments, "image_id")
        )
        await self._publish_products()

    async def _delete_product(self, arguments: Arguments) -> None:
        await self._module.delete_registered_item(id=get_text(arguments, "id"))
        await self._publish_products()

    async def _commit(self, arguments: Arguments) -> None:
        await self._module.commit_registered_item(id=get_text(arguments, "id"))
        await self._publish_products()

    async def _set_learn_mode(self, arguments: Arguments) -> None:
        await self._module.set_learnmode(mode=arguments.get("mode", ""))
        await self._poller.read_now("learnmode")

    async def _publish_products(self) -> None:
        self._hub.publish("templates", list(self.templates))
        await self._poller.read_now("pending", "items")


def get_text(arguments: Arguments, name: str) -> str:
    """Get an argument as text; empty where it is missing."""
    value = arguments.get(name, "")
    return value if isinstance(value, str) else str(value)
