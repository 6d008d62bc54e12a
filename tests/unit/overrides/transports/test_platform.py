"""What is chosen on a platform that lacks something."""

from __future__ import annotations

import importlib.util
import socket
import sys
from pathlib import Path
from types import ModuleType

import pytest

from vision_ai._transports import platform
from vision_ai._transports.direct import address
from vision_ai._transports.direct.address import Address


def load_module() -> ModuleType:
    """Load `platform` once more, as a program does that starts now."""
    spec = importlib.util.spec_from_file_location("vision_ai._transports.loaded_again", platform.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("system", "constants", "flag", "option"),
    [
        ("linux", {"MSG_NOSIGNAL": 0x4000}, 0x4000, None),
        ("darwin", {}, 0, 0x1022),  # builds of Python for macOS without MSG_NOSIGNAL
        ("darwin", {"MSG_NOSIGNAL": 0x80000}, 0x80000, 0x1022),
        ("freebsd14", {"MSG_NOSIGNAL": 0x20000, "SO_NOSIGPIPE": 0x800}, 0x20000, 0x800),
        ("win32", {}, 0, None),
    ],
)
def test_a_broken_connection_raises_no_signal(
    system: str,
    constants: dict[str, int],
    flag: int,
    option: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("MSG_NOSIGNAL", "SO_NOSIGPIPE"):
        monkeypatch.delattr(socket, name, raising=False)
    for name, value in constants.items():
        monkeypatch.setattr(socket, name, value, raising=False)
    monkeypatch.setattr(sys, "platform", system)
    module = load_module()
    assert (flag, option) == (module.MSG_NOSIGNAL, module.NO_SIGPIPE)


@pytest.mark.parametrize("kind", ["TCP", "TCP over IPv6", "Unix"])
def test_each_socket_has_the_option_that_replaces_the_flag(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = {
        "TCP": Address("http://127.0.0.1:9"),
        "TCP over IPv6": Address("http://[::1]:9"),
        "Unix": Address("http://localhost", unix_socket=str(tmp_path / "socket")),
    }[kind]
    assert target.targets is not None
    monkeypatch.setattr(address, "NO_SIGPIPE", socket.SO_KEEPALIVE)  # an option that every system has
    with target.open_socket(target.targets[0][0]) as opened:
        assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_a_file_is_read_at_a_position_without_pread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    monkeypatch.delattr("os.pread", raising=False)
    with (tmp_path / "file").open("rb", buffering=0) as file:
        file.seek(7)
        assert platform.pread(file.fileno(), 3, 2) == b"234"
        assert file.tell() == 7
        assert platform.pread(file.fileno(), 3, 9) == b"9"
