"""`pan="empty"`: what the module returns while nothing is on the pan, as the operator says."""

from __future__ import annotations

from vision_ai import VisionAI

from ..client import ProbeClient
from ..observations import EmptyPanTrial

RECOGNITIONS = 10
"""How often the empty pan is recognized: the light changes, and with it the scores."""
PURPOSE = "what the module returns for an empty pan"


def recognize_empty_pan(client: ProbeClient) -> None:
    """Recognize the empty pan several times."""
    client.report_progress("recognizing the empty pan")
    observations = client.observations
    items = client.call(VisionAI.get_item_list)
    observations.knows_products = items is None or bool(items)
    for _ in range(RECOGNITIONS):
        result = client.call(VisionAI.get_result, purpose=PURPOSE)
        exchange = client.last
        if not exchange.is_complete or exchange.sdk_error:
            continue
        scores = [each.score for each in result.items] if result else []
        observations.empty_pan.append(EmptyPanTrial(exchange, max(scores, default=None)))
