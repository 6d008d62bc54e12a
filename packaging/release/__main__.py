"""Make everything of a release in dist/."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from checksums import write_checksums

from .api import check_api
from .artifacts import build_artifacts
from .changelog import cut_section
from .sbom import write_sbom
from .source import ReleaseError, read_source

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"


def make_release(root: Path, dist: Path) -> None:
    """Make the release, or raise a ReleaseError with what to do. An earlier one in `dist` is replaced."""
    source = read_source(root)
    print(f"vision-ai-module {source.version}, commit {source.commit[:12]}", flush=True)
    section = cut_section((root / "CHANGELOG.md").read_text(encoding="utf-8"), source.version)
    print(f"  public names: {check_api(source)}", flush=True)
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir()
    _, wheel = build_artifacts(source, dist)
    print("  sdist and wheel: two builds are equal, and they contain what is committed", flush=True)
    (dist / f"CHANGELOG-{source.version}.md").write_text(section, encoding="utf-8")
    sbom = dist / f"{wheel.name.partition('-py3')[0]}.cdx.json"
    write_sbom(source, wheel, sbom)
    write_checksums(dist)
    print("\n".join(f"  dist/{each.name}" for each in sorted(dist.iterdir())))


def main() -> int:
    try:
        make_release(ROOT, DIST)
    except ReleaseError as error:
        print(f"make release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
