"""The pytest plugin: fixtures, the marker, and the options for running the same tests on a real module.

pytest loads this module in every run wherever the package is installed, also where no test has to do with a
module. So the SDK and the emulator are imported when a fixture is asked for, and not before.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Iterator
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
URL_SETTING = "vision_ai_url"
URL_VARIABLE = "VISION_AI_URL"
"""Where a client without a URL looks for one."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options and the setting."""
    group = parser.getgroup("vision_ai", "VISION-AI module")
    group.addoption(
        URL_OPTION,
        metavar="URL",
        help="Run on the module at this http URL and not on the emulator. Tests that change the module, or "
        "that control the emulator, are skipped. An empty URL means the emulator.",
    )
    group.addoption(
        ALLOW_OPTION,
        choices=("set", "act", "destructive"),
        help="What calls may do to the module of --vision-ai-url besides reading; each allows those before "
        "it. 'destructive' includes factory reset and restore.",
    )
    parser.addini(URL_SETTING, f"What {URL_OPTION} is when it is not given.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, and what a run on a real module needs."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(pan=, seed=, clock='manual', taught={{id: (name, kind)}}, sn=, …): the test talks to a "
        "VISION-AI module, which is a fresh emulator at VISION_AI_URL. The keywords are 'taught' and those "
        "of vision_ai_emulator.Emulator and its Settings. The test's go before those of its class or file.",
    )
    option: str | None = config.getoption(URL_OPTION)
    url = (config.getini(URL_SETTING) if option is None else option).strip()
    if url:
        if config.getoption("numprocesses", default=None):
            raise pytest.UsageError(f"a module is asked one thing at a time: leave out -n with {URL_OPTION}")
        real = RealModule(url, config.getoption(ALLOW_OPTION) or "read")
        config.pluginmanager.register(real, RealModule.NAME)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever a marked test asks for, plain `VisionAI()` in it does not mean a real module."""
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is not None and "vision_ai_url" not in names and item.get_closest_marker(MARKER):
        names.insert(0, "vision_ai_url")


class RealModule:
    """A run on a real module: registered as a plugin only then."""

    NAME = "vision_ai_real_module"

    def __init__(self, url: str, allowed: str) -> None:
        from vision_ai import InvalidInputError, VisionAI
        from vision_ai_pytest.guard import Guard

        if url.partition(":")[0].lower() not in ("http", "https"):
            raise pytest.UsageError(f"{URL_OPTION} is an http or https URL, not {url!r}")
        try:
            VisionAI(url).close()
        except InvalidInputError as error:
            raise pytest.UsageError(f"{URL_OPTION}: {error}") from error
        self.allowed = allowed
        self.guard = Guard(url, allowed, self._refuse)
        self.guard.stand()
        self._refused: str | None = None

    def _refuse(self, reason: str) -> NoReturn:
        self._refused = reason
        pytest.skip(reason)

    @pytest.hookimpl(hookwrapper=True)  # not wrapper=True: an older pluggy would fail to load the plugin
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, None]:
        """Skips also where the code under test did not let the exception through: in a thread, a task group,
        or behind `except BaseException`."""
        report: pytest.TestReport = (yield).get_result()
        refused, self._refused = self._refused, None
        if refused is not None:
            path, line, _ = item.reportinfo()
            report.outcome = "skipped"
            report.longrepr = (str(path), (line or 0) + 1, f"Skipped: {refused}")

    def pytest_report_header(self) -> str:
        """Says in every run what it is run on."""
        return f"vision_ai: on the module at {self.guard.module_url}, allowed: {self.allowed}"

    def pytest_unconfigure(self) -> None:
        """Nothing goes through after the run."""
        self.guard.leave()


def _real_module(request: pytest.FixtureRequest) -> RealModule | None:
    return request.config.pluginmanager.get_plugin(RealModule.NAME)


def _keywords(request: pytest.FixtureRequest) -> dict[str, object]:
    """Those of all markers of the test; the closest goes first."""
    keywords: dict[str, object] = {}
    for mark in request.node.iter_markers(MARKER):
        if mark.args:
            pytest.fail(f"@pytest.mark.{MARKER} takes keywords only, not {mark.args[0]!r}", pytrace=False)
        keywords = {**mark.kwargs, **keywords}
    return keywords


def _import(*modules: str) -> None:
    """Fails the test where the emulator's extra is not installed."""
    try:
        for module in modules:
            import_module(module)
    except ImportError as error:
        # Not a skip: a run that tested nothing would be as green as one that did.
        pytest.fail(
            f"the emulator needs more than is installed ({error}): pip install 'vision-ai-module[emulator]'",
            pytrace=False,
        )


