"""The pytest plugin: fixtures, the marker, and the options that run the same tests on a real module.

pytest loads this module in every run where the package is installed, even if no test uses a module. Therefore
it imports the SDK and the emulator only when a test uses a fixture.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from vision_ai import AsyncVisionAI, VisionAI
    from vision_ai_emulator import Emulator

MARKER = "vision_ai"
URL_OPTION = "--vision-ai-url"
ALLOW_OPTION = "--vision-ai-allow"
API_OPTION = "--vision-ai-api"
URL_SETTING = "vision_ai_url"
URL_VARIABLE = "VISION_AI_URL"
"""The environment variable with the URL for clients that are given none."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the setting."""
    group = parser.getgroup("vision_ai", "VISION-AI module")
    group.addoption(
        URL_OPTION,
        metavar="URL",
        help="Run on the real module at this http URL instead of the emulator. Tests that change the module "
        "or control the emulator are skipped. An empty URL selects the emulator.",
    )
    group.addoption(
        ALLOW_OPTION,
        choices=("set", "act", "destructive"),
        help="What calls may do to the module of --vision-ai-url besides reading. Each value includes those "
        "before it. 'destructive' includes factory reset and restore.",
    )
    group.addoption(
        API_OPTION,
        choices=("v1", "v2"),
        help="The version of the API that the emulators speak whose tests do not say which. Default: v1.",
    )
    parser.addini(URL_SETTING, f"Default of {URL_OPTION}.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the plugin for a run on a real module."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(pan=, seed=, clock='manual', taught={{id: (name, kind)}}, sn=, …): the test uses a "
        "VISION-AI module. It is a new emulator, and VISION_AI_URL has its URL. The keywords are 'taught' and "
        "those of vision_ai_emulator.Emulator and its Settings. Keywords of the test override those of its "
        "class or file.",
    )
    option: str | None = config.getoption(URL_OPTION)
    url = (config.getini(URL_SETTING) if option is None else option).strip()
    if url:
        if config.getoption("numprocesses", default=None):
            raise pytest.UsageError(f"a module handles one request at a time: leave out -n with {URL_OPTION}")
        real = RealModule(url, config.getoption(ALLOW_OPTION) or "read")
        config.pluginmanager.register(real, RealModule.NAME)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let `vision_ai_url` set VISION_AI_URL in each marked test, so that `VisionAI()` uses its module."""
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is not None and "vision_ai_url" not in names and item.get_closest_marker(MARKER):
        names.insert(0, "vision_ai_url")


class RealModule:
    """The plugin that is registered for a run on a real module."""

    NAME = "vision_ai_real_module"

    def __init__(self, url: str, allowed: str) -> None:
        from vision_ai import InvalidInputError, VisionAI
        from vision_ai_pytest.guard import Guard

        if url.partition(":")[0].lower() not in ("http", "https"):
            raise pytest.UsageError(f"{URL_OPTION} must be an http or https URL, not {url!r}")
        try:
            VisionAI(url).close()
        except InvalidInputError as error:
            raise pytest.UsageError(f"{URL_OPTION}: {error}") from error
        self.allowed: str = allowed
        self.guard: Guard = Guard(url, allowed, self._refuse)
        self.guard.activate()
        self._refusal: str | None = None

    def _refuse(self, reason: str) -> NoReturn:
        self._refusal = reason
        pytest.skip(reason)

    @pytest.hookimpl(hookwrapper=True)  # not wrapper=True: an older pluggy would fail to load the plugin
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Skip the test even if the code under test caught the exception, for example in a thread or in a task
        group."""
        report: pytest.TestReport = (yield).get_result()
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            path, line, _ = item.reportinfo()
            report.outcome = "skipped"
            report.longrepr = (str(path), (line or 0) + 1, f"Skipped: {refusal}")

    def pytest_report_header(self) -> str:
        """Name the module in the header."""
        return f"vision_ai: module at {self.guard.module_url}, allowed: {self.allowed}"

    def pytest_unconfigure(self) -> None:
        """Refuse all requests after the run."""
        self.guard.deactivate()


def _get_real_module(request: pytest.FixtureRequest) -> RealModule | None:
    return request.config.pluginmanager.get_plugin(RealModule.NAME)


