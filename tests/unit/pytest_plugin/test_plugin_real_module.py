"""Runs on a real module: which requests are sent, and which tests are skipped for which reason.

An emulator on a socket takes the place of the module. Its log shows what was sent.
"""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

import pytest
from plugin_runs import Run

from vision_ai import InvalidInputError, VisionAI
from vision_ai_emulator import Emulator
from vision_ai_generated.api import OPERATIONS, find_form
from vision_ai_generated.operation import Version
from vision_ai_pytest.guard import Guard

VERSIONS: tuple[Version, ...] = ("v1", "v2")

CURRENT = [each for each in OPERATIONS.values() if "v1" in each.versions and not each.deprecated]
FORMS = [
    form
    for each in OPERATIONS.values()
    for version in VERSIONS
    if (form := find_form(each, version)) is not None
]
ALLOWANCES = {
    "": {"read"},
    "set": {"read", "set"},
    "act": {"read", "set", "act"},
    "destructive": {"read", "set", "act", "destructive"},
}

EVERY_OPERATION_WITH_EVERY_CLIENT = """
    import asyncio
    import pytest
    from vision_ai import AsyncVisionAI, DeviceError, VisionAI
    from vision_ai_generated.api import OPERATIONS

    CURRENT = [each for each in OPERATIONS.values() if "v1" in each.versions and not each.deprecated]
    NAMES = [operation.name for operation in CURRENT]

    @pytest.fixture
    def arguments(name, tmp_path):
        (tmp_path / "test.evo").write_bytes(b"VAIEVO" + bytes([255]))
        samples = {"string": "1", "integer": 1, "boolean": True, "file": tmp_path / "test.evo"}
        return {field.python_name: samples[field.kind] for field in OPERATIONS[name].fields}

    @pytest.mark.parametrize("name", NAMES)
    def test_client(vision_ai, name, arguments):
        with pytest.raises(DeviceError):
            getattr(vision_ai, name)(**arguments)

    @pytest.mark.parametrize("name", NAMES)
    def test_asynchronous_client(async_vision_ai, name, arguments):
        with pytest.raises(DeviceError):
            asyncio.run(getattr(async_vision_ai, name)(**arguments))

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.vision_ai
    def test_own_client(name, arguments):
        with VisionAI() as module, pytest.raises(DeviceError):
            getattr(module, name)(**arguments)

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.vision_ai
    def test_own_asynchronous_client(name, arguments):
        async def ask():
            async with AsyncVisionAI() as module:
                await getattr(module, name)(**arguments)
        with pytest.raises(DeviceError):
            asyncio.run(ask())
"""


NAMES = {("GET", "/download/1"): "download_backup"}
NAMES |= {(operation.method, operation.path): operation.name for operation in FORMS}


def get_operation(request: tuple[str, str]) -> str:
    """Return the name of the operation that the module received; a path that is none unchanged."""
    return NAMES.get(request, request[1])


def get_operations(module: Emulator) -> set[str]:
    """Return the names of the operations that the module received."""
    return set(map(get_operation, module.requests))


@pytest.mark.parametrize("allowed", ALLOWANCES)
def test_the_guard_refuses_what_is_not_allowed(allowed: str) -> None:
    class Refusal(Exception):
        pass

    def refuse(reason: str) -> NoReturn:
        raise Refusal(reason)

    guard = Guard("http://127.0.0.1:9", allowed or "read", refuse)
    for operation in FORMS:
        target = operation.path.replace("{filename}", "1")
        if operation.effect in ALLOWANCES[allowed]:
            guard.check(operation.method, target)
        else:
            with pytest.raises(Refusal, match=f"--vision-ai-allow={operation.effect}"):
                guard.check(operation.method, target)


@pytest.mark.parametrize(
    "allowed", ["", *(pytest.param(each, marks=pytest.mark.slow) for each in ALLOWANCES if each)]
)
def test_allowed_operations_are_sent_and_others_skip_the_test(
    run: Run, real: Emulator, real_url: str, allowed: str
) -> None:
    real.fail_next(-6213, times=1000)  # it receives the calls and does nothing
    options = [f"--vision-ai-url={real_url}"] + [f"--vision-ai-allow={allowed}"] * bool(allowed)
    result = run(EVERY_OPERATION_WITH_EVERY_CLIENT, *options)
    sent = {operation.name for operation in CURRENT if operation.effect in ALLOWANCES[allowed]}
    assert get_operations(real) == sent
    counted = Counter(map(get_operation, real.requests))
    assert {name: counted[name] for name in sent - {"get_device_info"}} == dict.fromkeys(
        sent - {"get_device_info"}, 4
    )
    result.assert_outcomes(passed=4 * len(sent), skipped=4 * (len(CURRENT) - len(sent)))
    for operation in CURRENT:
        if operation.name not in sent:
            result.stdout.fnmatch_lines(
                [
                    f"*test_inside.py*: {operation.name} was not sent to {real_url}: it changes the module "
                    f"({operation.effect}); to allow it, add --vision-ai-allow={operation.effect}"
                ]
            )