@contextmanager
def _named(url: str) -> Generator[None]:
    """The environment names this URL. Not with the test's own monkeypatch, whose undo() would end it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(URL_VARIABLE, url)
        yield


@pytest.fixture
def vision_ai_emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """A fresh emulated module, as `@pytest.mark.vision_ai(…)` describes it. Its jobs end at once and a
    restart lasts half a second, if the marker does not say otherwise."""
    real = _real_module(request)
    if real is not None:
        pytest.skip(f"controls the emulator, and this runs on the module at {real.guard.module_url}")
    keywords = _keywords(request)
    _import("vision_ai_emulator", "PIL")  # Pillow, which the emulator would miss at its first picture only
    from vision_ai_pytest import device

    try:
        emulator = device.make(keywords)
    except device.UnusableMarker as error:
        pytest.fail(f"@pytest.mark.{MARKER}: {error}", pytrace=False)
    with _named(emulator.url):
        yield emulator


@pytest.fixture
def vision_ai_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the module, for a program in this process that opens a client of its own; it is also in the
    environment as VISION_AI_URL."""
    real = _real_module(request)
    if real is None:
        yield request.getfixturevalue("vision_ai_emulator").url
        return
    keywords = _keywords(request)
    if keywords:
        pytest.skip(
            f"needs a module with {', '.join(sorted(keywords))} as its marker says, "
            f"and this runs on the one at {real.guard.module_url}"
        )
    with _named(real.guard.url):
        yield real.guard.url


@pytest.fixture
def vision_ai_http_url(request: pytest.FixtureRequest, vision_ai_url: str) -> Iterator[str]:
    """The http URL of the module, for a program in another process, which finds it as VISION_AI_URL too."""
    real = _real_module(request)
    if real is not None:
        if real.allowed != "destructive":
            pytest.skip(
                f"what another process sends to {real.guard.module_url} cannot be held back; "
                f"{ALLOW_OPTION}=destructive lets it through"
            )
        with _named(real.guard.module_url):
            yield real.guard.module_url
        return
    _import("starlette", "uvicorn")
    from vision_ai_emulator import serve

    emulator: Emulator = request.getfixturevalue("vision_ai_emulator")
    with serve(emulator) as url, _named(url):
        yield url


@pytest.fixture
def vision_ai(vision_ai_url: str) -> Iterator[VisionAI]:
    """A client of the module, closed after the test."""
    from vision_ai import VisionAI

    with VisionAI(vision_ai_url) as client:
        yield client


@pytest.fixture
def async_vision_ai(vision_ai_url: str) -> Iterator[AsyncVisionAI]:
    """An asynchronous client of the module, closed after the test.

    An ordinary fixture, so that it needs no plugin for asynchronous tests and works with each of them, and
    with `asyncio.run` in an ordinary test. The client keeps no connection open between calls; it may be used
    in `async with` or without.
    """
    from vision_ai import AsyncVisionAI

    client = AsyncVisionAI(vision_ai_url)
    yield client
    _to_its_end(client.aclose())


def _to_its_end(coroutine: Coroutine[Any, Any, None]) -> None:
    """Without an event loop: neither transport has anything to wait for when it is closed."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("closing the client waits for an event loop")
