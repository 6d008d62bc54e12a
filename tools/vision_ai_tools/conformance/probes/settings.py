"""`set`: settings are written back unchanged."""

from __future__ import annotations

from vision_ai import CalibrationArea, InvalidInputError, VisionAI

from ..client import ProbeClient


def write_settings_back(client: ProbeClient) -> None:
    """Read the calibration area and learning mode, and write the same values."""
    client.report_progress("writing the calibration area and learning mode back unchanged")
    left_out, traces = client.observations.left_out, client.observations.traces
    area = client.call(VisionAI.get_calib)
    if area is None:
        left_out.append("set_calib: the calibration area could not be read")
    elif _set_area(client, area) and client.call(VisionAI.get_calib) != area:
        traces.append(f"The calibration area was {area}. It was written back and is different now.")
    mode = client.call(VisionAI.get_learnmode)
    if mode is None:
        left_out.append("set_learnmode: learning mode could not be read")
    elif _set_mode(client, int(mode.mode)) and client.call(VisionAI.get_learnmode) != mode:
        traces.append(f"Learning mode was {int(mode.mode)}. It was written back and is different now.")


def _set_area(client: ProbeClient, area: CalibrationArea) -> bool:
    left, top, width, height = area.left, area.top, area.width, area.height
    if left is None or top is None or width is None or height is None:
        client.observations.left_out.append("set_calib: the module's own area lacks a side")
        return False
    try:
        client.call(lambda module: module.set_calib(left=left, top=top, width=width, height=height))
    except InvalidInputError as error:
        client.observations.left_out.append(f"set_calib: the module's own value is not valid ({error})")
        return False
    return True


def _set_mode(client: ProbeClient, mode: int) -> bool:
    try:
        client.call(lambda module: module.set_learnmode(mode=mode))
    except InvalidInputError as error:
        client.observations.left_out.append(f"set_learnmode: the module's own value is not valid ({error})")
        return False
    return True