def test_a_workflow_that_starts_with_a_refused_call_changes_nothing(
    run: Run, real: Emulator, real_url: str
) -> None:
    result = run(
        """
        import pytest

        @pytest.fixture
        def file(tmp_path):
            (tmp_path / "test.evo").write_bytes(bytes(10))
            return tmp_path / "test.evo"

        def test_learn(vision_ai): vision_ai.learn(id="1", name="Apple")
        def test_backup(vision_ai, tmp_path): vision_ai.backup(tmp_path)
        def test_restore(vision_ai, file): vision_ai.restore(file)
        def test_reboot(vision_ai): vision_ai.reboot()
        def test_reset(vision_ai): vision_ai.reset_device()
        """,
        f"--vision-ai-url={real_url}",
    )
    result.assert_outcomes(skipped=5)
    # to find out which version of the API the module has, and what its cache has
    assert get_operations(real) <= {"get_device_info", "get_registered_item_list"}


def test_a_module_that_speaks_v2(run: Run, real: Emulator, real_url: str) -> None:
    real.change(api="v2")
    result = run(
        """
        def test_read(vision_ai):
            assert vision_ai.get_item_list() == [] and vision_ai.api_version == "v2"
        def test_learn(vision_ai): vision_ai.learn(id="1", name="Apple")
        def test_speed(vision_ai): vision_ai.set_predict_speed(speed="fast")
        def test_clear(vision_ai): vision_ai.clear_all_template()
        """,
        f"--vision-ai-url={real_url}",
        "--vision-ai-allow=set",
    )
    result.assert_outcomes(passed=2, skipped=2)
    assert "add_item_template" not in real.acted and "clear_all_template" not in real.acted


def test_act_allows_teaching_a_product(run: Run, real: Emulator, real_url: str) -> None:
    result = run(
        """
        def test_it(vision_ai, tmp_path):
            vision_ai.learn(id="1", name="Banana", pictures=1)
            assert vision_ai.get_result().items[0].id == "1"
            assert vision_ai.backup(tmp_path, poll=0.1).stat().st_size
        """,
        f"--vision-ai-url={real_url}",
        "--vision-ai-allow=act",
    )
    result.assert_outcomes(passed=1)
    assert real.device.get_item_list() == [("1", "Banana")]


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/api/secret"),
        ("POST", "/api/get_result?mode=1"),
        ("POST", "/api/GET_RESULT"),
        ("GET", "/api/get_calib"),
        ("POST", "/api/export_templates"),
        ("GET", "/download/a/b"),
        ("GET", "/download/"),
        ("GET", "/"),
    ],
)
def test_requests_that_are_not_in_the_contract_are_never_sent(
    run: Run, real: Emulator, real_url: str, method: str, target: str
) -> None:
    result = run(
        f"""
        from vision_ai.transports import Deadline, Request, parse_url, run_sync
        from vision_ai_pytest.guard import open_transport

        def test_it(vision_ai_url):
            transport = open_transport(vision_ai_url, asynchronous=False)
            request = Request("{method}", parse_url("http://module{target}"), [])
            try:
                run_sync(transport.send(request, Deadline(5)))
            finally:
                run_sync(transport.close())
        """,
        f"--vision-ai-url={real_url}",
        "--vision-ai-allow=destructive",
    )
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(
        [f"*{method} {target} was not sent to {real_url}: the contract has no such operation"]
    )
    assert real.requests == ()


def test_a_refusal_skips_the_test_even_if_the_exception_is_caught(
    run_in_process: Run, real: Emulator, real_url: str
) -> None:
    result = run_in_process(
        """
        import asyncio
        import threading
        import pytest

        def test_caught(vision_ai):
            try:
                vision_ai.start_backup()
            except BaseException:
                pass
            assert vision_ai.get_device_info().sn == "87654321"  # the client still works

        def test_caught_and_failed(vision_ai):
            with pytest.raises(ValueError):
                vision_ai.start_backup()

        def test_thread(vision_ai):
            thread = threading.Thread(target=vision_ai.start_backup)
            thread.start()
            thread.join()

        def test_task_group(async_vision_ai):
            async def both():
                async with asyncio.TaskGroup() as group:
                    group.create_task(async_vision_ai.start_backup())
                    group.create_task(async_vision_ai.get_result())
            asyncio.run(both())

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
        async def test_anyio(async_vision_ai):
            await async_vision_ai.start_backup()

        @pytest.fixture
        def prepared(vision_ai):
            vision_ai.start_backup()

        def test_in_a_fixture(prepared):
            raise AssertionError("never run")

        def test_the_next_one_is_not_skipped(vision_ai):
            vision_ai.get_device_info()
        """,
        f"--vision-ai-url={real_url}",
    )
    result.assert_outcomes(skipped=7, passed=1)
    assert not get_operations(real) - {"get_device_info", "get_result"}