def _get_keywords(request: pytest.FixtureRequest) -> dict[str, object]:
    """Merge the keywords of all markers of the test. The closest marker wins."""
    keywords: dict[str, object] = {}
    for mark in request.node.iter_markers(MARKER):
        if mark.args:
            pytest.fail(f"@pytest.mark.{MARKER} takes only keywords, not {mark.args[0]!r}", pytrace=False)
        keywords = {**mark.kwargs, **keywords}
    return keywords


def _import(*modules: str) -> None:
    """Import the modules; fail the test if the emulator's extra is not installed."""
    try:
        for module in modules:
            import_module(module)
    except ImportError as error:
        # A skip would let a run pass that tested nothing.
        pytest.fail(
            f"the emulator needs a package that is not installed ({error}): "
            "pip install 'vision-ai-module[emulator]'",
            pytrace=False,
        )


@contextmanager
def _set_url_variable(url: str) -> Generator[None]:
    """Set VISION_AI_URL, without the test's own monkeypatch: its undo() would remove the variable."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(URL_VARIABLE, url)
        yield


@pytest.fixture
def vision_ai_emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """A new emulator, as `@pytest.mark.vision_ai(…)` describes it. Unless the marker says otherwise, its jobs
    end at once and a restart takes half a second."""
    real = _get_real_module(request)
    if real is not None:
        pytest.skip(f"controls the emulator, but the run uses the module at {real.guard.module_url}")
    keywords = _get_keywords(request)
    api: str | None = request.config.getoption(API_OPTION)
    if api is not None and "settings" not in keywords:
        keywords = {"api": api, **keywords}
    # The package and the emulator import what they need only when they use it.
    _import("vision_ai_emulator.serving.transport", "PIL", "python_multipart.exceptions")
    from vision_ai_pytest import device

    try:
        emulator = device.make_emulator(keywords)
    except device.InvalidMarkerError as error:
        pytest.fail(f"@pytest.mark.{MARKER}: {error}", pytrace=False)
    with _set_url_variable(emulator.url):
        yield emulator


@pytest.fixture
def vision_ai_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the module, for a program in this process that opens its own client. VISION_AI_URL has it
    too."""
    real = _get_real_module(request)
    if real is None:
        yield request.getfixturevalue("vision_ai_emulator").url
        return
    keywords = _get_keywords(request)
    if keywords:
        pytest.skip(
            f"its marker sets {', '.join(sorted(keywords))}, "
            f"but the run uses the module at {real.guard.module_url}"
        )
    with _set_url_variable(real.guard.url):
        yield real.guard.url


@pytest.fixture
def vision_ai_http_url(request: pytest.FixtureRequest, vision_ai_url: str) -> Iterator[str]:
    """The http URL of the module, for a program in another process. VISION_AI_URL has it too."""
    real = _get_real_module(request)
    if real is not None:
        if real.allowed != "destructive":
            pytest.skip(
                f"another process can send any request to {real.guard.module_url}; "
                f"to allow it, add {ALLOW_OPTION}=destructive"
            )
        with _set_url_variable(real.guard.module_url):
            yield real.guard.module_url
        return
    _import("starlette", "uvicorn")
    from vision_ai_emulator import serve

    emulator: Emulator = request.getfixturevalue("vision_ai_emulator")
    with serve(emulator) as url, _set_url_variable(url):
        yield url


@pytest.fixture
def vision_ai(vision_ai_url: str) -> Iterator[VisionAI]:
    """A client for the module, closed after the test."""
    from vision_ai import VisionAI

    with VisionAI(vision_ai_url) as client:
        yield client


@pytest.fixture
def async_vision_ai(vision_ai_url: str) -> Iterator[AsyncVisionAI]:
    """An asynchronous client for the module, closed after the test.

    It is an ordinary fixture, so that it works with every plugin for asynchronous tests, and with
    `asyncio.run` in an ordinary test. The client keeps no connection open between calls. It works with and
    without `async with`.
    """
    from vision_ai import AsyncVisionAI
    from vision_ai.transports import run_sync

    client = AsyncVisionAI(vision_ai_url)
    yield client
    # No event loop runs here. Neither transport waits for anything when it is closed.
    run_sync(client.aclose())
