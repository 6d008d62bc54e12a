"""The main job of a VISION-AI module, step by step, one line each.

python examples/demo.py                         against an emulator inside this process
python examples/demo.py http://172.22.0.6       against a real module: only what does not change it
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from vision_ai import DeviceError, Image, LearnMode, Progress, RecognitionResult, VisionAI, VisionAIError
from vision_ai_emulator import Emulator

OUTPUT = Path("demo-output")
EMULATOR = "http://127.0.0.1:8172"
"""Where `vision-ai emulator` serves one."""
CATALOGUE = {"001": "Apple", "002": "Pear"}

console = Console(highlight=False)


def step(title: str, told: str) -> None:
    console.print(f"[green]✓[/green] [bold]{title:<20}[/bold] {told}", soft_wrap=True)


def look(module: VisionAI) -> None:
    info = module.get_device_info()
    step("device information", f"serial number {info.sn}, firmware {info.firmware}, store {info.client_id}")

    picture = module.get_image()
    path = picture.save(OUTPUT / "pan.jpg")
    step("picture", f"{picture.width}×{picture.height} pixels, saved as {path}")


def calibrate(module: VisionAI) -> None:
    module.set_calib(left=444, top=39, width=348, height=482)
    show_calibration(module)


def show_calibration(module: VisionAI) -> None:
    area = module.get_calib()
    step("calibration area", f"{area.width}×{area.height} pixels at {area.left}, {area.top}")


def teach(module: VisionAI, put: Callable[[str], None]) -> None:
    for number, name in CATALOGUE.items():
        put(name.lower())
        templates = module.learn(id=number, name=name, pictures=2)
        shown = Image.from_base64(templates[0].image)
        step(
            "teaching",
            f"{name} as {number}: {len(templates)} template pictures, {len(shown) // 1024} KiB each",
        )
    known = ", ".join(f"{item.id} {item.name}" for item in module.get_item_list())
    step("products", f"recognisable now: {known}")


def recognise(module: VisionAI) -> RecognitionResult:
    result = module.get_result()
    names = {item.id: item.name for item in module.get_item_list()}
    step("recognition", f"number {result.sid}, guesses: {len(result.items)}")
    if not result.items:
        return result
    table = Table("guess", "product", "score", box=None, padding=(0, 2))
    for place, guess in enumerate(result.items, start=1):
        table.add_row(str(place), f"{guess.id} {names.get(guess.id, '')}", f"{guess.score:.2f}")
    console.print(table)
    return result


def confirm(module: VisionAI, result: RecognitionResult) -> None:
    module.confirm(result, id="001", name=CATALOGUE["001"])
    step("feedback", f"the clerk chose 001 {CATALOGUE['001']}: sent back")


def toggle_learning(module: VisionAI) -> None:
    for mode in (LearnMode.OFF, LearnMode.ON):
        module.set_learnmode(mode=mode)
        step("learning mode", f"is now {module.get_learnmode().mode.name.lower()}")


def transfer_bars() -> Bars:
    columns = (TextColumn("  {task.description:<18}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Bars(*columns, console=console)


def shown_in(bars: Bars) -> Callable[[Progress], None]:
    """A progress callback that draws the phases in which bytes move."""
    tasks = {phase: bars.add_task(phase, total=None, visible=False) for phase in ("downloading", "uploading")}

    def show(progress: Progress) -> None:
        if progress.phase in tasks:
            bars.update(tasks[progress.phase], completed=progress.done, total=progress.total, visible=True)

    return show


def back_up_and_restore(module: VisionAI) -> None:
    with transfer_bars() as bars:
        path = module.backup(OUTPUT, poll=0.25, progress=shown_in(bars))
    step("backup", f"{path.stat().st_size / 1e6:.1f} MB, saved as {path}")
    with transfer_bars() as bars:
        module.restore(path, poll=0.25, progress=shown_in(bars))
    step("restore", f"{path.name} is back on the module")


def show_an_error(module: VisionAI) -> None:
    try:
        module.download_backup(filename="no-such-backup.evo")
    except DeviceError as error:
        step("a device error", f"{type(error).__name__} {error.code}: {error.meaning}")
    else:
        raise SystemExit("the module has a file that nobody made: no-such-backup.evo")


def name_next_steps(url: str) -> None:
    """Three commands to try, for whoever has seen this."""
    command = shlex.quote(os.path.relpath(Path(sys.executable).with_name("vision-ai")))
    served = shlex.quote(url) if url else EMULATOR
    steps = [
        (f"{command} info --url {served}", "who the module is"),
        (f"{command} console --url {served} --open", "calibrate, teach and recognise in a browser"),
        (f"{command} recognize --watch --url {served}", "what lies on the pan, as it changes"),
    ]
    if not url:
        steps = [(f"{command} emulator", "a module in software, to be left running"), *steps[1:]]
    console.print("\nTry next:")
    for line, what in steps:
        console.print(f"  [bold]{line}[/bold]", soft_wrap=True, highlight=False)
        console.print(f"      [dim]{what}[/dim]")


def main(url: str) -> None:
    OUTPUT.mkdir(exist_ok=True)
    if url:
        with VisionAI(url) as module:
            look(module)
            show_calibration(module)
            step("learning mode", f"is {module.get_learnmode().mode.name.lower()}")
            recognise(module)
            show_an_error(module)
        console.print("[bold green]Everything went through; nothing on the module was changed.[/bold green]")
        name_next_steps(url)
        return

    emulator = Emulator(backup_padding=4_000_000)
    with VisionAI(emulator.url) as module:
        look(module)
        calibrate(module)
        teach(module, emulator.put)
        emulator.put("apple")
        confirm(module, recognise(module))
        toggle_learning(module)
        back_up_and_restore(module)
        show_an_error(module)
    console.print("[bold green]Everything went through.[/bold green]")
    name_next_steps("")


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "")
    except VisionAIError as error:
        console.print(f"[red]✗[/red] {error}", soft_wrap=True)
        sys.exit(1)
