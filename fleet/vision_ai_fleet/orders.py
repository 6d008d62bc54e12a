"""Check an order and choose its scales, before anything is sent."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from vision_ai import InvalidInputError
from vision_ai_generated.api import SET_CALIB

from .errors import NotFoundError
from .file_store import get_source
from .jobs import JobKind, get_job_kind
from .names import CHAIN, ScaleId, get_backups_stream
from .objects import Manifest
from .rollout import RolloutSpec, check_spec
from .scales import Scale
from .selection import parse_conditions

OWN = "own"
"""The file of a restore that gives each scale its own newest backup back."""
SHORTEST_EXPIRY, LONGEST_EXPIRY = 10.0, 60 * 86400.0


def prepare_order(spec: RolloutSpec, scales: Sequence[Scale], by: str) -> tuple[RolloutSpec, list[ScaleId]]:
    """Check an order, fill in what it leaves open, and choose its scales.

    Args:
        spec: The order.
        scales: Those of its scope.
        by: Who gives it.

    Returns:
        The order, and its scales in the order in which they are given the job.

    Raises:
        InvalidInputError: it cannot be carried out.
        NotFoundError: a scale of `targets` does not exist.
    """
    kind = get_job_kind(spec.kind)
    arguments = check_arguments(kind.name, spec.arguments)
    if not SHORTEST_EXPIRY <= spec.expires_after <= LONGEST_EXPIRY:
        raise InvalidInputError("expires_after must be 10 seconds to 60 days")
    spec = replace(
        spec,
        id=spec.id or make_id(kind),
        kind=kind.name,
        arguments=arguments,
        created=spec.created or time.time(),
        by=spec.by or by,
    )
    check_spec(spec)
    chosen = _choose(spec, scales)
    excluded = {ScaleId.parse(text) for text in spec.canary_excludes}
    if kind.name == "restore" and arguments["file"] != OWN:
        excluded |= _find_sources(Manifest.from_dict(arguments["file"]), spec, chosen)
    targets = order_targets(chosen, spec.order, excluded)
    return replace(spec, canary_excludes=tuple(str(scale) for scale in sorted(excluded))), targets


def check_arguments(kind_name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a job, checked.

    Raises:
        InvalidInputError: one is missing, unknown, or has a value that is not possible.
    """
    kind = get_job_kind(kind_name)
    given = {name.replace("-", "_"): value for name, value in arguments.items()}
    if kind.name == "conformance":
        given.setdefault("effects", "read")
    if unknown := [name for name in given if name not in kind.arguments]:
        if not kind.arguments:
            raise InvalidInputError(f"{kind.name} has no argument {unknown[0]!r}; it has none")
        known = ", ".join(kind.arguments)
        raise InvalidInputError(f"{kind.name} has no argument {unknown[0]!r}; it has {known}")
    if missing := [name for name in kind.arguments if given.get(name) is None]:
        raise InvalidInputError(f"{kind.name} needs {', '.join(missing)}")
    if "mode" in given:
        _check_learn_mode(given["mode"])
    if kind.name == "set_calibration":
        check_calibration(given)
    if kind.name == "conformance" and given["effects"] != "read":
        raise InvalidInputError("a fleet's conformance check only reads: effects must be 'read'")
    if "file" in given and not (kind.name == "restore" and given["file"] == OWN):
        given["file"] = Manifest.from_dict(given["file"]).to_dict()
    return given


def check_desired(desired: Mapping[str, Any]) -> dict[str, Any]:
    """Return a desired state, checked.

    Raises:
        InvalidInputError: a name or a value is not possible.
    """
    known = ("learn_mode", "calibration", "enforce")
    if unknown := [name for name in desired if name not in known]:
        raise InvalidInputError(f"a desired state has no {unknown[0]!r}; it has {', '.join(known)}")
    value = {name: desired[name] for name in known if desired.get(name) is not None}
    if "learn_mode" in value:
        _check_learn_mode(value["learn_mode"])
    if "calibration" in value:
        area: object = value["calibration"]
        if not isinstance(area, Mapping):
            raise InvalidInputError("calibration must have left, top, width and height")
        value["calibration"] = check_calibration(area)  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value.get("enforce", False), bool):
        raise InvalidInputError("enforce must be true or false")
    return value


