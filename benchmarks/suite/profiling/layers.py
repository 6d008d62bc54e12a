"""Group a profile by layer: the modules of this project, other libraries, and Python's own modules."""

from __future__ import annotations

import site
import sysconfig
from collections import Counter
from pathlib import Path

from .profiler import Function, Profile

TOP = 20
"""How many functions are shown."""

_LIBRARIES = sorted(
    {*site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")},
    key=len,
    reverse=True,
)
_STANDARD_LIBRARY = sysconfig.get_path("stdlib")
_PROJECT_PACKAGES = ("vision_ai", "vision_ai_generated", "contenders", "suite")


def layer_of(function: Function) -> str:
    """Return a module of this project, another library's package, or a module of Python."""
    file = function[0]
    if file.startswith(("<", "~")):
        return file.strip("<>~").split(" ")[0] or "built in"
    parts = Path(file).with_suffix("").parts
    for package in _PROJECT_PACKAGES:
        if package in parts:
            return ".".join(parts[parts.index(package) :]).removesuffix(".__init__")
    for folder in _LIBRARIES:
        if file.startswith(folder):
            return Path(file).relative_to(folder).parts[0].removesuffix(".py")
    if file.startswith(_STANDARD_LIBRARY):
        return Path(file).relative_to(_STANDARD_LIBRARY).parts[0].removesuffix(".py")
    return Path(file).stem


def group_by_layer(counts: Counter[Function]) -> Counter[str]:
    layers: Counter[str] = Counter()
    for function, count in counts.items():
        layers[layer_of(function)] += count
    return layers


def render_profile(title: str, profile: Profile) -> str:
    counted = profile.counted
    summary = (
        f"{title}: {profile.seconds * 1e6:.1f} µs per call, "
        f"{profile.bytecodes.total() / counted:.0f} bytecodes, "
        f"{profile.python_calls.total() / counted:.0f} Python calls, "
        f"{profile.c_calls.total() / counted:.0f} C calls"
    )
    c_functions = [f"{'C function':60} {'calls':>6}"]
    c_functions += [
        f"{function:60} {count / counted:6.1f}" for function, count in profile.c_functions.most_common(TOP)
    ]
    sections = [[summary], _layer_lines(profile), _function_lines(profile), c_functions]
    return "\n\n".join("\n".join(lines) for lines in sections)


def _layer_lines(profile: Profile) -> list[str]:
    counted, total = profile.counted, profile.samples.total() or 1
    samples, bytecodes = group_by_layer(profile.samples), group_by_layer(profile.bytecodes)
    python_calls, c_calls = group_by_layer(profile.python_calls), group_by_layer(profile.c_calls)
    lines = [f"{'layer':44} {'µs':>7} {'share':>6} {'bytecodes':>10} {'Python':>7} {'C calls':>8}"]
    for layer in sorted(samples | bytecodes, key=lambda layer: (-samples[layer], -bytecodes[layer])):
        share = samples[layer] / total
        lines.append(
            f"{layer:44} {share * profile.seconds * 1e6:7.1f} {share:6.1%} "
            f"{bytecodes[layer] / counted:10.1f} {python_calls[layer] / counted:7.1f} "
            f"{c_calls[layer] / counted:8.1f}"
        )
    return lines


def _function_lines(profile: Profile) -> list[str]:
    counted, total = profile.counted, profile.samples.total() or 1
    lines = [f"{'function':60} {'µs':>7} {'share':>6} {'bytecodes':>10} {'calls':>6}"]
    for function, count in profile.samples.most_common(TOP):
        share = count / total
        lines.append(
            f"{f'{layer_of(function)}:{function[1]} {function[2]}':60} "
            f"{share * profile.seconds * 1e6:7.1f} {share:6.1%} "
            f"{profile.bytecodes[function] / counted:10.1f} {profile.python_calls[function] / counted:6.1f}"
        )
    return lines
