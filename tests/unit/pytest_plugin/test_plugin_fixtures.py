"""The fixtures and the marker, with the emulator."""

from __future__ import annotations

import os

import pytest
from plugin_runs import Run

from vision_ai_emulator import Emulator, ManualClock, Settings
from vision_ai_pytest import device


def test_all_fixtures_of_a_test_use_the_same_new_module(run: Run) -> None:
    run(
        """
        import asyncio
        import urllib.request
        import pytest
        from vision_ai import VisionAI

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(number, vision_ai_emulator, vision_ai, async_vision_ai, vision_ai_url, vision_ai_http_url):
            assert vision_ai.get_item_list() == []
            vision_ai.learn(id="1", name="Apple", pictures=1)
            assert [item.id for item in asyncio.run(async_vision_ai.get_item_list())] == ["1"]
            for url in (None, vision_ai_url, vision_ai_http_url):
                with VisionAI(url) as client:
                    assert [item.id for item in client.get_item_list()] == ["1"]
            assert vision_ai_emulator.url == vision_ai_url
            assert vision_ai_http_url.startswith("http://127.0.0.1:")
            assert len(vision_ai_emulator.requests) == 9  # teaching asks for the version of the API and for the cache
        """
    ).assert_outcomes(passed=2)


def test_the_version_of_the_api(run: Run) -> None:
    run(
        """
        import pytest
        from vision_ai import VisionAI

        @pytest.mark.vision_ai(taught={"1": "apple"})
        def test_default(vision_ai):
            assert vision_ai.get_device_info().board == "1109"
            assert vision_ai.get_result().items[0].id == "1"
            assert [item.count for item in vision_ai.get_item_list()] == [3]

        @pytest.mark.vision_ai(api="v1")
        def test_marker(vision_ai):
            assert vision_ai.get_device_info().board is None

        @pytest.mark.vision_ai(api="v1", taught={"1": "apple"})
        def test_upgrade(vision_ai, vision_ai_emulator):
            assert vision_ai.get_result().items[0].id == "1"
            vision_ai_emulator.change(api="v2")
            assert vision_ai.get_result().items[0].id == "1"
            assert vision_ai.api_version == "v2"
        """,
        "--vision-ai-api=v2",
    ).assert_outcomes(passed=3)


@pytest.mark.parametrize("fixture", ["emulator", "url", "http_url", ""])
@pytest.mark.parametrize("before", [None, "http://127.0.0.1:9"])
def test_the_environment_variable_is_set_during_the_test(
    run: Run, monkeypatch: pytest.MonkeyPatch, fixture: str, before: str | None
) -> None:
    if before is not None:
        monkeypatch.setenv("VISION_AI_URL", before)
    name = "_".join(filter(None, ["vision_ai", fixture]))
    run(
        f"""
        import os
        from vision_ai import VisionAI

        def test_during(monkeypatch, {name}):
            monkeypatch.undo()
            with VisionAI() as module:
                assert module.get_device_info().sn == "12345678"
            if "http" in "{name}":
                assert os.environ["VISION_AI_URL"] == {name}

        def test_afterwards():
            assert os.environ.get("VISION_AI_URL") == {before!r}
        """
    ).assert_outcomes(passed=2)
    assert os.environ.get("VISION_AI_URL") == before


def test_clients_without_a_url_use_the_emulator_in_marked_tests(run: Run) -> None:
    run(
        """
        import pytest
        from vision_ai import VisionAI

        @pytest.fixture
        def till():
            with VisionAI() as module:
                yield module

        @pytest.mark.vision_ai
        def test_function(till):
            assert till.get_device_info().sn == "12345678"

        @pytest.mark.vision_ai(sn="5")
        @pytest.mark.parametrize("number", [1, 2])
        class TestClass:
            def test_method(self, till, number):
                assert till.get_device_info().sn == "5"
        """
    ).assert_outcomes(passed=3)


def test_the_marker_accepts_all_options_of_the_emulator(run: Run) -> None:
    run(
        """
        import pytest
        from vision_ai_emulator import ManualClock, Settings

        CLOCK = ManualClock()

        @pytest.mark.vision_ai(pan="banana", seed=3, sn="42", sync_mode="slave", master_ip="127.0.0.1")
        def test_pan_seed_and_fields(vision_ai, vision_ai_emulator):
            assert vision_ai_emulator.pan == "banana"
            info = vision_ai.get_device_info()
            assert (info.sn, info.sync_mode, info.master_ip) == ("42", "slave", "127.0.0.1")

        @pytest.mark.vision_ai(pan="empty", clock="manual", backup_seconds=5)
        def test_a_manual_clock(vision_ai, vision_ai_emulator):
            assert vision_ai_emulator.pan is None
            vision_ai.start_backup()
            assert vision_ai.get_backup_status().status != 3
            vision_ai_emulator.step(5)
            assert vision_ai.get_backup_status().status == 3

        @pytest.mark.vision_ai(clock=CLOCK)
        def test_another_clock(vision_ai_emulator):
            assert vision_ai_emulator.clock is CLOCK

        @pytest.mark.vision_ai(clock="real", settings=Settings(sn="7"), firmware="1")
        def test_settings_object(vision_ai_emulator):
            assert vision_ai_emulator.settings == Settings(sn="7", firmware="1")
        """
    ).assert_outcomes(passed=4)


