"""Teaching a product: template pictures into the cache, then their commit; on a module that speaks V2, templates."""

from __future__ import annotations

from vision_ai_generated import api, models

from .._pipeline.arguments import check_arguments
from .._pipeline.pipeline import Pipeline
from .._validation import check_count
from ..errors import VisionAIError
from ..progress import ProgressCallback, check_callback, unwrap_callback_errors
from .reporter import Reporter


@unwrap_callback_errors
async def learn(
    pipeline: Pipeline, item_id: str, name: str, pictures: int, progress: ProgressCallback | None
) -> list[models.RegisteredImage] | list[models.ItemTemplate]:
    """Take the pictures and let them take effect; take them back where one fails."""
    check_count("pictures", pictures, 1)
    check_callback(progress)
    reporter = Reporter(progress)
    product = {"id": item_id, "name": name}
    check_arguments(api.REGISTER_ITEM, product)
    if await pipeline.find_version("learn") == "v2":
        return await _add_templates(pipeline, item_id, pictures, reporter)
    images: list[models.RegisteredImage] = []
    try:
        for done in range(pictures):
            reporter.report("learning", done=done, total=pictures)
            images.append(await pipeline.call(api.REGISTER_ITEM, product))
        reporter.report("learning", done=pictures, total=pictures)
    except BaseException as error:  # Ctrl-C and cancellation too
        await _delete_images(pipeline, item_id, images, error)
        raise
    await pipeline.call(api.COMMIT_REGISTERED_ITEM, {"id": item_id})
    return images


async def _delete_images(
    pipeline: Pipeline, item_id: str, images: list[models.RegisteredImage], reason: BaseException
) -> None:
    """Delete pictures from the cache, so that they are not committed with those of the next attempt."""
    for image in images:
        if image.image_id is None:
            reason.add_note(f"a picture of {item_id!r} without a number is still in the cache")
            continue
        names = {"id": item_id, "image_id": image.image_id}
        try:
            async with pipeline.runtime.shield():
                await pipeline.call(api.DELETE_REGISTERED_IMAGE, names)
        except VisionAIError as error:
            reason.add_note(f"picture {image.image_id} of {item_id!r} is still in the cache: {error}")


async def _add_templates(
    pipeline: Pipeline, item_id: str, pictures: int, reporter: Reporter
) -> list[models.ItemTemplate]:
    templates: list[models.ItemTemplate] = []
    try:
        for done in range(pictures):
            reporter.report("learning", done=done, total=pictures)
            templates.append(await pipeline.call(api.ADD_ITEM_TEMPLATE, {"id": item_id}))
        reporter.report("learning", done=pictures, total=pictures)
    except BaseException as error:  # Ctrl-C and cancellation too
        await _delete_templates(pipeline, item_id, templates, error)
        raise
    return templates


async def _delete_templates(
    pipeline: Pipeline, item_id: str, templates: list[models.ItemTemplate], reason: BaseException
) -> None:
    """Delete the templates of an attempt that failed: they have taken effect already."""
    for template in templates:
        if template.sid is None:
            reason.add_note(f"a template of {item_id!r} without a number was added and stays")
            continue
        try:
            async with pipeline.runtime.shield():
                await pipeline.call(api.DELETE_ITEM_TEMPLATE, {"id": item_id, "sid": template.sid})
        except VisionAIError as error:
            reason.add_note(f"template {template.sid} of {item_id!r} was added and stays: {error}")
