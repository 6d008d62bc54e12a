"""What each call of the control interface does and answers. CONTROL.md describes them to their users."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, get_type_hints

from attrs import asdict, evolve

from vision_ai_emulator.control import page_files as page
from vision_ai_emulator.control.request import Asked, ControlError
from vision_ai_emulator.device.error_codes import DeviceError
from vision_ai_emulator.device.jobs import PACES
from vision_ai_emulator.device.settings import Settings, SettingsChanges
from vision_ai_emulator.faults.faults import KINDS, Fault
from vision_ai_emulator.http import dialect
from vision_ai_emulator.http import endpoints as operations
from vision_ai_emulator.http import response as answer
from vision_ai_emulator.http.dialect import LENIENT, SWITCHES, Dialect
from vision_ai_emulator.http.response import Answer
from vision_ai_emulator.shared.clock import ManualClock
from vision_ai_emulator.shared.jsoncpp import Json
from vision_ai_emulator.shared.options import from_json

_SETTINGS = get_type_hints(SettingsChanges)
_FAULT = get_type_hints(Fault)

Handler: TypeAlias = Callable[[Asked], Json | Answer]

# One function for each call: what was asked → JSON, or an answer of another kind


def _get_page(asked: Asked) -> Answer:
    return _file("index.html")


def _get_static(asked: Asked) -> Answer:
    return _file(asked.name)


def _file(name: str) -> Answer:
    found = page.file(name)
    if found is None:
        raise ControlError(404, f"the page has no file {name!r} here")
    return found


# The whole device


def _get_status(asked: Asked) -> Json:
    emulator = asked.emulator
    backup, filename, restore = emulator.device.jobs()
    return {
        "acted": emulator.acted,
        "camera_lost": emulator.camera_lost,
        "clock": _get_clock(asked),
        "control_url": asked.served.control_url,
        "dialect": asdict(emulator.dialect),
        "faults": len(emulator.faults.planned),
        "jobs": {
            "backup": operations.backup_reply(backup, filename).json,
            "restore": operations.restore_reply(restore).json,
        },
        "pan": _get_pan(asked),
        "picture": emulator.camera.changes,
        "reboots": emulator.device.reboots,
        "requests": emulator.wire.log.number,
        "seed": emulator.seed,
        "settings": asdict(emulator.settings),
        "state_file": asked.served.state_file,
        "store": _get_store(asked),
        "up": emulator.device.up,
        "url": asked.served.url,
    }


def _post_reset(asked: Asked) -> Json:
    options = asked.options({"seed": int, "pan": str, "settings": dict, "dialect": dict})
    emulator = asked.emulator
    emulator.reset(
        options.get("seed"),
        options.get("pan"),
        settings=_changed_settings(emulator.settings, options.get("settings", {})),
        dialect=_changed_dialect(emulator.dialect, options.get("dialect", {})),
    )
    return _get_status(asked)


def _post_reboot(asked: Asked) -> Json:
    seconds = asked.options({"seconds": float}).get("seconds")
    if seconds is not None and seconds < 0:
        raise ControlError(400, f"the device cannot be gone for {seconds} seconds: give 0 or more")
    asked.emulator.device.reboot(seconds)
    return _get_status(asked)


def _get_state(asked: Asked) -> Json:
    return asked.emulator.state()


def _put_state(asked: Asked) -> Json:
    asked.emulator.load_state(asked.document())
    return _get_status(asked)


def _save_state(asked: Asked) -> Json:
    file = asked.served.state_file
    if file is None:
        raise ControlError(400, "there is no file to save to: start the emulator with --state FILE")
    try:
        asked.emulator.save(file)
    except OSError as error:
        raise ControlError(400, f"cannot write {file}: {error.strerror}") from None
    return {"file": file}


def _get_seed(asked: Asked) -> Json:
    return {"seed": asked.emulator.seed}


def _put_seed(asked: Asked) -> Json:
    asked.emulator.seed = asked.options({"seed": int}, "seed")["seed"]
    return _get_seed(asked)


def _get_settings(asked: Asked) -> Json:
    return asdict(asked.emulator.settings)


def _put_settings(asked: Asked) -> Json:
    emulator = asked.emulator
    emulator.settings = evolve(emulator.settings, **asked.options(_SETTINGS))
    return _get_settings(asked)


def _changed_settings(settings: Settings, changes: Mapping[str, Json]) -> Settings:
    return evolve(settings, **from_json(changes, _SETTINGS, "the emulator"))


def _get_pace(asked: Asked) -> Json:
    return {"pace": asked.emulator.settings.pace, "paces": PACES}


def _put_pace(asked: Asked) -> Json:
    asked.emulator.change(pace=asked.options({"pace": _SETTINGS["pace"]}, "pace")["pace"])
    return _get_pace(asked)


# What it sees


def _get_picture(asked: Asked) -> Answer:
    camera = asked.emulator.camera
    changes = camera.changes
    picture = answer.plain(camera.picture(), "image/jpeg")
    return picture.with_header("Cache-Control", "no-store").with_header("ETag", f'"{changes}"')


def _get_guesses(asked: Asked) -> Json:
    guesses = asked.emulator.device.guesses()
    names = asked.emulator.device.catalogue().names
    return {
        "items": [{"id": id, "name": names.get(id, ""), "score": score} for id, score in guesses or ()],
        "seen": guesses is not None,
    }


def _get_catalogue(asked: Asked) -> Json:
    catalogue = asked.emulator.device.catalogue()
    return {
        "products": [
            {"id": id, "name": name, "templates": catalogue.templates[id]}
            for id, name in catalogue.names.items()
        ],
        "cache": [{"id": each.id, "image_id": each.image_id, "name": each.name} for each in catalogue.cache],
        "calibration": asdict(catalogue.calibration),
        "learn_mode": catalogue.learn_mode,
    }


def _post_catalogue(asked: Asked) -> Json:
    product = asked.options({"id": str, "name": str}, "id", "name")
    if not product["id"] or not product["name"]:
        raise ControlError(400, "'id' and 'name' must not be empty")
    try:
        asked.emulator.device.teach(product["id"], product["name"])
    except DeviceError:
        raise ControlError(400, "nothing lies in the recognition area: put something on the pan") from None
    return _get_catalogue(asked)


def _get_pan(asked: Asked) -> Json:
    return {"kind": asked.emulator.pan, "kinds": asked.emulator.kinds}


def _put_pan(asked: Asked) -> Json:
    asked.emulator.put(asked.options({"kind": str}, "kind")["kind"])
    return _get_pan(asked)


def _delete_pan(asked: Asked) -> Json:
    asked.emulator.clear_pan()
    return _get_pan(asked)


def _get_camera(asked: Asked) -> Json:
    return {"lost": asked.emulator.camera_lost}


def _put_camera(asked: Asked) -> Json:
    asked.emulator.camera_lost = asked.options({"lost": bool}, "lost")["lost"]
    return _get_camera(asked)


# Time and store


def _get_clock(asked: Asked) -> Json:
    clock = asked.emulator.device_clock
    return {
        "mode": "frozen" if isinstance(clock.source, ManualClock) else "real",
        "now": clock.now().isoformat(timespec="microseconds"),
        "seconds": clock.seconds(),
    }


def _put_clock(asked: Asked) -> Json:
    mode = asked.options({"mode": str}, "mode")["mode"]
    if mode == "frozen":
        asked.emulator.freeze()
    elif mode == "real":
        asked.emulator.unfreeze()
    else:
        raise ControlError(400, f"the clock's mode is 'frozen' or 'real', not {mode!r}")
    return _get_clock(asked)


def _step_clock(asked: Asked) -> Json:
    seconds = asked.options({"seconds": float}, "seconds")["seconds"]
    if not isinstance(asked.emulator.clock, ManualClock):
        raise ControlError(400, 'only a frozen clock can be stepped: PUT /clock {"mode": "frozen"} first')
    asked.emulator.step(seconds)
    return _get_clock(asked)


def _get_store(asked: Asked) -> Json:
    store = asked.emulator.device.store
    id, name = store or (None, None)
    return {"activated": store is not None, "id": id, "name": name}


def _put_store(asked: Asked) -> Json:
    store = asked.options({"id": str, "name": str}, "id", "name")
    asked.emulator.activate(store["id"], store["name"])
    return _get_store(asked)


def _delete_store(asked: Asked) -> Json:
    asked.emulator.deactivate()
    return _get_store(asked)


# Requests, faults, dialect


def _get_requests(asked: Asked) -> Json:
    after = asked.query.get("after", "0")
    if not after.isdecimal():
        raise ControlError(400, f"'after' is the number of a request, not {after!r}")
    requests = [each.to_json() for each in asked.emulator.log if each.number > int(after)]
    return {"requests": requests, "acted": asked.emulator.acted}


def _delete_requests(asked: Asked) -> Json:
    asked.emulator.clear_log()
    return _get_requests(asked)


def _get_faults(asked: Asked) -> Json:
    return {"faults": [each.to_json() for each in asked.emulator.faults.planned]}


def _post_fault(asked: Asked) -> Json:
    return asked.emulator.faults.add(Fault(**asked.options(_FAULT, "kind"))).to_json()


def _delete_faults(asked: Asked) -> Json:
    asked.emulator.faults.clear()
    return _get_faults(asked)


def _get_fault(asked: Asked) -> Json:
    id = asked.integer()
    for planned in asked.emulator.faults.planned:
        if planned.id == id:
            return planned.to_json()
    raise ControlError(404, f"there is no fault {id} (any more): GET /faults lists those there are")


def _delete_fault(asked: Asked) -> Json:
    _get_fault(asked)
    asked.emulator.faults.remove(asked.integer())
    return _get_faults(asked)


def _get_kinds(asked: Asked) -> Json:
    return {
        "kinds": {
            name: {
                "about": kind.about,
                "parameters": kind.parameters,
                "operations": sorted(kind.operations),
            }
            for name, kind in KINDS.items()
        }
    }


def _get_dialect(asked: Asked) -> Json:
    return asdict(asked.emulator.dialect)


def _put_dialect(asked: Asked) -> Json:
    asked.emulator.dialect = evolve(asked.emulator.dialect, **asked.options(SWITCHES))
    return _get_dialect(asked)


def _delete_dialect(asked: Asked) -> Json:
    asked.emulator.dialect = LENIENT
    return _get_dialect(asked)


def _changed_dialect(spoken: Dialect, changes: Mapping[str, Json]) -> Dialect:
    return evolve(spoken, **from_json(changes, SWITCHES, "the dialect"))


def _get_switches(asked: Asked) -> Json:
    return {
        "switches": {
            name: {
                "about": dialect.ABOUT[name],
                "values": dialect.values_of(name),
                "default": getattr(LENIENT, name),
            }
            for name in SWITCHES
        }
    }


ROUTES: Mapping[str, Mapping[str, Handler]] = {
    "/": {"GET": _get_page},
    "/static/*": {"GET": _get_static},
    "/status": {"GET": _get_status},
    "/reset": {"POST": _post_reset},
    "/reboot": {"POST": _post_reboot},
    "/state": {"GET": _get_state, "PUT": _put_state},
    "/state/save": {"POST": _save_state},
    "/seed": {"GET": _get_seed, "PUT": _put_seed},
    "/settings": {"GET": _get_settings, "PUT": _put_settings},
    "/pace": {"GET": _get_pace, "PUT": _put_pace},
    "/picture.jpg": {"GET": _get_picture},
    "/guesses": {"GET": _get_guesses},
    "/catalogue": {"GET": _get_catalogue, "POST": _post_catalogue},
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
"""Path below `/__emulator__` (`*` for a name or number) → method → function."""
