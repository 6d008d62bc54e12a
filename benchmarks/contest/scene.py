"""A running server, room for files, and what the contenders need that is not installed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import generator
from .machine import cores
from .material import Material, make_material
from .registry import Contender
from .server import CannotRunError, Server, build, serving

MEMORY = Path("/dev/shm")
FILES = 3
"""That are there at once, at most: what is sent, what is received, and some room."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Scene:
    server: Server
    material: Material
    disk: Path
    memory: Path | None
    """None where there is no room for files in memory."""
    missing: dict[str, str]
    """Contenders of which it is known already that they cannot take part, and why."""


@contextmanager
def opened_scene(contenders: Sequence[Contender], disk: Path, size: int, tell: Tell) -> Iterator[Scene]:
    """The backup has that size in bytes; files are written below `disk`.

    Raises CannotRunError where there is no C compiler, no such folder, or no room in it.
    """
    if not _has_room(disk, size):
        files = f"{FILES} files of {size:,} bytes"
        raise CannotRunError(f"{disk} is no folder to write in, or has no room for {files}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=disk)))
        memory = None
        if _has_room(MEMORY, size):
            memory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=MEMORY)))
        program = build(folder)
        material = make_material(memory or folder, backup_size=size)
        server = stack.enter_context(serving(program, material, cores().server))
        yield Scene(server, material, folder, memory, _generated(contenders, folder, tell))


def _has_room(folder: Path, size: int) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > FILES * size


def _generated(contenders: Sequence[Contender], folder: Path, tell: Tell) -> dict[str, str]:
    names = [each.name for each in contenders if each.generated]
    if not names:
        return {}
    tell("generating openapi-generator's client")
    why = generator.generate_client(folder)
    return dict.fromkeys(names, why) if why else {}