def test_a_watch_steps_a_manual_clock(run: Run) -> None:
    run(
        """
        import asyncio
        import pytest
        from vision_ai import ConnectionLost, ConnectionRestored, PanEmpty, Recognized, VisionAI

        pytestmark = pytest.mark.vision_ai(clock="manual", taught={"1": "apple"}, reboot_seconds=500)

        def check(events, emulator):
            empty, recognized, lost, restored, again = events
            assert isinstance(empty, PanEmpty) and isinstance(recognized, Recognized)
            assert isinstance(lost, ConnectionLost) and isinstance(restored, ConnectionRestored)
            assert recognized.result.items[0].id == "1" and isinstance(again, PanEmpty)
            assert recognized.moment - recognized.since == 60
            assert 500 <= restored.moment - lost.moment < 510
            assert again.time.replace(tzinfo=None) == emulator.clock.now()

        @pytest.mark.vision_ai(pan="empty")
        def test_it(vision_ai_url, vision_ai_emulator):
            events = []
            with VisionAI(vision_ai_url) as till:
                for event in till.watch(every=60):
                    events.append(event)
                    if len(events) == 5:
                        break
                    change(vision_ai_emulator, len(events))
            check(events, vision_ai_emulator)

        @pytest.mark.vision_ai(pan="empty")
        def test_it_asynchronously(async_vision_ai, vision_ai_emulator):
            async def watch():
                events = []
                async for event in async_vision_ai.watch(every=60):
                    events.append(event)
                    if len(events) == 5:
                        return events
                    change(vision_ai_emulator, len(events))

            check(asyncio.run(watch()), vision_ai_emulator)

        def change(emulator, number):
            if number == 1:
                emulator.put("apple")
            elif number == 2:
                emulator.unplug()
            elif number == 3:
                emulator.plug_in()
            elif number == 4:
                emulator.clear()
        """
    ).assert_outcomes(passed=2)


def test_seed_and_manual_clock_make_runs_reproducible() -> None:
    def trace() -> list[object]:
        emulator = device.make_emulator({"seed": 3, "clock": "manual", "taught": {"1": "pear"}})
        return [emulator.device.get_image(), emulator.device.get_result()]

    assert trace() == trace()


def test_a_marker_can_ask_for_v2() -> None:
    emulator = device.make_emulator({"api": "v2", "taught": {"1": "pear", "2": ("Lemon", "lemon")}})
    assert emulator.settings.api == "v2" and emulator.settings.firmware == "9.9.5.7"
    assert emulator.device.get_template_counts() == {"1": 3, "2": 3}


def test_keywords_of_the_test_override_those_of_its_class_and_file(run: Run) -> None:
    run(
        """
        import pytest

        pytestmark = pytest.mark.vision_ai(sn="file", firmware="file", engine="file")

        @pytest.mark.vision_ai(sn="class", firmware="class")
        class TestClass:
            @pytest.mark.vision_ai(sn="test")
            def test_method(self, vision_ai):
                info = vision_ai.get_device_info()
                assert (info.sn, info.firmware, info.engine) == ("test", "class", "file")
        """
    ).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("keywords", "parts"),
    [
        ("pann='apple'", ["unknown keyword 'pann'", "clock, ", " pan, ", " seed, ", " sn, ", " taught"]),
        ("pan='durian'", ["'durian'", "banana"]),
        ("clock='slow'", ["'manual', 'real'", "'slow'"]),
        ("clock=7", ["'manual', 'real' or a Clock, not 7"]),
        ("backup_seconds=-1", ["backup_seconds"]),
        ("taught=['apple']", ["{'001': 'apple'", "['apple']"]),
        ("taught={1: 'apple'}", ["{'001': 'apple'", "{1: 'apple'}"]),
        ("taught={'1': ('Apple',)}", ["{'001': 'apple'"]),
        ("taught={'1': 'durian'}", ["'durian'", "banana"]),
        ("taught={'1': 'apple'}, activated=False, require_activation=True", ["-6128"]),
        ("'apple'", ["only keywords", "'apple'"]),
    ],
)
def test_an_invalid_marker_lists_the_valid_keywords(run: Run, keywords: str, parts: list[str]) -> None:
    result = run(
        f"""
        import pytest

        @pytest.mark.vision_ai({keywords})
        def test_it():
            pass
        """
    )
    result.assert_outcomes(errors=1)
    output = result.stdout.str()
    assert "@pytest.mark.vision_ai" in output
    assert "Traceback" not in output and "plugin.py" not in output
    for part in parts:
        assert part in output


