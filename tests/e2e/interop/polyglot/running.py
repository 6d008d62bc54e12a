"""One language from its needs to its last step, and all of them side by side."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from polyglot.commands import FailedError, Shell
from polyglot.emulated import EmulatorError, answers_given, emulator
from polyglot.languages import Language
from polyglot.steps import STEPS

BUILD_SECONDS = 900.0
SCENARIO_SECONDS = 120.0

GENERATE, COMPILE = "generate", "compile"
STAGES = (GENERATE, COMPILE, *(step.name for step in STEPS))

# Cargo's: it tells itself what of it is out of date, and the libraries in it take half a minute to compile.
KEPT = "target"

# A module hangs on a USB link and no proxy can reach it, so the environment names one that nobody can reach.
DEAD_PROXY = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
NO_EXCEPTIONS = {"no_proxy": "", "NO_PROXY": ""}


@define
class Result:
    """What came of a language. Nothing of `done` and no `failed`: it was not tried."""

    language: Language
    missing: list[str] = field(factory=list)
    done: list[str] = field(factory=list)
    failed: str = ""
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        return not self.missing and not self.failed


@frozen
class Runner:
    """`say` is told each step as it is done: the language, and what is to be said."""

    reports: Path
    say: Callable[[Language, str], None]
    build_seconds: float = BUILD_SECONDS
    scenario_seconds: float = SCENARIO_SECONDS

    async def run_all(self, languages: Sequence[Language], at_once: int) -> list[Result]:
        self.reports.mkdir(parents=True, exist_ok=True)
        places = asyncio.Semaphore(at_once)

        async def in_turn(language: Language) -> Result:
            async with places:
                return await self.run(language)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(in_turn(language)) for language in languages]
        return [task.result() for task in tasks]

    async def run(self, language: Language) -> Result:
        result = Result(language, missing=missing(language))
        if result.missing:
            self.say(language, f"missing: {', '.join(result.missing)}")
            return result
        self.say(language, language.generator_and_version)
        begin = time.monotonic()
        self.log(language).unlink(missing_ok=True)
        _clean(language.folder / "build")
        built = await self._build(result, GENERATE, language.generate)
        built = built and await self._build(result, COMPILE, language.compile)
        if built:
            try:
                await self._scenario(result)
            except EmulatorError as error:
                self._failed(result, STEPS[0].name, FailedError(str(error)))
        result.seconds = time.monotonic() - begin
        return result

    async def _build(self, result: Result, stage: str, commands: Sequence[str]) -> bool:
        shell = self._shell(result.language, self.build_seconds, dict(os.environ))
        begin = time.monotonic()
        try:
            for command in commands:
                await shell.run(command)
        except FailedError as error:
            self._failed(result, stage, error)
            return False
        self._done(result, stage, f"{time.monotonic() - begin:.0f} s")
        return True

    async def _scenario(self, result: Result) -> None:
        language = result.language
        shell = self._shell(language, self.scenario_seconds, {**os.environ, **DEAD_PROXY, **NO_EXCEPTIONS})
        failure: FailedError | None = None
        async with emulator() as url:
            try:
                output = await shell.run(language.run.replace("URL", url))
            except FailedError as error:
                # How far it came is told by what it printed until then.
                failure, output = error, error.output
            answers = await answers_given(url)
        for step in STEPS:
            doubt = step.doubt(output, answers)
            if doubt or (failure and step is STEPS[-1]):
                self._failed(result, step.name, failure or FailedError(doubt, output))
                return
            self._done(result, step.name, step.told(output))

    def _shell(self, language: Language, seconds: float, environment: Mapping[str, str]) -> Shell:
        return Shell(language.folder, self.log(language), seconds, environment)

    def log(self, language: Language) -> Path:
        return self.reports / f"{language.name}.log"

    def _done(self, result: Result, stage: str, what: str) -> None:
        result.done.append(stage)
        self.say(result.language, f"✓ {stage}: {what}")

    def _failed(self, result: Result, stage: str, error: FailedError) -> None:
        result.failed = stage
        lines = [f"✗ {stage}: {error}", *(f"    {line}" for line in error.last_lines)]
        self.say(result.language, "\n".join([*lines, f"    all of it: {self.log(result.language)}"]))


def missing(language: Language) -> list[str]:
    return [need.what for need in language.needs if not _there(need.probe)]


def _there(probe: str) -> bool:
    try:
        tried = subprocess.run(shlex.split(probe), capture_output=True, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return tried.returncode == 0


def _clean(build: Path) -> None:
    """What an earlier run has made must not hide that this one did not make it."""
    build.mkdir(exist_ok=True)
    for each in build.iterdir():
        if each.is_dir() and each.name != KEPT:
            shutil.rmtree(each)
        elif each.is_file():
            each.unlink()
