"""The operations that only V2 has, or that V2 has in another form than V1.

What the vendor's page does not say is decided here, and each of these decisions has a comment.
"""

from __future__ import annotations

from datetime import UTC, datetime

from attrs import evolve, frozen

from vision_ai_emulator.device.api_versions import API_TRAITS
from vision_ai_emulator.device.device_core import DeviceCore
from vision_ai_emulator.device.error_codes import (
    FILE_NOT_FOUND,
    PARAMETER_ERROR,
    TEMPLATES_DISABLED,
    WRITE_FAILED,
    DeviceError,
)
from vision_ai_emulator.device.persistent_state import LEARN_MODE_ON, Product, Template
from vision_ai_emulator.device.settings import PredictSpeed

MAX_TEMPLATES = API_TRAITS["v2"].templates_per_product
"""`max` of a list of templates: the largest number of templates of one item."""

# What the `time_t` of gettimeofday holds.
_MAX_SECONDS = (1 << 63) - 1
# Our choice: the clock counts with 32 bits, to the year 2106.
_CLOCK_SECONDS = 1 << 32
_MICROSECONDS = 1_000_000


@frozen
class AddedTemplate:
    """A new template: its identifier, and the JPEG of the recognition area."""

    sid: str
    image: bytes


class V2Operations(DeviceCore):
    """The operations of V2. They raise `DeviceError` with the code that the operation returns."""

    def get_v2_device_info(self) -> dict[str, str | int | bool]:
        """Return versions, modes and numbers under the vendor's field names."""
        with self._lock:
            self._update()
            settings = self._settings
            return {
                "app": settings.app,
                "board": settings.board,
                "download": settings.download,
                "engine": settings.engine,
                "firmware": settings.firmware,
                "item_count": len(self._state.persistent.products),
                "learnMode": self._state.persistent.learn_mode,
                "masterIP": settings.master_ip,
                "mastersyncPort": settings.master_sync_port,
                "masterSN": settings.master_sn,
                "max_result_num": settings.max_result_num,
                "predict_speed": settings.predict_speed,
                "sn": settings.sn,
                "soldOutLimit": settings.sold_out_limit,
                "sync": settings.sync,
                "sync_limit": settings.sync_limit,
                "syncMode": settings.sync_mode,
                "upload": settings.upload,
            }

    def set_predict_speed(self, speed: PredictSpeed) -> None:
        """Set the speed of recognition. Our choice: it survives a restart."""
        with self._lock:
            self._update()
            self._settings = evolve(self._settings, predict_speed=speed)

    def set_time(self, sec: int, usec: int) -> None:
        """Set the date to a Unix time, in UTC, until the next restart. Raises -6213 for a time out of range."""
        if not (0 <= sec <= _MAX_SECONDS and 0 <= usec < _MICROSECONDS):
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._update()
            date = datetime.fromtimestamp(sec % _CLOCK_SECONDS, UTC).replace(tzinfo=None, microsecond=usec)
            self._state.volatile.date = date
            self._state.volatile.date_from = self._clock.seconds()

    def set_sync_master(self, *, upload: bool, download: bool) -> None:
        """Become the master of a synchronization. Our choice: it survives a restart."""
        with self._lock:
            self._update()
            self._settings = evolve(
                self._settings,
                sync_mode="master",
                upload=upload,
                download=download,
                master_ip="",
                master_sn="",
            )

    # Items and templates

    def get_template_counts(self) -> dict[str, int]:
        """Return the number of templates of every item, by the item's id."""
        with self._lock:
            self._require_activation()
            products = self._state.persistent.products
            return {id: len(product.templates) for id, product in products.items()}

    def add_item_template(self, id: str) -> AddedTemplate:
        """Add a template of the item on the pan, which takes effect at once.

        Raises -6217 if learning is off, -6103 without a camera, -65xx if the recognition area is empty.
        Our choice: -6203 if the item has `MAX_TEMPLATES` already.
        """
        with self._lock:
            self._require_editable()
            picture = self._take_template()
            products = self._state.persistent.products
            product = products.get(id, Product(""))
            if len(product.templates) >= MAX_TEMPLATES:
                raise DeviceError(WRITE_FAILED)
            sid = self._make_unused_sid()
            products[id] = evolve(product, templates=(*product.templates, Template(sid, picture.features)))
            return AddedTemplate(sid, picture.image)

    def get_item_template_list(self, id: str) -> list[str]:
        """Return the sids of an item's templates, oldest first. Our choice: -6202 if there is no such item."""
        with self._lock:
            self._require_activation()
            return [template.source for template in self._get_product(id).templates]

    def delete_item_template(self, id: str, sid: str) -> None:
        """Delete one template. Raises -6217 if learning is off.

        Our choices: -6202 if there is no such template, and an item without templates is gone.
        """
        with self._lock:
            self._require_editable()
            product = self._get_product(id)
            templates = tuple(each for each in product.templates if each.source != sid)
            if len(templates) == len(product.templates):
                raise DeviceError(FILE_NOT_FOUND)
            if templates:
                self._state.persistent.products[id] = evolve(product, templates=templates)
            else:
                del self._state.persistent.products[id]

    def delete_item(self, id: str) -> None:
        """Delete an item with all its templates. Raises -6217 if learning is off.

        Our choice: -6202 if there is no such item.
        """
        with self._lock:
            self._require_editable()
            self._get_product(id)
            del self._state.persistent.products[id]

    def clear_all_template(self) -> None:
        """Delete all items. Raises -6217 if learning is off."""
        with self._lock:
            self._require_editable()
            self._state.persistent.products.clear()

    # The methods below require the lock

    def _require_editable(self) -> None:
        # The vendor's "adding and deleting templates is disabled", read as: while the module only recognizes.
        self._require_activation()
        if self._state.persistent.learn_mode != LEARN_MODE_ON:
            raise DeviceError(TEMPLATES_DISABLED)

    def _get_product(self, id: str) -> Product:
        product = self._state.persistent.products.get(id)
        if product is None:
            raise DeviceError(FILE_NOT_FOUND)
        return product

    def _make_unused_sid(self) -> str:
        """Return a new sid. The date goes back with every restart, so a sid alone may have been used before."""
        products = self._state.persistent.products.values()
        used = {template.source for product in products for template in product.templates}
        sid = self._make_identifier()
        while sid in used:
            sid = self._make_identifier()
        return sid
