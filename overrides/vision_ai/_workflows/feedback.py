"""The clerk's choice after a recognition."""

from __future__ import annotations

from typing import cast

from vision_ai_generated import api, models

from .._pipeline.pipeline import Pipeline
from .._validation import describe
from ..errors import InvalidInputError
from .product_name import find_name


async def confirm(
    pipeline: Pipeline, result: models.RecognitionResult, item_id: str, name: str | None
) -> None:
    """Send `result_feedback` with `intop` derived from the result."""
    if not isinstance(cast(object, result), models.RecognitionResult):
        raise InvalidInputError(f"confirm: result must be what get_result returned, not {describe(result)}")
    if result.sid is None:
        await pipeline.find_form(api.RESULT_FEEDBACK)
        raise InvalidInputError(
            "confirm: the module gave this recognition no number (sid), so there is no feedback"
        )
    if name is None:
        if pipeline.state.api_version == "v2":  # no name would help
            await pipeline.find_form(api.RESULT_FEEDBACK)
        name = find_name(pipeline, "confirm", item_id)
    in_top = any(item.id == item_id for item in result.all_items)
    arguments = {"sid": result.sid, "id": item_id, "name": name, "intop": in_top}
    await pipeline.call(api.RESULT_FEEDBACK, arguments)
