"""Lead through teaching the products of a catalog one after the other."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from vision_ai_translations import N_, ngettext
from vision_ai_translations import gettext as _

from .catalog_check import find_taught
from .catalog_files import read_catalog
from .error_hints import describe_error
from .failures import add_url_to_hint, usage_failure
from .options import Run
from .printable import Printable, format_parts, print_parts

if TYPE_CHECKING:
    from vision_ai import Product, Progress, VisionAI

CHOICES = N_("(s: skip, q: stop)")

OUTCOMES = {"taught": N_("taught"), "skipped": N_("skipped"), "left": N_("left")}
_ALL_TAUGHT = N_("The module recognizes all {total} products of {file}.")
_SOME_MISSING = N_("{count} of the {total} products of {file} are not taught yet.")


def teach_missing(run: Run, file: Path, pictures: int, countdown: int | None) -> None:
    """Teach all products of a list that the module does not recognize yet; see `GuidedTeaching`."""
    catalog = read_catalog(file)
    if not run.interactive:
        raise usage_failure(
            _(
                "{command} asks for each product, and there is no terminal to ask on",
                command=run.command + " --missing",
            ),
            _(
                "Run it on a terminal and without --json, or teach one product: {command}",
                command="vision-ai items teach ID NAME",
            ),
        )
    with run.client() as module:
        taught = find_taught(module.get_item_list())
        products = [product for product in catalog.values() if product.id not in taught]
        if not products:
            run.emit({}, _describe_catalog(_ALL_TAUGHT, file, total=len(catalog)))
            return
        run.note(_describe_catalog(_SOME_MISSING, file, count=len(products), total=len(catalog)))
        outcome = GuidedTeaching(run, module, products, pictures, countdown).teach_all()
    run.emit(outcome, ", ".join(f"{_(OUTCOMES[name])}: {len(ids)}" for name, ids in outcome.items() if ids))


def _describe_catalog(text: str, file: Path, **counts: int) -> Printable:
    return format_parts(_(text, file="{file}", **counts), file=file)


class Decision(Exception):
    """The user does not want to go on with a product."""


class Skip(Decision):
    """The next product is wanted."""


class Stop(Decision):
    """The session is to end."""


class Outcome(Enum):
    """What became of a product."""

    TAUGHT = "taught"
    SKIPPED = "skipped"


class GuidedTeaching:
    """Asks for each product, takes its pictures, and leaves none of them half taught.

    Args:
        run: The run of the command, on a terminal.
        module: The client.
        products: Those to teach. The module has none of them.
        pictures: How many pictures each product gets.
        countdown: Seconds before each picture after the first; None waits for Enter.
    """

    def __init__(
        self, run: Run, module: VisionAI, products: Sequence[Product], pictures: int, countdown: int | None
    ) -> None:
        self._run = run
        self._module = module
        self._products = products
        self._pictures = pictures
        self._countdown = countdown
        self._position = ""
        """Which product it is, for each prompt."""

    def teach_all(self) -> dict[str, list[str]]:
        """Teach the products; return the numbers of those that were taught, skipped and left."""
        if self._module.api_version is None:  # what is taken back depends on it
            self._module.get_device_info()
        outcomes: dict[str, Outcome] = {}
        total = len(self._products)
        for number, product in enumerate(self._products, 1):
            self._position = _(
                "[{number} of {total}] {id} {name}",
                number=number,
                total=total,
                id=product.id,
                name=product.name,
            )
            try:
                outcomes[product.id] = self._teach(product)
            except Stop:
                break
        left = [product.id for product in self._products if product.id not in outcomes]
        return {
            "taught": [id for id, outcome in outcomes.items() if outcome is Outcome.TAUGHT],
            "skipped": [id for id, outcome in outcomes.items() if outcome is Outcome.SKIPPED],
            "left": left,
        }

    def _teach(self, product: Product) -> Outcome:
        """Teach one product, again after each failure until it is taught or skipped.

        Raises:
            Stop: The session is to end. No picture of the product remains.
        """
        from vision_ai import VisionAIError

        has_failed = False
        try:
            while True:
                try:
                    if has_failed and self._was_committed(product):
                        break
                    self._take_back(product, of_this_session=has_failed)
                    self._module.learn(
                        product.id, product.name, pictures=self._pictures, progress=self._ask_for_picture
                    )
                    break
                except VisionAIError as error:
                    has_failed = True
                    getattr(error, "__notes__", []).clear()  # pictures that remain: they are deleted here
                    failure = add_url_to_hint(describe_error(error), self._run.url)
                    self._run.output.print_failure(failure)
                    self._ask(_("press Enter to try again from the first picture"))
        except BaseException as reason:  # Ctrl-C and the end of the input too
            if has_failed or hasattr(reason, "__notes__"):  # the module was lost: a picture may remain
                self._try_to_take_back(product)
            if isinstance(reason, Skip):
                return Outcome.SKIPPED
            raise
        self._note(_("taught"))
        return Outcome.TAUGHT

    def _ask_for_picture(self, step: Progress) -> None:
        total = step.total or 0
        if step.done == total:
            return
        if step.done == 0:
            self._ask(
                _(
                    "put it on the pan, then press Enter for picture {number} of {total}",
                    number=1,
                    total=total,
                )
            )
        elif self._countdown is None:
            request = _(
                "move it a little, then press Enter for picture {number} of {total}",
                number=step.done + 1,
                total=total,
            )
            self._ask(request)
        else:
            announcement = _(
                "move it a little, picture {number} of {total} in", number=step.done + 1, total=total
            )
            self._count_down(announcement, self._countdown)

    def _ask(self, request: str) -> None:
        """Wait for Enter.

        Raises:
            Decision: The user wants something else.
        """
        while True:
            answer = self._run.output.ask(f"{self._position}: {request} {_(CHOICES)}").strip().lower()
            if answer in ("s", "skip"):
                raise Skip
            if answer in ("q", "quit", "stop"):
                raise Stop
            if not answer:
                return

    def _count_down(self, announcement: str, seconds: int) -> None:
        print_parts(f"{self._position}: {announcement}", sys.stderr, end="")
        for left in range(seconds, 0, -1):
            print_parts(f" {left}", sys.stderr, end="")
            time.sleep(1)
        print_parts("", sys.stderr)

    def _was_committed(self, product: Product) -> bool:
        """Whether it was committed although the response was lost. In V2 it may have a part of its pictures only."""
        return self._module.api_version == "v1" and product.id in find_taught(self._module.get_item_list())

    def _take_back(self, product: Product, *, of_this_session: bool) -> None:
        """Delete what an interrupted attempt left: it would take effect together with the next one."""
        if self._module.api_version == "v1":
            pictures = [each for each in self._module.get_registered_item_list() if each.id == product.id]
            if pictures:
                self._module.delete_registered_item(id=product.id)
            count = len(pictures)
        elif of_this_session:
            templates = self._find_templates(product)
            for sid in templates:
                self._module.delete_item_template(id=product.id, sid=sid)
            count = len(templates)
        else:
            count = 0
        if count:
            remark = ngettext(
                "deleted {number} picture of an interrupted attempt",
                "deleted {number} pictures of an interrupted attempt",
                count,
            )
            self._note(remark)

    def _find_templates(self, product: Product) -> list[str]:
        from vision_ai import DeviceError

        if product.id not in {item.id for item in self._module.get_item_list()}:
            return []
        try:
            return self._module.get_item_template_list(id=product.id)
        except DeviceError:
            return []

    def _try_to_take_back(self, product: Product) -> None:
        from vision_ai import VisionAIError

        try:
            self._take_back(product, of_this_session=True)
        except VisionAIError:
            if self._module.api_version == "v2":
                command = f"vision-ai items templates {product.id}"
                self._note(_("templates of it may remain on the module: {command}", command=command))
            else:
                self._note(
                    _("pictures of it may remain in the module's cache; the next session deletes them")
                )

    def _note(self, remark: str) -> None:
        self._run.note(f"{self._position}: {remark}")
