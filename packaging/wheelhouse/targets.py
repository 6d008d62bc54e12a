"""The platforms for which wheels can be bundled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NEWEST_GLIBC = 28
"""The minor version of the glibc 2.x that the wheels may need: that of Debian 10 and Red Hat Enterprise Linux 8."""
LEGACY_TAGS = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
"""Minor version of glibc → the older name of the tag."""


@dataclass(frozen=True)
class Target:
    """A platform, as the markers of requirements and the tags of wheels describe it."""

    machine: str
    tags: tuple[str, ...]
    system: str = "Linux"
    without: tuple[str, ...] = ()
    """Extras that are not bundled unless they are asked for, because something in them has no wheel."""

    def make_markers(self, python_version: str) -> dict[str, str]:
        """Return the values of all environment markers, for CPython of this version (such as 3.13)."""
        is_windows = self.system == "Windows"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{python_version}.0",
            "os_name": "nt" if is_windows else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": self.system,
            "platform_version": "",
            "python_full_version": f"{python_version}.0",
            "python_version": python_version,
            "sys_platform": "win32" if is_windows else "linux",
        }


def list_glibc_tags(machine: str) -> tuple[str, ...]:
    """Return the tags of the wheels that run with glibc, the newest first, as pip prefers them."""
    tags: list[str] = []
    for minor in range(NEWEST_GLIBC, 4, -1):
        tags.append(f"manylinux_2_{minor}_{machine}")
        if minor in LEGACY_TAGS:
            tags.append(f"{LEGACY_TAGS[minor]}_{machine}")
    return (*tags, f"linux_{machine}")


TARGETS: Mapping[str, Target] = {
    "win_amd64": Target("AMD64", ("win_amd64",), "Windows"),
    "win_arm64": Target("ARM64", ("win_arm64",), "Windows"),
    "win32": Target("x86", ("win32",), "Windows"),
    "linux_x86_64": Target("x86_64", list_glibc_tags("x86_64")),
    "linux_aarch64": Target("aarch64", list_glibc_tags("aarch64")),
    # The emulator needs Pillow, which has no wheel for this platform.
    "linux_armv7l": Target("armv7l", list_glibc_tags("armv7l"), without=("emulator",)),
}
"""The name, as in the tags of wheels → the platform."""