def check_calibration(area: Mapping[str, Any]) -> dict[str, Any]:
    """Return a calibration area that the contract allows.

    Raises:
        InvalidInputError: a number is missing or out of its range.
    """
    values: dict[str, Any] = {}
    for field in SET_CALIB.fields:
        name, value = field.python_name, area.get(field.python_name)
        low, high = field.minimum, field.maximum
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidInputError(f"calibration needs the whole number {name}, in pixels")
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidInputError(f"{name} must be {low:g} to {high:g}, not {value:g}")
        values[name] = value
    for limit in SET_CALIB.sums:
        if sum(values[name] for name in limit.fields) > limit.maximum:
            raise InvalidInputError(f"{' + '.join(limit.fields)} must be {limit.maximum:g} at the most")
    return values


def order_targets(scales: Iterable[Scale], order: str, excluded: set[ScaleId]) -> list[ScaleId]:
    """Return scales in the order in which they are given a job.

    The first one, the canary, is connected where one is, and none of the excluded ones.

    Raises:
        InvalidInputError: all are excluded.
    """
    stores: dict[str, list[Scale]] = {}
    for scale in sorted(scales, key=lambda each: each.id):
        stores.setdefault(scale.id.store, []).append(scale)
    rows: Iterable[Iterable[Scale | None]] = zip_longest(*stores.values())
    if order == "store":
        rows = stores.values()
    ordered = [scale for row in rows for scale in row if scale is not None]
    candidates = [scale for scale in ordered if scale.id not in excluded]
    if not candidates:
        raise InvalidInputError(
            "the only scale that was selected is the one that the data set comes from: select another one, "
            "or name this one alone (`--scales`) to restore its own backup"
            if len(ordered) == 1
            else "all scales that were selected are excluded from being the first"
        )
    canary = next((scale for scale in candidates if scale.is_online), candidates[0])
    ordered.remove(canary)
    return [canary.id, *(scale.id for scale in ordered)]


def make_id(kind: JobKind) -> str:
    """Return a new rollout's name, such as `backup-1128-a3f9`."""
    return f"{kind.name.replace('_', '-')}-{time.strftime('%m%d')}-{secrets.token_hex(3)}"


def _choose(spec: RolloutSpec, scales: Sequence[Scale]) -> list[Scale]:
    holds = parse_conditions(spec.where)
    chosen: Iterable[Scale] = scales
    if spec.targets is not None:
        known = {scale.id: scale for scale in scales}
        wanted = dict.fromkeys(map(ScaleId.parse, spec.targets))
        if unknown := [str(scale) for scale in wanted if scale not in known]:
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            where = "" if spec.scope == CHAIN else f" in the store {spec.scope}"
            raise NotFoundError(
                f"there is no scale {', '.join(unknown[:5])}{more}{where}", "See: vision-ai fleet list"
            )
        chosen = [known[scale] for scale in wanted]
    selected = [scale for scale in chosen if holds(scale)]
    if not selected:
        conditions = " and ".join(spec.where) or "no condition"
        raise InvalidInputError(f"no scale was selected ({conditions}); see: vision-ai fleet list")
    return selected


def _find_sources(manifest: Manifest, spec: RolloutSpec, chosen: Sequence[Scale]) -> set[ScaleId]:
    """Return the scales that a data set may come from. A scale that is named alone gets its own backup back."""
    source = get_source(manifest)
    if source is None:
        serial_number = manifest.serial_number
        return {scale.id for scale in chosen if serial_number and scale.serial_number == serial_number}
    for scale in chosen:
        if scale.id.store != source.store or manifest.stream != get_backups_stream(source.store):
            raise InvalidInputError(
                f"the scale {scale.id} may not read a backup of the scale {source}: "
                "download it (`vision-ai fleet backups get`) and upload it as a data set"
            )
    is_own = spec.targets is not None and [scale.id for scale in chosen] == [source]
    return set() if is_own else {source}


def _check_learn_mode(value: object) -> None:
    if isinstance(value, bool) or value not in (0, 1):
        raise InvalidInputError(f"learn_mode must be 0 or 1, not {value!r}")
