"""What a run asks of a module that speaks V2, by the effect that it has."""

from __future__ import annotations

import time
from collections.abc import Collection

from vision_ai import DeviceInfo, InvalidInputError, Item, VisionAI
from vision_ai_generated.api import OPERATIONS
from vision_ai_generated.operation import Effect

from ..client import ProbeClient
from .products import CLEANUP, find_unused_number
from .reads import ROUNDS

FORM_OF_V1 = "whether V2 has this operation in the form of V1"
"""The purpose of a request that V2's contract does not have, although V2 has an operation for it."""


def check_v2(client: ProbeClient, allowed: Collection[Effect]) -> None:
    """Make all requests of a run."""
    observations = client.observations
    _read_everything(client)
    _read_in_forms_of_v1(client)
    if "set" in allowed:
        _write_settings_back(client)
    if "act" in allowed:
        _add_and_delete_templates(client, delete_product="destructive" in allowed)
        observations.left_out.append("start_backup and start_restore: their forms in V2 are not known")
    observations.left_out.extend(f"{each}: its form in V2 is not known" for each in observations.also)


def _read_everything(client: ProbeClient) -> None:
    for number in range(1, ROUNDS + 1):
        client.report_progress(f"reading, round {number} of {ROUNDS}")
        client.call(VisionAI.get_device_info)
        items = client.call(VisionAI.get_item_list) or []
        taught = next((each.id for each in items if each.id), None)
        if taught is not None:
            client.call(lambda module, id=taught: module.get_item_template_list(id=id))
        client.call(VisionAI.get_result)
        client.call(VisionAI.get_image)


def _read_in_forms_of_v1(client: ProbeClient) -> None:
    """Try operations that only read, and that V2 has under a title of which nothing else is known."""
    client.report_progress("reading what is not known of V2, in the forms of V1")
    for operation in OPERATIONS.values():
        if operation.effect == "read" and operation.title_in_v2 is not None and not operation.fields:
            for method in ("GET", "POST"):
                client.send_command(operation.path, FORM_OF_V1, method=method)


def _write_settings_back(client: ProbeClient) -> None:
    """Write the speed of the recognition back unchanged, and the time of this computer."""
    client.report_progress("writing the speed of the recognition back unchanged, and the time")
    left_out = client.observations.left_out
    left_out.append("set_calib: V2's operation that reads the calibration area is not known")
    info = client.call(VisionAI.get_device_info)
    if info is None or info.predict_speed is None:
        left_out.append("set_predict_speed: the module does not report its speed")
    else:
        _write_speed_back(client, info)
    seconds, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
    client.call(lambda module: module.set_time(sec=seconds, usec=microseconds))
    if client.last.code == 0:
        client.observations.traces.append("The module's clock was set to the time of this computer.")


def _write_speed_back(client: ProbeClient, info: DeviceInfo) -> None:
    speed = info.predict_speed
    assert speed is not None
    try:
        client.call(lambda module: module.set_predict_speed(speed=speed))
    except InvalidInputError as error:
        client.observations.left_out.append(
            f"set_predict_speed: the module's own value is not valid ({error})"
        )
        return
    after = client.call(VisionAI.get_device_info)
    if after is not None and after.predict_speed != speed:
        client.observations.traces.append(
            f"The speed of the recognition was {speed}. It was written back and is {after.predict_speed} now."
        )


def _add_and_delete_templates(client: ProbeClient, *, delete_product: bool) -> None:
    """Add templates of a product with an unused number, list them and delete them. What stays is reported."""
    observations = client.observations
    items = client.call(VisionAI.get_item_list)
    if items is None:
        observations.left_out.append(
            "add_item_template: the product list could not be read, so no number is known to be unused"
        )
        return
    id = find_unused_number(items, [])
    warning = f"Templates of the product {id} may still be on the module. Delete them."
    observations.traces.append(warning)
    added: set[str] = set()
    try:
        for _ in range(2):
            client.report_progress("adding a template")
            template = client.call(lambda module: module.add_item_template(id=id))
            if template is not None and template.sid is not None:
                added.add(template.sid)
        if not added:
            observations.left_out.append(
                f"delete_item_template: no template could be added (code {client.last.code})"
            )
        else:
            client.call(VisionAI.get_item_list)
            client.call(lambda module: module.get_item_template_list(id=id))
    finally:
        client.report_progress("deleting the templates")
        if _clean_up(client, id, added, delete_product=delete_product):
            observations.traces.remove(warning)


def _clean_up(client: ProbeClient, id: str, added: set[str], *, delete_product: bool) -> bool:
    """Delete the templates of a run. Return whether nothing is left."""
    for sid in sorted(added)[: 1 if delete_product else None]:
        client.call(lambda module, sid=sid: module.delete_item_template(id=id, sid=sid), purpose=CLEANUP)
    if delete_product and _list_product(client, id) != []:
        client.call(lambda module: module.delete_item(id=id), purpose=CLEANUP)
    return _list_product(client, id) == []


def _list_product(client: ProbeClient, id: str) -> list[Item] | None:
    """Return what the module lists of a product; None where the list could not be read."""
    items = client.call(VisionAI.get_item_list, purpose=CLEANUP)
    return None if items is None else [each for each in items if each.id == id]
