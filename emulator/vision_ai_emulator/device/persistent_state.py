"""The state that survives a restart: backups contain it, restores replace it, a factory reset clears it."""

from __future__ import annotations

from attrs import define, field, frozen

from vision_ai_emulator.camera.item import PICTURE_HEIGHT, PICTURE_WIDTH
from vision_ai_emulator.shared.json_values import (
    Json,
    require_integer,
    require_list,
    require_number,
    require_object,
    require_string,
)

LEARN_MODE_ON = 1
LEARN_MODE_OFF = 0

# Far more than the recognizer extracts.
_MAX_FEATURES = 1000

Features = tuple[float, ...]
"""The numbers that the recognition engine extracts from a picture; only `recognizer` interprets them."""


@frozen(kw_only=True)
class CalibrationArea:
    """The recognition area in pixels of the picture. The default is the vendor's example."""

    left: int = 444
    top: int = 39
    width: int = 348
    height: int = 482

    def fits_picture(self) -> bool:
        """Whether the area is not empty and lies inside the picture."""
        return (
            self.left >= 0
            and self.top >= 0
            and self.width >= 1
            and self.height >= 1
            and self.left + self.width <= PICTURE_WIDTH
            and self.top + self.height <= PICTURE_HEIGHT
        )


@frozen
class Template:
    """One template picture of a product."""

    source: str
    """The `image_id` of a registered picture, or the `sid` of a recognition that the clerk confirmed."""
    features: Features


@frozen
class Product:
    """A product that the device can recognize."""

    name: str
    templates: tuple[Template, ...] = ()


@define
class PersistentState:
    """The device's settings and its catalog, with the products in the order in which they were added."""

    calibration: CalibrationArea = field(factory=CalibrationArea)
    learn_mode: int = LEARN_MODE_ON
    products: dict[str, Product] = field(factory=dict[str, Product])

    def add_templates(self, id: str, name: str, templates: tuple[Template, ...], limit: int) -> None:
        """Add templates to a product and rename it. A template replaces the one from the same source.

        Of more than `limit` templates the oldest ones are dropped.
        """
        sources = {each.source for each in templates}
        known = self.products[id].templates if id in self.products else ()
        kept = tuple(each for each in known if each.source not in sources)
        self.products[id] = Product(name, (*kept, *templates)[-limit:])

    def to_json(self) -> Json:
        """Return the state as JSON, for a backup."""
        return {
            "calibration": {
                "left": self.calibration.left,
                "top": self.calibration.top,
                "width": self.calibration.width,
                "height": self.calibration.height,
            },
            "learn_mode": self.learn_mode,
            "products": [
                {
                    "id": id,
                    "name": product.name,
                    "templates": [
                        {"source": each.source, "features": each.features} for each in product.templates
                    ],
                }
                for id, product in self.products.items()
            ],
        }

    @classmethod
    def from_json(cls, value: Json) -> PersistentState:
        """Read the result of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        document = require_object(value)
        area = require_object(document["calibration"])
        calibration = CalibrationArea(
            **{name: require_integer(area[name]) for name in ("left", "top", "width", "height")}
        )
        learn_mode = require_integer(document["learn_mode"])
        if not calibration.fits_picture() or learn_mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise ValueError("the calibration area or the learn mode is out of range")
        state = cls(calibration=calibration, learn_mode=learn_mode)
        for entry in map(require_object, require_list(document["products"])):
            templates = tuple(
                Template(require_string(each["source"]), features_from_json(each["features"]))
                for each in map(require_object, require_list(entry["templates"]))
            )
            state.products[require_string(entry["id"])] = Product(require_string(entry["name"]), templates)
        return state


def features_from_json(value: Json) -> Features:
    """Read features. Raises ValueError for anything but a list of numbers."""
    numbers = require_list(value)
    if len(numbers) > _MAX_FEATURES:
        raise ValueError(f"{len(numbers)} numbers are not the features of a picture")
    return tuple(map(require_number, numbers))
