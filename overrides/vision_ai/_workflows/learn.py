"""Teaching a product: template pictures into the cache, then their commit; on a module that speaks V2, templates."""

from __future__ import annotations

from typing import Any, NamedTuple

from vision_ai_generated import api, models
from vision_ai_generated.operation import Operation

from .._pipeline.arguments import check_arguments
from .._pipeline.pipeline import Pipeline
from .._validation import check_count
from ..errors import VisionAIError
from ..progress import ProgressCallback, check_callback, unwrap_callback_errors
from .product_name import find_name
from .reporter import Reporter


@unwrap_callback_errors
async def learn(
    pipeline: Pipeline, item_id: str, name: str | None, pictures: int, progress: ProgressCallback | None
) -> list[models.RegisteredImage] | list[models.ItemTemplate]:
    """Take the pictures and let them take effect; take them back where one fails."""
    check_count("pictures", pictures, 1)
    check_callback(progress)
    reporter = Reporter(progress)
    product: dict[str, object] = {"id": item_id, "name": name}
    check_arguments(api.ADD_ITEM_TEMPLATE if name is None else api.REGISTER_ITEM, product)
    if await pipeline.find_version("learn") == "v2":
        in_v2 = _Way(
            api.ADD_ITEM_TEMPLATE,
            {"id": item_id},
            api.DELETE_ITEM_TEMPLATE,
            "sid",
            "template",
            "was added and stays",  # it has taken effect already
        )
        if pipeline.state.journal is not None:
            pipeline.state.journal.note_names({item_id: name})  # no request has it
        return await _take_pictures(pipeline, in_v2, item_id, pictures, reporter)
    if name is None:
        product["name"] = find_name(pipeline, "learn", item_id)
    in_v1 = _Way(
        api.REGISTER_ITEM,
        product,
        api.DELETE_REGISTERED_IMAGE,
        "image_id",
        "picture",
        "is still in the cache",  # and would be committed with those of the next attempt
    )
    images = await _take_pictures(pipeline, in_v1, item_id, pictures, reporter)
    await pipeline.call(api.COMMIT_REGISTERED_ITEM, {"id": item_id})
    return images


class _Way(NamedTuple):
    """How a version of the API takes a picture of a product, and takes it back."""

    add: Operation[Any]
    arguments: dict[str, object]
    delete: Operation[Any]
    number: str
    """The name of the picture's number, in results and in requests."""
    noun: str
    remains: str
    """What is said of a picture that could not be taken back."""


async def _take_pictures(
    pipeline: Pipeline, way: _Way, item_id: str, pictures: int, reporter: Reporter
) -> list[Any]:
    """Take the pictures; delete those of this attempt where one fails."""
    taken: list[Any] = []
    try:
        for done in range(pictures):
            reporter.report("learning", done=done, total=pictures)
            taken.append(await pipeline.call(way.add, way.arguments))
        reporter.report("learning", done=pictures, total=pictures)
    except BaseException as error:  # Ctrl-C and cancellation too
        for each in taken:
            await _take_back(pipeline, way, item_id, getattr(each, way.number), error)
        raise
    return taken


async def _take_back(
    pipeline: Pipeline, way: _Way, item_id: str, number: str | None, reason: BaseException
) -> None:
    if number is None:
        reason.add_note(f"a {way.noun} of {item_id!r} without a number {way.remains}")
        return
    try:
        async with pipeline.runtime.shield():
            await pipeline.call(way.delete, {"id": item_id, way.number: number})
    except VisionAIError as error:
        reason.add_note(f"{way.noun} {number} of {item_id!r} {way.remains}: {error}")
