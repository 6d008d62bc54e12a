"""What the device keeps for good: what a backup holds, a restore replaces and a factory reset clears."""

from __future__ import annotations

from attrs import define, field, frozen

from vision_ai_emulator.shared.jsoncpp import Json, a_list, a_number, a_text, an_integer, an_object

PICTURE_WIDTH = 1280
PICTURE_HEIGHT = 720

LEARN_MODE_ON = 1
LEARN_MODE_OFF = 0

# Feedback comes with every sale; without a limit a device that works for years would learn itself to death.
TEMPLATES_PER_PRODUCT = 64

Features = tuple[float, ...]
"""What a recognition engine keeps of a picture; the numbers mean something to `recogniser` only."""


@frozen(kw_only=True)
class Calibration:
    """The recognition area in pixels of the 1280x720 picture. The default is the vendor's example."""

    left: int = 444
    top: int = 39
    width: int = 348
    height: int = 482

    def fits(self) -> bool:
        """Whether the area is not empty and lies wholly inside the picture."""
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
    """One picture of a product, as the engine remembers it."""

    source: str
    """The `image_id` of a registered picture or the `sid` of a recognition confirmed by the clerk."""
    features: Features


@frozen
class Product:
    """A product that can be recognised."""

    name: str
    templates: tuple[Template, ...] = ()

    def taught(self, name: str, new: tuple[Template, ...]) -> Product:
        """This product under its latest name and with `new` templates; one of the same source replaces."""
        sources = {each.source for each in new}
        kept = tuple(each for each in self.templates if each.source not in sources)
        return Product(name, (*kept, *new)[-TEMPLATES_PER_PRODUCT:])


@define
class Memory:
    """Settings and catalogue of the device, in the order in which the products were first taught."""

    calibration: Calibration = field(factory=Calibration)
    learn_mode: int = LEARN_MODE_ON
    products: dict[str, Product] = field(factory=dict[str, Product])

    def teach(self, id: str, name: str, new: tuple[Template, ...]) -> None:
        """Make a product recognisable by `new` templates, beside those it has."""
        self.products[id] = self.products.get(id, Product(name)).taught(name, new)

    def to_json(self) -> Json:
        """Everything, for a backup."""
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
    def from_json(cls, value: Json) -> Memory:
        """The inverse of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        state = an_object(value)
        area = an_object(state["calibration"])
        calibration = Calibration(
            **{name: an_integer(area[name]) for name in ("left", "top", "width", "height")}
        )
        learn_mode = an_integer(state["learn_mode"])
        if not calibration.fits() or learn_mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise ValueError("settings out of range")
        memory = cls(calibration=calibration, learn_mode=learn_mode)
        for entry in map(an_object, a_list(state["products"])):
            templates = tuple(
                Template(a_text(each["source"]), features_from_json(each["features"]))
                for each in map(an_object, a_list(entry["templates"]))
            )
            memory.products[a_text(entry["id"])] = Product(a_text(entry["name"]), templates)
        return memory


def features_from_json(value: Json) -> Features:
    """Features as they were written. Raises ValueError for anything else."""
    return tuple(map(a_number, a_list(value)))
