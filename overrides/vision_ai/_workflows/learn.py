"""Teaching a product: template pictures into the cache, then their commit; on a module that speaks V2, templates."""

from __future__ import annotations

from vision_ai_generated import api, models

from .._pipeline.arguments import check_arguments
from .._pipeline.pipeline import Pipeline
from .._validation import check_count
from ..progress import ProgressCallback, check_callback, unwrap_callback_errors
from .lesson import Lesson, LessonForm, list_cache, list_templates
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
        in_v2 = LessonForm(
            api.ADD_ITEM_TEMPLATE,
            {"id": item_id},
            api.DELETE_ITEM_TEMPLATE,
            list_templates,
            "sid",
            "template",
            "was added and stays",  # it has taken effect already
        )
        if name is not None and pipeline.state.journal is not None:
            pipeline.state.journal.note_names({item_id: name})  # no request has it
        lesson = Lesson(pipeline, in_v2, item_id)
        await _take_pictures(lesson, pictures, reporter)
        return lesson.taken
    if name is None:
        product["name"] = find_name(pipeline, "learn", item_id)
    in_v1 = LessonForm(
        api.REGISTER_ITEM,
        product,
        api.DELETE_REGISTERED_IMAGE,
        list_cache,
        "image_id",
        "picture",
        "is still in the cache",  # and would be committed with those of the next attempt
    )
    lesson = Lesson(pipeline, in_v1, item_id)
    await _take_pictures(lesson, pictures, reporter)
    await lesson.commit()
    return lesson.taken


async def _take_pictures(lesson: Lesson, pictures: int, reporter: Reporter) -> None:
    """Take the pictures; delete those of this attempt where one fails."""
    await lesson.begin()
    try:
        for done in range(pictures):
            reporter.report("learning", done=done, total=pictures)
            await lesson.take_picture()
        reporter.report("learning", done=pictures, total=pictures)
    except BaseException as error:  # Ctrl-C and cancellation too
        await lesson.take_back(error)
        raise
