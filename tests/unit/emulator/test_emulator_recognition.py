"""The engine really learns, for every kind and however the item lies."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from emulator_support import Channel, in_process, make
from PIL import Image

from vision_ai_emulator import Emulator

SEEDS = (0, 1, 2)


def teach_all(channel: Channel, pictures: int) -> None:
    for number, kind in enumerate(Emulator.kinds):
        channel.teach(f"{number:03d}", kind.title(), kind, pictures)


def check_scores(items: list[dict[str, Any]]) -> None:
    scores = [item["score"] for item in items]
    assert len(items) <= 10
    assert all(0 < score <= 1 for score in scores) and sum(scores) <= 1
    assert all(better >= worse for better, worse in pairwise(scores))
    assert len({item["id"] for item in items}) == len(items)


@pytest.fixture(scope="module", params=SEEDS)
def learned(request: pytest.FixtureRequest) -> Channel:
    """A device that knows every kind from two pictures (three, for one of the seeds)."""
    channel = in_process(make(seed=request.param))
    teach_all(channel, 3 if request.param == 2 else 2)
    return channel


def test_there_are_at_least_ten_kinds() -> None:
    assert len(set(Emulator.kinds)) == len(Emulator.kinds) >= 10


@pytest.mark.parametrize("kind", Emulator.kinds)
def test_a_taught_kind_comes_first(learned: Channel, kind: str) -> None:
    expected = f"{Emulator.kinds.index(kind):03d}"
    for _ in range(5):
        learned.emulator.put(kind)
        items = learned.data("get_result")["items"]
        check_scores(items)
        assert items[0]["id"] == expected
        assert items[0]["score"] > 0.5


@pytest.mark.parametrize("kind", Emulator.kinds)
def test_one_picture_is_enough(kind: str) -> None:
    channel = in_process(make(seed=9))
    channel.teach("7", kind, kind, 1)
    for _ in range(3):
        channel.emulator.put(kind)
        [item] = channel.data("get_result")["items"]
        assert item["id"] == "7" and item["score"] > 0.5


@pytest.mark.parametrize("kind", Emulator.kinds)
def test_an_untaught_kind_is_not_recognised(kind: str) -> None:
    channel = in_process(make(seed=4))
    for number, other in enumerate(Emulator.kinds):
        if other != kind:
            channel.teach(f"{number:03d}", other, other, 1)
    assert kind not in [product["name"] for product in channel.data("get_item_list")]
    for _ in range(3):
        channel.emulator.put(kind)
        items = channel.data("get_result")["items"]
        check_scores(items)
        assert all(item["score"] < 0.4 for item in items), items


def test_nothing_taught_nothing_recognised(direct: Channel) -> None:
    for kind in Emulator.kinds:
        direct.emulator.put(kind)
        assert direct.data("get_result")["items"] == []


def test_cached_pictures_do_nothing_until_committed(direct: Channel) -> None:
    direct.data("register_item", {"id": "1", "name": "Apple"})
    assert direct.best() is None
    direct.data("commit_registered_item", {"id": "1"})
    assert direct.best() == "1"


def test_an_empty_pan_is_no_item(learned: Channel) -> None:
    learned.emulator.clear_pan()
    assert learned.emulator.pan is None
    assert learned.data("get_result")["items"] == []


@pytest.mark.parametrize(
    ("area", "seen"),
    [
        ({"left": 0, "top": 0, "width": 300, "height": 720}, False),
        ({"left": 500, "top": 560, "width": 240, "height": 80}, False),
        ({"left": 900, "top": 0, "width": 380, "height": 720}, False),
        ({"left": 618, "top": 280, "width": 2, "height": 2}, False),
        ({"left": 0, "top": 0, "width": 1280, "height": 720}, True),
        ({"left": 400, "top": 0, "width": 460, "height": 560}, True),
    ],
)
def test_only_the_calibration_area_is_looked_at(direct: Channel, area: dict[str, int], seen: bool) -> None:
    direct.teach("1", "Apple", "apple")
    before = direct.client.post("/api/get_image").content
    direct.data("set_calib", area)
    assert (direct.best() == "1") is seen
    if not seen:
        assert direct.code("register_item", {"id": "1", "name": "n"}) <= -6500
    # the picture is of the whole view, whatever the area
    assert direct.client.post("/api/get_image").content == before


def test_the_default_area_holds_every_item_whole() -> None:
    emulator = make(seed=3)
    for kind in Emulator.kinds * 3:
        emulator.clear_pan()
        empty = Image.open(io.BytesIO(emulator.device.get_image())).convert("HSV").getchannel("S")
        emulator.put(kind)
        full = Image.open(io.BytesIO(emulator.device.get_image())).convert("HSV").getchannel("S")
        assert sum(empty.histogram()[70:]) == 0
        box = Image.eval(full, lambda level: 255 * (level > 110)).getbbox()
        assert box is not None
        assert box[0] > 444 and box[1] > 39 and box[2] < 444 + 348 and box[3] < 39 + 482, (kind, box)


def test_every_item_lies_a_little_differently_and_each_seed_too() -> None:
    def pictures(seed: int) -> list[bytes]:
        emulator = make(seed=seed)
        made: list[bytes] = []
        for _ in range(3):
            emulator.put("pear")
            made.append(emulator.device.get_image())
        return made

    assert len({*pictures(1), *pictures(2)}) == 6
    assert pictures(1) == pictures(1)


def test_feedback_alone_teaches_a_product(channel: Channel) -> None:
    channel.emulator.put("pear")
    result = channel.data("get_result")
    feedback = {"sid": result["sid"], "id": "003", "name": "梨", "intop": False}
    # what lies there by the time of the feedback does not matter
    channel.emulator.put("banana")
    assert channel.code("result_feedback", feedback) == 0
    assert channel.data("get_item_list") == [{"id": "003", "name": "梨"}]
    assert channel.best() is None
    channel.emulator.put("pear")
    assert channel.best() == "003"


def test_no_learning_from_feedback_when_learning_is_off(direct: Channel) -> None:
    direct.data("set_learnmode", {"mode": 0})
    sid = direct.data("get_result")["sid"]
    feedback = {"sid": sid, "id": "1", "name": "Apple", "intop": False}
    assert direct.code("result_feedback", feedback) == 0
    assert direct.data("get_item_list") == []
    assert direct.best() is None
    # the mode at the time of the feedback counts
    direct.data("set_learnmode", {"mode": 1})
    assert direct.code("result_feedback", feedback) == 0
    assert direct.best() == "1"


def test_the_same_feedback_again_teaches_nothing_new(direct: Channel) -> None:
    feedback = {"sid": direct.data("get_result")["sid"], "id": "1", "name": "Apple", "intop": False}
    direct.data("result_feedback", feedback)
    once = direct.backup()
    direct.data("result_feedback", feedback)
    assert direct.backup() == once
    direct.data("result_feedback", {**feedback, "name": "Appel"})
    assert direct.data("get_item_list") == [{"id": "1", "name": "Appel"}]


def test_feedback_on_an_empty_pan_teaches_nothing(direct: Channel) -> None:
    direct.emulator.clear_pan()
    sid = direct.data("get_result")["sid"]
    assert direct.code("result_feedback", {"sid": sid, "id": "1", "name": "Air", "intop": False}) == 0
    assert direct.data("get_item_list") == []


def test_old_recognitions_are_forgotten(direct: Channel) -> None:
    sids = [direct.data("get_result")["sid"] for _ in range(1002)]
    feedback = {"id": "1", "name": "Apple", "intop": False}
    assert direct.code("result_feedback", {**feedback, "sid": sids[1]}) == -6202
    assert direct.code("result_feedback", {**feedback, "sid": sids[2]}) == 0


def test_templates_of_a_product_are_bounded(direct: Channel) -> None:
    for _ in range(70):
        sid = direct.data("get_result")["sid"]
        direct.data("result_feedback", {"sid": sid, "id": "1", "name": "Apple", "intop": True})
    small = len(direct.backup())
    for _ in range(70):
        sid = direct.data("get_result")["sid"]
        direct.data("result_feedback", {"sid": sid, "id": "1", "name": "Apple", "intop": True})
    assert len(direct.backup()) < small * 1.2
    assert direct.best() == "1"


def test_at_most_ten_guesses() -> None:
    channel = in_process(make())
    for number in range(14):
        channel.teach(str(number), "Apple", "apple", 1)
    items = channel.data("get_result")["items"]
    check_scores(items)
    assert len(items) == 10


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match=r"durian.*apple"):
        make().put("durian")
    with pytest.raises(ValueError, match="durian"):
        make(pan="durian")
