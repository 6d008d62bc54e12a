"""The recognition engine learns every kind, in every position."""

from __future__ import annotations

import copy
import io
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from emulator_support import EmulatorClient, connect, create_emulator
from PIL import Image

from vision_ai_emulator import Emulator

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))]


def teach_all(client: EmulatorClient, pictures: int) -> None:
    for number, kind in enumerate(Emulator.kinds):
        client.teach(f"{number:03d}", kind.title(), kind, pictures)


def check_scores(items: list[dict[str, Any]]) -> None:
    scores = [item["score"] for item in items]
    assert len(items) <= 10
    assert all(0 < score <= 1 for score in scores) and sum(scores) <= 1
    assert all(better >= worse for better, worse in pairwise(scores))
    assert len({item["id"] for item in items}) == len(items)


@cache
def train(seed: int, pictures: int) -> Any:
    """Return the state of a device that knows every kind from some pictures."""
    client = connect(create_emulator(seed=seed))
    teach_all(client, pictures)
    return client.emulator.state()


@pytest.fixture(params=SEEDS)
def trained_client(request: pytest.FixtureRequest) -> EmulatorClient:
    """A client for a device that knows every kind from two pictures (three with one of the seeds)."""
    client = connect(create_emulator())
    client.emulator.load_state(train(request.param, 3 if request.param == 2 else 2))
    return client


def test_there_are_at_least_ten_kinds() -> None:
    assert len(set(Emulator.kinds)) == len(Emulator.kinds) >= 10


@pytest.mark.parametrize("kind", Emulator.kinds)
def test_a_known_kind_is_the_best_guess(trained_client: EmulatorClient, kind: str) -> None:
    expected = f"{Emulator.kinds.index(kind):03d}"
    trained_client.emulator.seed = 100 + Emulator.kinds.index(kind)  # other pictures for every kind
    for _ in range(5):
        trained_client.emulator.put(kind)
        items = trained_client.call_data("get_result")["items"]
        check_scores(items)
        assert items[0]["id"] == expected
        assert items[0]["score"] > 0.5


@pytest.mark.parametrize("kind", Emulator.kinds)
def test_one_picture_is_enough(kind: str) -> None:
    client = connect(create_emulator(seed=9))
    client.teach("7", kind, kind, 1)
    for _ in range(3):
        client.emulator.put(kind)
        [item] = client.call_data("get_result")["items"]
        assert item["id"] == "7" and item["score"] > 0.5


@pytest.mark.parametrize("kind", Emulator.kinds)
def test_an_unknown_kind_is_not_recognized(kind: str) -> None:
    state = copy.deepcopy(train(4, 1))
    memory = state["device"]["contents"]["memory"]
    memory["products"] = [product for product in memory["products"] if product["name"] != kind.title()]
    client = connect(create_emulator())
    client.emulator.load_state(state)
    client.emulator.seed = 100 + Emulator.kinds.index(kind)  # other pictures for every kind
    names = [product["name"] for product in client.call_data("get_item_list")]
    assert len(names) == len(Emulator.kinds) - 1 and kind.title() not in names
    for _ in range(3):
        client.emulator.put(kind)
        items = client.call_data("get_result")["items"]
        check_scores(items)
        assert all(item["score"] < 0.4 for item in items), items


def test_a_device_without_products_recognizes_nothing(local_client: EmulatorClient) -> None:
    for kind in Emulator.kinds:
        local_client.emulator.put(kind)
        assert local_client.call_data("get_result")["items"] == []


def test_cached_pictures_have_no_effect_until_committed(local_client: EmulatorClient) -> None:
    local_client.call_data("register_item", {"id": "1", "name": "Apple"})
    assert local_client.recognize() is None
    local_client.call_data("commit_registered_item", {"id": "1"})
    assert local_client.recognize() == "1"


def test_an_empty_pan_has_no_result(trained_client: EmulatorClient) -> None:
    trained_client.emulator.clear_pan()
    assert trained_client.emulator.pan is None
    assert trained_client.call_data("get_result")["items"] == []


@pytest.mark.parametrize(
    ("area", "recognized"),
    [
        ({"left": 0, "top": 0, "width": 300, "height": 720}, False),
        ({"left": 500, "top": 560, "width": 240, "height": 80}, False),
        ({"left": 900, "top": 0, "width": 380, "height": 720}, False),
        ({"left": 618, "top": 280, "width": 2, "height": 2}, False),
        ({"left": 0, "top": 0, "width": 1280, "height": 720}, True),
        ({"left": 400, "top": 0, "width": 460, "height": 560}, True),
    ],
)
def test_only_the_calibration_area_is_recognized(
    local_client: EmulatorClient, area: dict[str, int], recognized: bool
) -> None:
    local_client.teach("1", "Apple", "apple")
    before = local_client.http.post("/api/get_image").content
    local_client.call_data("set_calib", area)
    assert (local_client.recognize() == "1") is recognized
    if not recognized:
        assert local_client.call_code("register_item", {"id": "1", "name": "n"}) <= -6500
    # the picture always shows the whole view
    assert local_client.http.post("/api/get_image").content == before


def test_the_default_area_contains_every_item_completely() -> None:
    emulator = create_emulator(seed=3, pan="empty")
    assert sum(read_saturation(emulator.device.get_image()).histogram()[70:]) == 0
    for kind in Emulator.kinds * 3:
        emulator.put(kind)
        saturation = read_saturation(emulator.device.get_image())
        box = Image.eval(saturation, lambda level: 255 * (level > 110)).getbbox()
        assert box is not None
        assert box[0] > 444 and box[1] > 39 and box[2] < 444 + 348 and box[3] < 39 + 482, (kind, box)


