"""Generate, compile and run the clients of all languages."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

from polyglot.commands import CommandError, Shell
from polyglot.emulator_process import EmulatorError, read_responses, run_emulator
from polyglot.languages import Language
from polyglot.steps import STEPS, Api, Step

BUILD_TIMEOUT = 900.0
SCENARIO_TIMEOUT = 120.0

GENERATE, COMPILE = "generate", "compile"


def name_stage(api: Api, step: Step) -> str:
    return f"{api.upper()} {step.name}"


def list_stages(apis: Iterable[Api]) -> tuple[str, ...]:
    return (GENERATE, COMPILE, *(name_stage(api, step) for api in apis for step in STEPS[api]))


STAGES = list_stages(STEPS)

CARGO_FOLDER = "target"
"""Not deleted: Cargo detects what is out of date, and the libraries take half a minute to compile."""

# A proxy cannot reach a module on USB. This one does not exist, so a client that uses it fails.
DEAD_PROXY = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
NO_EXCEPTIONS = {"no_proxy": "", "NO_PROXY": ""}


@define
class Result:
    """The result of a language. It did not run if both `done` and `failed` are empty."""

    language: Language
    missing: list[str] = field(factory=list)
    done: list[str] = field(factory=list)
    failed: list[str] = field(factory=list)
    seconds: float = 0.0

    @property
    def stages(self) -> tuple[str, ...]:
        return list_stages(self.language.scenarios)

    @property
    def complete(self) -> bool:
        return not self.missing and not self.failed


@frozen
class Runner:
    """Runs the languages. `report` gets a message for each step."""

    reports: Path
    report: Callable[[Language, str], None]
    build_timeout: float = BUILD_TIMEOUT
    scenario_timeout: float = SCENARIO_TIMEOUT

    async def run_all(self, languages: Sequence[Language], jobs: int) -> list[Result]:
        self.reports.mkdir(parents=True, exist_ok=True)
        semaphore = asyncio.Semaphore(jobs)

        async def run_limited(language: Language) -> Result:
            async with semaphore:
                return await self.run(language)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run_limited(language)) for language in languages]
        return [task.result() for task in tasks]

    async def run(self, language: Language) -> Result:
        result = Result(language, missing=find_missing(language))
        if result.missing:
            self.report(language, f"missing: {', '.join(result.missing)}")
            return result
        self.report(language, language.generator_and_version)
        begin = time.monotonic()
        self.log(language).unlink(missing_ok=True)
        _clean(language.folder / "build")
        is_built = await self._build(result, GENERATE, language.generate)
        is_built = is_built and await self._build(result, COMPILE, language.compile)
        for api, command in language.scenarios.items() if is_built else ():
            try:
                await self._scenario(result, api, command)
            except EmulatorError as error:
                self._add_failure(result, name_stage(api, STEPS[api][0]), CommandError(str(error)))
        result.seconds = time.monotonic() - begin
        return result

    async def _build(self, result: Result, stage: str, commands: Sequence[str]) -> bool:
        shell = self._shell(result.language, self.build_timeout, dict(os.environ))
        begin = time.monotonic()
        try:
            for command in commands:
                await shell.run(command)
        except CommandError as error:
            self._add_failure(result, stage, error)
            return False
        self._add_done(result, stage, f"{time.monotonic() - begin:.0f} s")
        return True

    async def _scenario(self, result: Result, api: Api, command: str) -> None:
        language = result.language
        shell = self._shell(language, self.scenario_timeout, {**os.environ, **DEAD_PROXY, **NO_EXCEPTIONS})
        failure: CommandError | None = None
        async with run_emulator(api) as url:
            try:
                output = await shell.run(command.replace("URL", url))
            except CommandError as error:
                # The output shows the steps before the failure.
                failure, output = error, error.output
            responses = await read_responses(url)
        for step in STEPS[api]:
            problem = step.find_problem(output, responses)
            if problem or (failure and step is STEPS[api][-1]):
                self._add_failure(result, name_stage(api, step), failure or CommandError(problem, output))
                return
            self._add_done(result, name_stage(api, step), step.find_result(output))

    def _shell(self, language: Language, timeout: float, environment: Mapping[str, str]) -> Shell:
        return Shell(language.folder, self.log(language), timeout, environment)

    def log(self, language: Language) -> Path:
        return self.reports / f"{language.name}.log"

    def _add_done(self, result: Result, stage: str, text: str) -> None:
        result.done.append(stage)
        self.report(result.language, f"✓ {stage}: {text}")

    def _add_failure(self, result: Result, stage: str, error: CommandError) -> None:
        result.failed.append(stage)
        lines = [f"✗ {stage}: {error}", *(f"    {line}" for line in error.last_lines)]
        self.report(result.language, "\n".join([*lines, f"    complete log: {self.log(result.language)}"]))


def find_missing(language: Language) -> list[str]:
    """Return the names of the requirements that are not installed."""
    return [each.name for each in language.requirements if not _is_installed(each.probe)]


def _is_installed(probe: str) -> bool:
    try:
        process = subprocess.run(shlex.split(probe), capture_output=True, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return process.returncode == 0


def _clean(build: Path) -> None:
    """Delete the files of earlier runs, which could hide that this run did not create them."""
    build.mkdir(exist_ok=True)
    for each in build.iterdir():
        if each.is_dir() and each.name != CARGO_FOLDER:
            shutil.rmtree(each)
        elif each.is_file():
            each.unlink()
