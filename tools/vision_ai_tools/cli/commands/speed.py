"""`vision-ai speed`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_ai_translations import gettext as _

from ..options import Run, command, make_group

if TYPE_CHECKING:
    from vision_ai import PredictSpeed

app = make_group("Show or set the speed of the recognition. Only modules that speak V2 have it.")


@app.command("get")
@command
def get(run: Run) -> None:
    """Show the speed of the recognition."""
    with run.client() as module:
        speed = module.get_device_info().predict_speed
    run.emit(
        {"speed": speed},
        str(speed) if speed else _("The module does not report the speed of its recognition."),
    )


@app.command("fast")
@command
def fast(run: Run) -> None:
    """Recognize fast, which is the module's default."""
    from vision_ai import PredictSpeed

    _set_speed(run, PredictSpeed.FAST)


@app.command("normal")
@command
def normal(run: Run) -> None:
    """Recognize better, which is slower."""
    from vision_ai import PredictSpeed

    _set_speed(run, PredictSpeed.NORMAL)


def _set_speed(run: Run, speed: PredictSpeed) -> None:
    with run.client() as module:
        module.set_predict_speed(speed=speed)
    run.emit({"speed": speed}, str(speed))
