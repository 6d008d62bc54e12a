from __future__ import annotations

from pathlib import Path

import pytest
from shared_cli import Result, run_cli
from shared_fleet_cli import OPERATOR, Command, FakeFleet, make_test_scale


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> FakeFleet:
    """Five scales of two stores; one is off, one has another firmware."""
    fake = FakeFleet(
        make_test_scale("0042/07", drift=["learn_mode"], desired={"learn_mode": 0, "enforce": False}),
        make_test_scale("0042/08", module="camera_lost", code=-6103),
        make_test_scale("0042/09", online=False),
        make_test_scale("0043/01"),
        make_test_scale("0043/02", firmware="9.9.5.0"),
    )
    monkeypatch.setattr("vision_ai_fleet.cli.follow.POLL", 0.01)
    monkeypatch.setattr("vision_ai_fleet.client.Fleet.connect", fake.connect)
    return fake


@pytest.fixture
def command(fleet: FakeFleet, tmp_path: Path) -> Command:
    """Run `vision-ai fleet …` as the operator of that fleet."""
    file = tmp_path / "operator.creds"
    OPERATOR.write(file)

    def run(*arguments: object) -> Result:
        return run_cli("fleet", *arguments, cwd=tmp_path, VISION_AI_FLEET=str(tmp_path))

    return run