def test_a_refusal_in_the_teardown_does_not_hide_a_failure(run: Run, real_url: str) -> None:
    run(
        """
        import pytest

        @pytest.fixture
        def module(vision_ai):
            yield vision_ai
            vision_ai.reboot()

        def test_that_fails(module):
            assert module.get_device_info().sn == "another"
        """,
        f"--vision-ai-url={real_url}",
    ).assert_outcomes(failed=1, skipped=1)


def test_an_unclosed_client_leaves_nothing_open(run_in_process: Run, real_url: str) -> None:
    run_in_process(
        """
        import asyncio
        import pytest
        from vision_ai import AsyncVisionAI, VisionAI

        @pytest.mark.vision_ai
        def test_sync():
            assert VisionAI().get_device_info().sn == "87654321"

        @pytest.mark.vision_ai
        def test_async():
            async def ask():
                return await AsyncVisionAI().get_device_info()
            assert asyncio.run(ask()).sn == "87654321"
        """,
        f"--vision-ai-url={real_url}",
    ).assert_outcomes(passed=2)


def test_tests_that_need_the_emulator_are_skipped(run: Run, real: Emulator, real_url: str) -> None:
    result = run(
        """
        import pytest

        def test_controls(vision_ai_emulator): raise AssertionError
        def test_another_process(vision_ai_http_url): raise AssertionError
        @pytest.mark.vision_ai(pan="apple", sn="5")
        def test_marked(vision_ai): raise AssertionError
        """,
        f"--vision-ai-url={real_url}",
        "--vision-ai-allow=act",
    )
    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines_random(
        [
            f"*controls the emulator, but the run uses the module at {real_url}",
            f"*another process can send any request to {real_url}; to allow it, add --vision-ai-allow=destructive",
            f"*its marker sets pan, sn, but the run uses the module at {real_url}",
        ]
    )
    assert real.requests == ()


def test_destructive_allows_other_processes(run: Run, real_url: str) -> None:
    run(
        f"""
        import os

        def test_it(vision_ai_http_url):
            assert vision_ai_http_url == os.environ["VISION_AI_URL"] == {real_url!r}
        """,
        f"--vision-ai-url={real_url}/",
        "--vision-ai-allow=destructive",
    ).assert_outcomes(passed=1)


def test_the_setting_selects_the_module_and_the_option_overrides_it(
    pytester: pytest.Pytester, run: Run, real: Emulator, real_url: str
) -> None:
    text = "def test_it(vision_ai): assert vision_ai.get_device_info().sn == {!r}"
    pytester.makeini(f"[pytest]\nvision_ai_url = {real_url}\n")
    result = run(text.format("87654321"))
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"vision_ai: module at {real_url}, allowed: read"])
    requests_before = len(real.requests)
    run(text.format("12345678"), "--vision-ai-url=").assert_outcomes(passed=1)
    assert len(real.requests) == requests_before


def test_the_environment_variable_does_not_select_the_module(
    run: Run, monkeypatch: pytest.MonkeyPatch, real: Emulator, real_url: str
) -> None:
    monkeypatch.setenv("VISION_AI_URL", real_url)
    run("def test_it(vision_ai): vision_ai.learn(id='1', name='Apple')").assert_outcomes(passed=1)
    assert real.requests == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--vision-ai-url=emulator:"], "--vision-ai-url must be an http or https URL, not 'emulator:'"),
        (["--vision-ai-url=module"], "--vision-ai-url must be an http or https URL, not 'module'"),
        (["--vision-ai-url=http://"], "--vision-ai-url: * names no host*"),
        (
            ["--vision-ai-url=http://127.0.0.1:9", "--vision-ai-allow=everything"],
            "*invalid choice*'everything'*",
        ),
        (["--vision-ai-url=http://127.0.0.1:9", "--numprocesses=2"], "*one request at a time*"),
    ],
)
def test_invalid_options_are_reported(
    pytester: pytest.Pytester, run: Run, options: list[str], message: str
) -> None:
    # As pytest-xdist does.
    pytester.makeconftest("def pytest_addoption(parser): parser.addoption('--numprocesses', type=int)")
    result = run("def test_it(): raise AssertionError", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{message}"])


def test_the_guarded_url_is_valid_only_during_the_run(run: Run, real_url: str) -> None:
    run("def test_it(vision_ai): vision_ai.get_device_info()", f"--vision-ai-url={real_url}").assert_outcomes(
        passed=1
    )
    with pytest.raises(InvalidInputError, match="--vision-ai-url"):
        VisionAI(f"pytest:{real_url}")
