"""The parts of `make release`: each finds what it is there to find."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "packaging"))

from checksums import write_checksums  # noqa: E402
from release.api import check_api, may_break  # noqa: E402
from release.artifacts import check_sdist, check_wheel  # noqa: E402
from release.changelog import cut_section  # noqa: E402
from release.source import ReleaseError, read_source  # noqa: E402

FILES = ["Makefile", ".ci/run", "tools/vision_ai_tools/__init__.py", "openapi/dist/vision-ai.json"]
GENERATED = "generated/vision_ai_generated"
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[str, str], None]:
    """Commit an API, a version and a tag."""
    package = tmp_path / "overrides" / "vision_ai"
    package.mkdir(parents=True)
    for other in ("emulator/vision_ai_emulator", "tools/vision_ai_pytest", GENERATED):
        (tmp_path / other).mkdir(parents=True)
        (tmp_path / other / "__init__.py").touch()
    (tmp_path / GENERATED / "operations.py").write_text("def get_image(): ...\n")
    (tmp_path / GENERATED / "api.py").write_text("PATH = '/api/get_image'\n")

    def run(*arguments: str) -> None:
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True, capture_output=True)

    run("init", "--initial-branch=main")

    def commit(code: str, version: str) -> None:
        (package / "__init__.py").write_text(code)
        (package / "_version.py").write_text(f'__version__ = "{version}"\n')
        run("add", "--all")
        run("commit", "--message", version)
        run("tag", f"v{version}")

    return commit


def test_a_tree_with_changes_is_refused(repository: Callable[[str, str], None], tmp_path: Path) -> None:
    repository("", "1.0.0")
    assert read_source(tmp_path).version == "1.0.0"
    (tmp_path / "stray.txt").touch()
    with pytest.raises(ReleaseError, match=r"stray\.txt"):
        read_source(tmp_path)


def test_the_first_release_has_nothing_to_compare_with(
    repository: Callable[[str, str], None], tmp_path: Path
) -> None:
    repository("", "1.0.0")
    assert "first release" in check_api(read_source(tmp_path))


@pytest.mark.parametrize(
    ("version", "code", "is_refused"),
    [
        ("1.1.0", "def open(url, timeout=1): ...", False),
        ("1.1.0", "def open(address): ...", True),
        ("2.0.0", "def open(address): ...", False),
        ("1.1.0", "", True),
    ],
)
def test_a_change_that_breaks_programs_needs_a_major_version(
    repository: Callable[[str, str], None], tmp_path: Path, version: str, code: str, is_refused: bool
) -> None:
    repository("def open(url): ...", "1.0.0")
    repository(code, version)
    if is_refused:
        with pytest.raises(ReleaseError, match="major version"):
            check_api(read_source(tmp_path))
    else:
        assert "since v1.0.0" in check_api(read_source(tmp_path))


def test_what_the_clients_inherit_is_promised_and_the_inside_is_not(
    repository: Callable[[str, str], None], tmp_path: Path
) -> None:
    repository("", "1.0.0")
    (tmp_path / GENERATED / "api.py").write_text("")
    repository("", "1.1.0")
    assert check_api(read_source(tmp_path)).startswith("0 breaking changes")
    (tmp_path / GENERATED / "operations.py").write_text("")
    repository("", "1.2.0")
    with pytest.raises(ReleaseError, match="get_image"):
        check_api(read_source(tmp_path))


def test_a_version_is_released_once(repository: Callable[[str, str], None], tmp_path: Path) -> None:
    repository("", "1.0.0")
    (tmp_path / "more.txt").touch()
    for command in (["add", "--all"], ["commit", "--message", "More"]):
        subprocess.run([*GIT, *command], cwd=tmp_path, check=True, capture_output=True)
    with pytest.raises(ReleaseError, match=r"1\.0\.0 is the version of an earlier commit"):
        check_api(read_source(tmp_path))


def test_versions_that_may_break() -> None:
    assert [may_break("1.2.0", each) for each in ("1.3.0", "2.0.0")] == [False, True]
    assert [may_break("0.1.0", each) for each in ("0.1.1", "0.2.0", "1.0.0")] == [False, True, True]


def make_sdist(path: Path, names: list[str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(f"x-1/{name}"), io.BytesIO())
    return path


def make_wheel(path: Path, names: list[str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return path


def test_an_sdist_has_all_that_is_committed(tmp_path: Path) -> None:
    good = [*(name for name in FILES if name != ".ci/run"), "PKG-INFO"]
    check_sdist(make_sdist(tmp_path / "good.tar.gz", good), FILES)
    with pytest.raises(ReleaseError, match="lacks 1 files: Makefile"):
        check_sdist(make_sdist(tmp_path / "less.tar.gz", good[1:]), FILES)
    with pytest.raises(ReleaseError, match=r"secret\.pem"):
        check_sdist(make_sdist(tmp_path / "more.tar.gz", [*good, "secret.pem"]), FILES)


def test_a_wheel_has_the_packages_and_nothing_else(tmp_path: Path) -> None:
    contracts = [f"vision_ai_tools/conformance/contract{each}.json" for each in ("", "-v2")]
    good = ["vision_ai_tools/__init__.py", *contracts, "x-1.dist-info/METADATA"]
    check_wheel(make_wheel(tmp_path / "good.whl", good), FILES)
    with pytest.raises(ReleaseError, match="__init__"):
        check_wheel(make_wheel(tmp_path / "less.whl", good[1:]), FILES)
    with pytest.raises(ReleaseError, match="tests/conftest"):
        check_wheel(make_wheel(tmp_path / "more.whl", [*good, "tests/conftest.py"]), FILES)


CHANGES = (
    "# Changelog\n\n## Unreleased\n\n## 1.1.0 – 2027-01-02\n\n- New.\n\n## 1.0.0 – 2026-11-28\n\n- First.\n"
)


def test_the_section_of_a_version_is_cut() -> None:
    assert cut_section(CHANGES, "1.1.0") == "- New.\n"
    assert cut_section(CHANGES, "1.0.0") == "- First.\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CHANGES.replace("1.1.0 – 2027-01-02", "1.1.0"), "needs a section"),
        (CHANGES.replace("- New.\n", ""), "needs a section"),
        (CHANGES.replace("1.1.0", "1.1.1"), "needs a section"),
        (CHANGES.replace("## Unreleased\n", "## Unreleased\n\n- Later.\n"), "under Unreleased"),
    ],
)
def test_a_section_that_is_not_ready_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ReleaseError, match=reason):
        cut_section(text, "1.1.0")


def test_checksums_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"a")
    write_checksums(tmp_path)
    (tmp_path / "b.deb").write_bytes(b"b")
    write_checksums(tmp_path)
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    checked = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert checked.stdout.splitlines() == ["a.whl: OK", "b.deb: OK"]
    (tmp_path / "a.whl").write_bytes(b"c")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1
