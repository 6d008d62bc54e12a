"""The endpoints of the control interface; CONTROL.md describes them for users."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, get_type_hints

from attrs import asdict, evolve

from vision_ai_emulator.control.page_files import load_file
from vision_ai_emulator.control.request import ControlError, ControlRequest
from vision_ai_emulator.device.api_versions import API_TRAITS
from vision_ai_emulator.device.clock import ManualClock
from vision_ai_emulator.device.error_codes import DeviceError
from vision_ai_emulator.device.jobs import PACES
from vision_ai_emulator.device.operations import OPERATIONS
from vision_ai_emulator.device.settings import SettingsChanges
from vision_ai_emulator.faults.fault import Fault
from vision_ai_emulator.faults.kinds import KINDS
from vision_ai_emulator.http.dialect import DESCRIPTIONS, LENIENT, SWITCHES, Dialect, get_values
from vision_ai_emulator.http.response import Response, make_response
from vision_ai_emulator.http.v1_endpoints import make_backup_result, make_restore_result
from vision_ai_emulator.shared.json_values import Json
from vision_ai_emulator.shared.options import parse_json

_SETTINGS = get_type_hints(SettingsChanges)
_FAULT = get_type_hints(Fault)

Endpoint: TypeAlias = Callable[[ControlRequest], Json | Response]


def _get_page(request: ControlRequest) -> Response:
    return _load_page_file("index.html")


def _get_static(request: ControlRequest) -> Response:
    return _load_page_file(request.name)


def _load_page_file(name: str) -> Response:
    response = load_file(name)
    if response is None:
        raise ControlError(404, f"the page has no file {name!r}")
    return response


# The whole device


def _get_status(request: ControlRequest) -> Json:
    emulator = request.emulator
    backup, filename, restore = emulator.device.get_jobs()
    return {
        "acted": emulator.acted,
        "camera_lost": emulator.camera_lost,
        "clock": _get_clock(request),
        "control_url": emulator.server_info.control_url,
        "dialect": asdict(emulator.dialect),
        "faults": len(emulator.faults.pending),
        "jobs": {
            "backup": make_backup_result(backup, filename).json,
            "restore": make_restore_result(restore).json,
        },
        "pan": _get_pan(request),
        "plugged_in": emulator.plugged_in,
        "picture": emulator.camera.changes,
        "reboots": emulator.device.reboots,
        "requests": emulator.http.log.number,
        "seed": emulator.seed,
        "settings": asdict(emulator.settings),
        "state_file": emulator.server_info.state_file,
        "store": _get_store(request),
        "up": emulator.device.up,
        "url": emulator.server_info.url,
    }


def _post_reset(request: ControlRequest) -> Json:
    options = request.parse_options({"seed": int, "pan": str, "settings": dict, "dialect": dict})
    emulator = request.emulator
    emulator.reset(
        options.get("seed"),
        options.get("pan"),
        dialect=_change_dialect(emulator.dialect, options.get("dialect", {})),
        **parse_json(options.get("settings", {}), _SETTINGS, "the emulator"),
    )
    return _get_status(request)


def _post_reboot(request: ControlRequest) -> Json:
    seconds = request.parse_options({"seconds": float}).get("seconds")
    if seconds is not None and seconds < 0:
        raise ControlError(400, f"the device cannot be unreachable for {seconds} seconds: give 0 or more")
    if not request.emulator.plugged_in:
        raise ControlError(400, 'the device is unplugged: PUT /plug {"plugged_in": true} first')
    request.emulator.device.reboot(seconds)
    return _get_status(request)


def _get_plug(request: ControlRequest) -> Json:
    return {"plugged_in": request.emulator.plugged_in}


def _put_plug(request: ControlRequest) -> Json:
    if request.parse_options({"plugged_in": bool}, "plugged_in")["plugged_in"]:
        request.emulator.plug_in()
    else:
        request.emulator.unplug()
    return _get_plug(request)


def _get_state(request: ControlRequest) -> Json:
    return request.emulator.state()


def _put_state(request: ControlRequest) -> Json:
    request.emulator.load_state(request.parse_body())
    return _get_status(request)


def _save_state(request: ControlRequest) -> Json:
    file = request.emulator.server_info.state_file
    if file is None:
        raise ControlError(400, "no state file is set: start the emulator with --state FILE")
    try:
        request.emulator.save(file)
    except OSError as error:
        raise ControlError(400, f"cannot write {file}: {error.strerror}") from None
    return {"file": file}


def _get_seed(request: ControlRequest) -> Json:
    return {"seed": request.emulator.seed}


def _put_seed(request: ControlRequest) -> Json:
    request.emulator.seed = request.parse_options({"seed": int}, "seed")["seed"]
    return _get_seed(request)


def _get_settings(request: ControlRequest) -> Json:
    return asdict(request.emulator.settings)


def _put_settings(request: ControlRequest) -> Json:
    emulator = request.emulator
    emulator.change(**request.parse_options(_SETTINGS))
    return _get_settings(request)


def _get_pace(request: ControlRequest) -> Json:
    return {"pace": request.emulator.settings.pace, "paces": PACES}


def _put_pace(request: ControlRequest) -> Json:
    request.emulator.change(pace=request.parse_options({"pace": _SETTINGS["pace"]}, "pace")["pace"])
    return _get_pace(request)


def _get_upgrade_file(request: ControlRequest) -> Response:
    file = request.emulator.make_upgrade_file()
    response = make_response(file.content, "application/octet-stream", streamed=True)
    return response.with_header("Content-Disposition", f'attachment; filename="{file.name}"')


# Camera and catalog


def _get_picture(request: ControlRequest) -> Response:
    camera = request.emulator.camera
    changes = camera.changes
    response = make_response(camera.take_picture(), "image/jpeg")
    return response.with_header("Cache-Control", "no-store").with_header("ETag", f'"{changes}"')


def _get_guesses(request: ControlRequest) -> Json:
    guesses = request.emulator.device.preview_result()
    names = request.emulator.device.get_catalog().names
    return {
        "items": [{"id": id, "name": names.get(id, ""), "score": score} for id, score in guesses or ()],
        "seen": guesses is not None,
    }


def _get_catalog(request: ControlRequest) -> Json:
    catalog = request.emulator.device.get_catalog()
    return {
        "products": [
            {"id": id, "name": name, "templates": catalog.templates[id]} for id, name in catalog.names.items()
        ],
        "cache": [{"id": each.id, "image_id": each.image_id, "name": each.name} for each in catalog.cache],
        "calibration": asdict(catalog.calibration),
        "learn_mode": catalog.learn_mode,
    }


def _post_catalog(request: ControlRequest) -> Json:
    has_names = API_TRAITS[request.emulator.settings.api].names_products
    product = request.parse_options({"id": str, "name": str}, *(("id", "name") if has_names else ("id",)))
    if not all(product.values()):
        raise ControlError(400, "'id' and 'name' must not be empty")
    try:
        request.emulator.device.teach(product["id"], product.get("name"))
    except DeviceError:
        raise ControlError(400, "the recognition area is empty: put an item on the pan") from None
    return _get_catalog(request)


def _get_learn_mode(request: ControlRequest) -> Json:
    return {"mode": request.emulator.learn_mode}


def _put_learn_mode(request: ControlRequest) -> Json:
    request.emulator.learn_mode = request.parse_options({"mode": int}, "mode")["mode"]
    return _get_learn_mode(request)


def _get_pan(request: ControlRequest) -> Json:
    return {"kind": request.emulator.pan, "kinds": request.emulator.kinds}


def _put_pan(request: ControlRequest) -> Json:
    request.emulator.put(request.parse_options({"kind": str}, "kind")["kind"])
    return _get_pan(request)


def _delete_pan(request: ControlRequest) -> Json:
    request.emulator.clear()
    return _get_pan(request)


def _get_camera(request: ControlRequest) -> Json:
    return {"lost": request.emulator.camera_lost}


def _put_camera(request: ControlRequest) -> Json:
    request.emulator.camera_lost = request.parse_options({"lost": bool}, "lost")["lost"]
    return _get_camera(request)


# Clock and store


def _get_clock(request: ControlRequest) -> Json:
    clock = request.emulator.device_clock
    return {
        "device_now": request.emulator.device.date.isoformat(timespec="microseconds"),
        "mode": "frozen" if isinstance(clock.source, ManualClock) else "real",
        "now": clock.now().isoformat(timespec="microseconds"),
        "seconds": clock.seconds(),
    }


def _put_clock(request: ControlRequest) -> Json:
    mode = request.parse_options({"mode": str}, "mode")["mode"]
    if mode == "frozen":
        request.emulator.freeze()
    elif mode == "real":
        request.emulator.unfreeze()
    else:
        raise ControlError(400, f"the clock's mode is 'frozen' or 'real', not {mode!r}")
    return _get_clock(request)


def _step_clock(request: ControlRequest) -> Json:
    seconds = request.parse_options({"seconds": float}, "seconds")["seconds"]
    if not isinstance(request.emulator.clock, ManualClock):
        raise ControlError(400, 'only a frozen clock can be stepped: PUT /clock {"mode": "frozen"} first')
    request.emulator.step(seconds)
    return _get_clock(request)


def _get_store(request: ControlRequest) -> Json:
    store = request.emulator.device.store
    id, name = store or (None, None)
    return {"activated": store is not None, "id": id, "name": name}


def _put_store(request: ControlRequest) -> Json:
    store = request.parse_options({"id": str, "name": str}, "id", "name")
    request.emulator.activate(store["id"], store["name"])
    return _get_store(request)


def _delete_store(request: ControlRequest) -> Json:
    request.emulator.deactivate()
    return _get_store(request)


# Requests, faults and dialect


def _get_requests(request: ControlRequest) -> Json:
    after = request.query.get("after", "0")
    if not after.isdecimal():
        raise ControlError(400, f"'after' is the number of a request, not {after!r}")
    requests = [each.to_json() for each in request.emulator.log if each.number > int(after)]
    return {"requests": requests, "acted": request.emulator.acted}


def _delete_requests(request: ControlRequest) -> Json:
    request.emulator.clear_log()
    return _get_requests(request)


def _get_faults(request: ControlRequest) -> Json:
    return {"faults": [each.to_json() for each in request.emulator.faults.pending]}


def _post_fault(request: ControlRequest) -> Json:
    return request.emulator.faults.add(Fault(**request.parse_options(_FAULT, "kind"))).to_json()


def _delete_faults(request: ControlRequest) -> Json:
    request.emulator.faults.clear()
    return _get_faults(request)


def _get_fault(request: ControlRequest) -> Json:
    id = request.parse_id()
    for pending in request.emulator.faults.pending:
        if pending.id == id:
            return pending.to_json()
    raise ControlError(404, f"there is no fault {id}: GET /faults lists the pending ones")


def _delete_fault(request: ControlRequest) -> Json:
    _get_fault(request)
    request.emulator.faults.remove(request.parse_id())
    return _get_faults(request)


def _get_kinds(request: ControlRequest) -> Json:
    known = OPERATIONS[request.emulator.settings.api].keys()
    return {
        "kinds": {
            name: {
                "about": kind.about,
                "parameters": kind.parameters,
                "operations": sorted(kind.operations & known),
            }
            for name, kind in KINDS.items()
            if kind.operations & known
        }
    }


def _get_dialect(request: ControlRequest) -> Json:
    return asdict(request.emulator.dialect)


def _put_dialect(request: ControlRequest) -> Json:
    request.emulator.dialect = evolve(request.emulator.dialect, **request.parse_options(SWITCHES))
    return _get_dialect(request)


def _delete_dialect(request: ControlRequest) -> Json:
    request.emulator.dialect = LENIENT
    return _get_dialect(request)


def _change_dialect(current: Dialect, changes: Mapping[str, Json]) -> Dialect:
    return evolve(current, **parse_json(changes, SWITCHES, "the dialect"))


def _get_switches(request: ControlRequest) -> Json:
    return {
        "switches": {
            name: {
                "about": DESCRIPTIONS[name],
                "values": get_values(name),
                "default": getattr(LENIENT, name),
            }
            for name in SWITCHES
        }
    }


ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    "/": {"GET": _get_page},
    "/static/*": {"GET": _get_static},
    "/status": {"GET": _get_status},
    "/reset": {"POST": _post_reset},
    "/reboot": {"POST": _post_reboot},
    "/plug": {"GET": _get_plug, "PUT": _put_plug},
    "/state": {"GET": _get_state, "PUT": _put_state},
    "/state/save": {"POST": _save_state},
    "/seed": {"GET": _get_seed, "PUT": _put_seed},
    "/settings": {"GET": _get_settings, "PUT": _put_settings},
    "/upgrade.evo": {"GET": _get_upgrade_file},
    "/pace": {"GET": _get_pace, "PUT": _put_pace},
    "/picture.jpg": {"GET": _get_picture},
    "/guesses": {"GET": _get_guesses},
    "/catalog": {"GET": _get_catalog, "POST": _post_catalog},
    # The earlier spelling.
    "/catalogue": {"GET": _get_catalog, "POST": _post_catalog},
    "/learn_mode": {"GET": _get_learn_mode, "PUT": _put_learn_mode},
    "/pan": {"GET": _get_pan, "PUT": _put_pan, "DELETE": _delete_pan},
    "/camera": {"GET": _get_camera, "PUT": _put_camera},
    "/clock": {"GET": _get_clock, "PUT": _put_clock},
    "/clock/step": {"POST": _step_clock},
    "/store": {"GET": _get_store, "PUT": _put_store, "DELETE": _delete_store},
    "/requests": {"GET": _get_requests, "DELETE": _delete_requests},
    "/faults": {"GET": _get_faults, "POST": _post_fault, "DELETE": _delete_faults},
    "/faults/kinds": {"GET": _get_kinds},
    "/faults/*": {"GET": _get_fault, "DELETE": _delete_fault},
    "/dialect": {"GET": _get_dialect, "PUT": _put_dialect, "DELETE": _delete_dialect},
    "/dialect/switches": {"GET": _get_switches},
}
"""The endpoints by path below `/__emulator__` (`*` is a name or a number) and by method."""
