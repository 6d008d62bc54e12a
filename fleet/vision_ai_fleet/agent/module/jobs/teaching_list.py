"""List the products of a catalog that the module was never taught, for the store's staff."""

from __future__ import annotations

from typing import Any

from vision_ai import Catalog
from vision_ai_fleet.agent.module_port import JobContext

from .tools import JobTools, download_file

MOST_PRODUCTS = 2000
"""In a result; `missing_count` counts all."""


async def run_teaching_list(
    tools: JobTools, arguments: dict[str, Any], context: JobContext
) -> dict[str, Any]:
    """Compare the catalog with what the module recognizes."""
    path, manifest = await download_file(tools, arguments, context)
    catalog = await tools.client.run(Catalog.from_csv, path)
    context.report_progress("comparing")
    items = await tools.client.run(tools.module.get_item_list)
    taught = {
        item.id for item in items if item.id and item.count != 0
    }  # V2 lists products without templates too
    missing = [
        {"id": each.id, "name": each.name, "group": each.group}
        for each in catalog.values()
        if each.id not in taught
    ]
    return {
        "catalog": manifest.name,
        "products": len(catalog),
        "taught": len(taught),
        "missing": missing[:MOST_PRODUCTS],
        "missing_count": len(missing),
        "not_in_catalog": len(taught - catalog.keys()),
    }