def test_all_options_of_the_emulator_and_its_settings_are_keywords() -> None:
    known = device.list_keywords()
    assert {"seed", "clock", "pan", "settings", "taught", "sn", "backup_padding"} <= set(known)
    assert device.make_emulator({"settings": Settings(), "clock": ManualClock()}).settings == Settings()


def test_products_of_the_marker_are_recognized_and_the_log_is_empty() -> None:
    taught = {f"{number:03}": kind for number, kind in enumerate(Emulator.kinds)}
    emulator = device.make_emulator({"taught": taught, "pan": "carrot"})
    assert emulator.pan == "carrot"
    assert emulator.requests == ()
    assert emulator.device.get_registered_item_list() == []
    for id, kind in taught.items():
        emulator.put(kind)
        assert emulator.device.get_result().items[0][0] == id


def test_the_name_of_a_product_defaults_to_its_kind() -> None:
    emulator = device.make_emulator({"taught": {"1": "apple", "2": ("Pear, green", "pear")}, "pan": "empty"})
    assert emulator.device.get_item_list() == [("1", "Apple"), ("2", "Pear, green")]
    assert emulator.pan is None


def test_jobs_end_at_once_and_a_restart_is_noticed(run: Run) -> None:
    run(
        """
        def test_it(vision_ai, tmp_path):
            vision_ai.start_backup()
            status = vision_ai.get_backup_status()
            assert status.status == 3
            vision_ai.start_restore(file=vision_ai.save_backup(status.filename, tmp_path))
            assert vision_ai.get_restore_status().status == 4
            waited = []
            vision_ai.reboot()
            vision_ai.wait_until_ready(poll=0.02, progress=waited.append)
            assert waited
        """
    ).assert_outcomes(passed=1)


ASYNCHRONOUS = """
    import asyncio
    import pytest

    def test_asyncio_run_twice(async_vision_ai):
        async def ask():
            return (await async_vision_ai.get_device_info()).sn
        assert asyncio.run(ask()) == asyncio.run(ask())

    def test_entered(async_vision_ai):
        async def ask():
            async with async_vision_ai as module:
                return await module.get_result()
        assert asyncio.run(ask()).sid

    def test_never_used(async_vision_ai):
        pass

    @pytest.mark.anyio
    @pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
    async def test_anyio(async_vision_ai):
        assert (await async_vision_ai.get_image()).width == 1280

    @pytest.mark.anyio
    @pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
    async def test_cancelled(async_vision_ai):
        import anyio
        with anyio.move_on_after(0):
            await async_vision_ai.get_result()
"""


def test_the_asynchronous_client_leaves_nothing_open_in_any_event_loop(run_in_process: Run) -> None:
    run_in_process(ASYNCHRONOUS).assert_outcomes(passed=7)


def test_the_asynchronous_client_on_a_real_module(run_in_process: Run, real_url: str) -> None:
    run_in_process(ASYNCHRONOUS, f"--vision-ai-url={real_url}").assert_outcomes(passed=7)


def test_the_client_is_closed_after_the_test(run: Run) -> None:
    run(
        """
        import asyncio
        import pytest
        from vision_ai import VisionAIError

        kept = {}

        def test_first(vision_ai, async_vision_ai):
            kept.update(sync=vision_ai, asynchronous=async_vision_ai)

        def test_second():
            with pytest.raises(VisionAIError, match="closed"):
                kept["sync"].get_result()
            with pytest.raises(VisionAIError, match="closed"):
                asyncio.run(kept["asynchronous"].get_result())
        """
    ).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("missing", "fixture"),
    [
        ("PIL", "vision_ai"),
        pytest.param("python_multipart", "vision_ai", marks=pytest.mark.slow),
        pytest.param("uvicorn", "vision_ai_http_url", marks=pytest.mark.slow),
    ],
)
def test_a_missing_extra_fails_the_test_and_is_named(
    pytester: pytest.Pytester, run_in_process: Run, missing: str, fixture: str
) -> None:
    pytester.makeconftest(f"import sys; sys.modules[{missing!r}] = None")
    result = run_in_process(f"def test_it({fixture}): pass")
    result.assert_outcomes(errors=1)
    assert "pip install 'vision-ai-module[emulator]'" in result.stdout.str()
    assert "plugin.py" not in result.stdout.str()


def test_the_marker_is_documented(pytester: pytest.Pytester) -> None:
    pytester.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.vision_ai(pan=, *taught*"])
