"""`read` and `set`: everything that changes nothing, and settings that are set to what they are."""

from __future__ import annotations

from vision_ai import CalibrationArea, InvalidInputError, VisionAI

from ..body import as_text, shortened
from ..client import Asker, Say, Stopped
from ..observations import UNKNOWN_COMMAND

ROUNDS = 3
"""How often everything that only reads is asked, for the times that it takes."""


def look(asker: Asker, say: Say) -> None:
    """Everything that only reads."""
    say("asking who it is")
    info = asker.ask(VisionAI.get_device_info)
    if not asker.last.whole:
        info = asker.ask(VisionAI.get_device_info)
    if "code" not in asker.last.fields:
        told = f"HTTP {asker.last.status}, {asker.last.content_type or 'no Content-Type'}"
        start = shortened(as_text(asker.last.body), 80)
        raise Stopped("not_a_module", f"get_device_info is answered with {told}: {start}")
    if info is not None:
        asker.seen.device_info = info.to_dict()
    say("asking for a command that no firmware has")
    asker.ask_command(UNKNOWN_COMMAND, "how it says that it knows no such command")
    for turn in range(1, ROUNDS + 1):
        say(f"reading, round {turn} of {ROUNDS}")
        asker.ask(VisionAI.get_device_info)
        asker.ask(VisionAI.get_calib)
        asker.ask(VisionAI.get_learnmode)
        asker.ask(VisionAI.get_item_list)
        asker.ask(VisionAI.get_registered_item_list)
        asker.ask(VisionAI.get_backup_status)
        asker.ask(VisionAI.get_restore_status)
        asker.ask(VisionAI.get_result)
        asker.ask(VisionAI.get_image)


def confirm_settings(asker: Asker, say: Say) -> None:
    """The settings are set to what they are."""
    say("setting the calibration area and learning mode to what they are")
    area = asker.ask(VisionAI.get_calib)
    if area is None:
        asker.seen.left_out.append("set_calib: the calibration area could not be read")
    elif _set_area(asker, area) and asker.ask(VisionAI.get_calib) != area:
        asker.seen.traces.append(f"The calibration area was {area}; it was set to that and is another now.")
    mode = asker.ask(VisionAI.get_learnmode)
    if mode is None:
        asker.seen.left_out.append("set_learnmode: learning mode could not be read")
        return
    if _set_mode(asker, int(mode.mode)) and asker.ask(VisionAI.get_learnmode) != mode:
        asker.seen.traces.append(f"Learning mode was {int(mode.mode)}; it was set to that and is not now.")


def _set_area(asker: Asker, area: CalibrationArea) -> bool:
    try:
        asker.ask(
            lambda module: module.set_calib(
                left=area.left, top=area.top, width=area.width, height=area.height
            )
        )
    except InvalidInputError as error:
        asker.seen.left_out.append(f"set_calib: what get_calib answers cannot be set ({error})")
        return False
    return True


def _set_mode(asker: Asker, mode: int) -> bool:
    try:
        asker.ask(lambda module: module.set_learnmode(mode=mode))
    except InvalidInputError as error:
        asker.seen.left_out.append(f"set_learnmode: what get_learnmode answers cannot be set ({error})")
        return False
    return True
