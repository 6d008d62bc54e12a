"""The report reads what the SDK writes."""

from __future__ import annotations

from pathlib import Path

from vision_ai import VisionAI
from vision_ai_emulator import Emulator
from vision_ai_tools.report.aggregate import aggregate
from vision_ai_tools.report.figures import make_figures


def test_the_journal_of_a_client(tmp_path: Path) -> None:
    path = tmp_path / "recognitions.db"
    emulator = Emulator(pace="immediate")
    with VisionAI(emulator.url, journal=path) as module:
        module.learn(id="001", name="Apple")
        first = module.get_result()
        module.confirm(first, id="001", name="Apple")
        module.confirm(module.get_result(), id="777", name="Unknown fruit")
        module.get_result()
        serial_number = module.get_device_info().sn
    figures = make_figures(aggregate([path]))
    assert figures.problems == ()
    assert (figures.recognitions, figures.overall.weighings) == (3, 2)
    assert {each.id: (each.name, each.hits.first.count) for each in figures.products} == {
        "001": ("Apple", 1),
        "777": ("Unknown fruit", 0),
    }
    assert [each.name for each in figures.modules] == [serial_number]
    assert figures.latency.count == 3
    assert [each.kind for each in figures.changes] == ["taught"]
