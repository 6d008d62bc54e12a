"""The report on a module, as an object, as JSON and as a Markdown page."""

from __future__ import annotations

import json
from typing import Any, cast

from attrs import asdict, frozen

from .markdown import render_markdown
from .report_data import ReportData

FORMAT = "vision_ai_conformance"
VERSION = 1


@frozen(kw_only=True)
class Report(ReportData):
    """The result of a run. `report.schema.json` beside this module describes its JSON."""

    def to_dict(self) -> dict[str, Any]:
        """Return the report in the documented JSON format."""
        data = asdict(self, value_serializer=_convert_tuples)
        data["profile"] = self.profile.to_dict() if self.profile else None
        return {FORMAT: VERSION, "conforms": self.conforms, **data}

    def to_json(self) -> str:
        """Return the report as a JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def to_markdown(self) -> str:
        """Return the report as a Markdown page."""
        return render_markdown(self)


def _convert_tuples(_: object, __: object, value: Any) -> Any:
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
