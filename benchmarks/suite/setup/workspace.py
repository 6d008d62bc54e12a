"""What all workloads of a run share: the server, the folders for files, and the generated clients."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..registry import ROOT, Contender, Generator, Workload
from .errors import CannotRunError
from .fixture_data import FixtureData, create_fixture_data
from .generated_clients import NotGeneratedError, generate_client
from .machine import assign_cores
from .server import Server, compile_server, run_server

BENCHMARKS = ROOT / "benchmarks"
BUILD = BENCHMARKS / "build"
SHARED_MEMORY = Path("/dev/shm")
FILES = 3
"""Files that exist at once, at most: the backup, one copy of it, and a reserve."""

ShowProgress = Callable[[str], None]


@dataclass(frozen=True)
class Workspace:
    server: Server
    data: FixtureData
    disk: Path
    memory: Path | None
    """None where the files do not fit into memory."""
    client_folders: dict[Generator, Path]
    generator_errors: dict[Generator, str]
    extra_folders: tuple[Path, ...] = ()
    """Folders with modules of further contenders."""

    def unavailable(self, contender: Contender) -> str | None:
        """Return why a contender cannot take part, if that is known before it starts."""
        return self.generator_errors.get(contender.generator) if contender.generator else None

    def download_folder(self, workload: Workload) -> Path:
        folder = self.memory if workload.in_memory else self.disk
        assert folder is not None
        return folder

    def environment(self, contender: Contender) -> dict[str, str]:
        """Return the environment of the contender's process."""
        folders = [BENCHMARKS, *contender.import_folders(), *self.extra_folders]
        if contender.generator:
            folders.append(self.client_folders[contender.generator])
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        # Every process imports compiled modules, as it would after an installation.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(BUILD / "bytecode")
        environment["PYTHONPATH"] = os.pathsep.join(map(str, folders))
        return environment


@contextmanager
def open_workspace(
    contenders: Sequence[Contender], disk: Path, backup_size: int, show_progress: ShowProgress
) -> Iterator[Workspace]:
    """Start the server, with a backup of that many bytes; files are written below `disk`.

    Raises CannotRunError where there is no C compiler, no such folder, or not enough space in it.
    """
    if not _has_space(disk, backup_size):
        raise CannotRunError(
            f"{disk} is not a writable folder with space for {FILES} files of {backup_size:,} bytes"
        )
    with ExitStack() as stack:
        folder = stack.enter_context(_temporary_folder(disk))
        memory = None
        if _has_space(SHARED_MEMORY, backup_size):
            memory = stack.enter_context(_temporary_folder(SHARED_MEMORY))
        program = compile_server(folder)
        data = create_fixture_data(memory or folder, backup_size=backup_size)
        server = stack.enter_context(run_server(program, data, assign_cores().server))
        folders, errors = _generate_clients(contenders, show_progress)
        yield Workspace(server, data, folder, memory, folders, errors)


@contextmanager
def _temporary_folder(parent: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as name:
        yield Path(name)


def _has_space(folder: Path, size: int) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > FILES * size


def _generate_clients(
    contenders: Sequence[Contender], show_progress: ShowProgress
) -> tuple[dict[Generator, Path], dict[Generator, str]]:
    folders: dict[Generator, Path] = {}
    errors: dict[Generator, str] = {}
    generators: dict[Generator, None] = dict.fromkeys(each.generator for each in contenders if each.generator)
    for generator in generators:
        show_progress(f"generating the client of {generator}")
        try:
            folders[generator] = generate_client(generator, BUILD)
        except NotGeneratedError as error:
            errors[generator] = str(error)
    return folders, errors