def read_saturation(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("HSV").getchannel("S")


def test_every_item_and_every_seed_has_another_picture() -> None:
    def take_pictures(seed: int) -> list[bytes]:
        emulator = create_emulator(seed=seed)
        pictures: list[bytes] = []
        for _ in range(3):
            emulator.put("pear")
            pictures.append(emulator.device.get_image())
        return pictures

    assert len({*take_pictures(1), *take_pictures(2)}) == 6
    assert take_pictures(1) == take_pictures(1)


def test_feedback_alone_teaches_a_product(client: EmulatorClient) -> None:
    client.emulator.put("pear")
    result = client.call_data("get_result")
    feedback = {"sid": result["sid"], "id": "003", "name": "梨", "intop": False}
    # the pan at the time of the feedback does not matter
    client.emulator.put("banana")
    assert client.call_code("result_feedback", feedback) == 0
    assert client.call_data("get_item_list") == [{"id": "003", "name": "梨"}]
    assert client.recognize() is None
    client.emulator.put("pear")
    assert client.recognize() == "003"


def test_feedback_teaches_nothing_while_learning_is_off(local_client: EmulatorClient) -> None:
    local_client.call_data("set_learnmode", {"mode": 0})
    sid = local_client.call_data("get_result")["sid"]
    feedback = {"sid": sid, "id": "1", "name": "Apple", "intop": False}
    assert local_client.call_code("result_feedback", feedback) == 0
    assert local_client.call_data("get_item_list") == []
    assert local_client.recognize() is None
    # the mode at the time of the feedback matters
    local_client.call_data("set_learnmode", {"mode": 1})
    assert local_client.call_code("result_feedback", feedback) == 0
    assert local_client.recognize() == "1"


def test_repeated_feedback_teaches_nothing_new(local_client: EmulatorClient) -> None:
    feedback = {
        "sid": local_client.call_data("get_result")["sid"],
        "id": "1",
        "name": "Apple",
        "intop": False,
    }
    local_client.call_data("result_feedback", feedback)
    backup = local_client.back_up()
    local_client.call_data("result_feedback", feedback)
    assert local_client.back_up() == backup
    local_client.call_data("result_feedback", {**feedback, "name": "Appel"})
    assert local_client.call_data("get_item_list") == [{"id": "1", "name": "Appel"}]


def test_feedback_on_an_empty_pan_teaches_nothing(local_client: EmulatorClient) -> None:
    local_client.emulator.clear_pan()
    sid = local_client.call_data("get_result")["sid"]
    assert (
        local_client.call_code("result_feedback", {"sid": sid, "id": "1", "name": "Air", "intop": False}) == 0
    )
    assert local_client.call_data("get_item_list") == []


def test_only_the_latest_1000_recognitions_accept_feedback(local_client: EmulatorClient) -> None:
    sids = [local_client.emulator.device.get_result().sid for _ in range(1002)]
    feedback = {"id": "1", "name": "Apple", "intop": False}
    assert local_client.call_code("result_feedback", {**feedback, "sid": sids[1]}) == -6202
    assert local_client.call_code("result_feedback", {**feedback, "sid": sids[2]}) == 0


def test_the_templates_of_a_product_are_limited(local_client: EmulatorClient) -> None:
    def confirm(times: int) -> int:
        device = local_client.emulator.device
        for _ in range(times):
            device.result_feedback(device.get_result().sid, "1", "Apple")
        return len(local_client.back_up())

    assert confirm(70) * 1.2 > confirm(70)
    assert local_client.recognize() == "1"


def test_a_result_has_at_most_ten_guesses() -> None:
    client = connect(create_emulator())
    for number in range(14):
        client.teach(str(number), "Apple", "apple", 1)
    items = client.call_data("get_result")["items"]
    check_scores(items)
    assert len(items) == 10


def test_an_unknown_kind_cannot_be_put_on_the_pan() -> None:
    with pytest.raises(ValueError, match=r"durian.*apple"):
        create_emulator().put("durian")
    with pytest.raises(ValueError, match="durian"):
        create_emulator(pan="durian")


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_the_result_of_an_empty_pan_is_a_setting(api: str) -> None:
    client = connect(create_emulator(api=api, pan="empty", max_result_num=3))
    assert client.call_data("get_result")["items"] == []
    client.emulator.change(empty_pan_result="low_scores")
    assert client.call_data("get_result")["items"] == []
    for number, kind in enumerate(("apple", "banana", "pear", "lemon")):
        client.emulator.put(kind)
        client.emulator.device.teach(str(number), kind)
    client.emulator.clear()
    result = client.call_data("get_result")
    assert [(each["id"], each["score"]) for each in result["items"]] == [("0", 0.1), ("1", 0.05), ("2", 0.03)]
    client.emulator.change(empty_pan_result="error")
    assert client.call_code("get_result") == -6500
    client.emulator.change(empty_pan_code=-6208)
    assert client.call_code("get_result") == -6208
    client.emulator.put("pear")
    assert client.recognize() == "2"


def test_the_result_of_an_empty_pan_is_checked() -> None:
    with pytest.raises(ValueError, match="no_guesses, low_scores, error"):
        Emulator(empty_pan_result="nothing")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="empty_pan_code"):
        Emulator(empty_pan_code=0)
