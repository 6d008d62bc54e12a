"""Show what a VISION-AI module can do, step by step.

python examples/demo.py                       with an emulator inside this process
python examples/demo.py http://172.22.0.6     with a real module: only steps that do not change it
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
"""The address of `vision-ai emulator`."""
PRODUCTS = {"001": "Apple", "002": "Pear"}

console = Console(highlight=False)


def print_step(title: str, text: str) -> None:
    console.print(f"[green]✓[/green] [bold]{title:<20}[/bold] {text}", soft_wrap=True)


def show_device(module: VisionAI) -> None:
    info = module.get_device_info()
    print_step(
        "device information", f"serial number {info.sn}, firmware {info.firmware}, store {info.client_id}"
    )

    picture = module.get_image()
    path = picture.save(OUTPUT / "pan.jpg")
    print_step("picture", f"{picture.width}×{picture.height} pixels, saved as {path}")


def calibrate(module: VisionAI) -> None:
    module.set_calib(left=444, top=39, width=348, height=482)
    show_calibration(module)


def show_calibration(module: VisionAI) -> None:
    area = module.get_calib()
    print_step("calibration area", f"{area.width}×{area.height} pixels at {area.left}, {area.top}")


def teach(module: VisionAI, put: Callable[[str], None]) -> None:
    for number, name in PRODUCTS.items():
        put(name.lower())
        templates = module.learn(id=number, name=name, pictures=2)
        picture = Image.from_base64(templates[0].image)
        print_step(
            "teaching",
            f"{name} as {number}: {len(templates)} template pictures, {len(picture) // 1024} KiB each",
        )
    known = ", ".join(f"{item.id} {item.name}" for item in module.get_item_list())
    print_step("products", f"the module recognizes: {known}")


def recognize(module: VisionAI) -> RecognitionResult:
    result = module.get_result()
    names = {item.id: item.name for item in module.get_item_list()}
    print_step("recognition", f"sid {result.sid}, guesses: {len(result.items)}")
    if not result.items:
        return result
    table = Table("guess", "product", "score", box=None, padding=(0, 2))
    for rank, guess in enumerate(result.items, start=1):
        table.add_row(str(rank), f"{guess.id} {names.get(guess.id, '')}", f"{guess.score:.2f}")
    console.print(table)
    return result


def confirm(module: VisionAI, result: RecognitionResult) -> None:
    module.confirm(result, id="001", name=PRODUCTS["001"])
    print_step("feedback", f"the clerk chose 001 {PRODUCTS['001']}; sent to the module")


def toggle_learning(module: VisionAI) -> None:
    for mode in (LearnMode.OFF, LearnMode.ON):
        module.set_learnmode(mode=mode)
        print_step("learning mode", f"now {module.get_learnmode().mode.name.lower()}")


def make_transfer_bars() -> Bars:
    columns = (TextColumn("  {task.description:<18}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Bars(*columns, console=console)


def make_progress_handler(bars: Bars) -> Callable[[Progress], None]:
    """Return a progress callback that draws a bar for each transfer."""
    tasks = {phase: bars.add_task(phase, total=None, visible=False) for phase in ("downloading", "uploading")}

    def show(progress: Progress) -> None:
        if progress.phase in tasks:
            bars.update(tasks[progress.phase], completed=progress.done, total=progress.total, visible=True)

    return show


def back_up_and_restore(module: VisionAI) -> None:
    with make_transfer_bars() as bars:
        path = module.backup(OUTPUT, poll=0.25, progress=make_progress_handler(bars))
    print_step("backup", f"{path.stat().st_size / 1e6:.1f} MB, saved as {path}")
    with make_transfer_bars() as bars:
        module.restore(path, poll=0.25, progress=make_progress_handler(bars))
    print_step("restore", f"{path.name} restored on the module")


def show_device_error(module: VisionAI) -> None:
    try:
        module.download_backup(filename="no-such-backup.evo")
    except DeviceError as error:
        print_step("a device error", f"{type(error).__name__} {error.code}: {error.meaning}")
    else:
        raise SystemExit("the module has an unexpected file: no-such-backup.evo")


def print_next_steps(url: str) -> None:
    """Suggest three commands."""
    command = shlex.quote(os.path.relpath(Path(sys.executable).with_name("vision-ai")))
    address = shlex.quote(url) if url else EMULATOR
    steps = [
        (f"{command} info --url {address}", "device information"),
        (f"{command} console --url {address} --open", "calibrate, teach and recognize in the browser"),
        (f"{command} recognize --watch --url {address}", "recognize the product on the pan, repeatedly"),
    ]
    if not url:
        steps = [
            (
                f"{command} emulator",
                "run the emulator, and use another terminal for the rest",
            ),
            *steps[1:],
        ]
    console.print("\nTry next:")
    for line, purpose in steps:
        console.print(f"  [bold]{line}[/bold]", soft_wrap=True, highlight=False)
        console.print(f"      [dim]{purpose}[/dim]")


def main(url: str) -> None:
    OUTPUT.mkdir(exist_ok=True)
    if url:
        with VisionAI(url) as module:
            show_device(module)
            show_calibration(module)
            print_step("learning mode", f"is {module.get_learnmode().mode.name.lower()}")
            recognize(module)
            show_device_error(module)
        console.print("[bold green]All steps succeeded. Nothing on the module was changed.[/bold green]")
        print_next_steps(url)
        return

    emulator = Emulator(backup_padding=4_000_000)
    with VisionAI(emulator.url) as module:
        show_device(module)
        calibrate(module)
        teach(module, emulator.put)
        emulator.put("apple")
        confirm(module, recognize(module))
        toggle_learning(module)
        back_up_and_restore(module)
        show_device_error(module)
    console.print("[bold green]All steps succeeded.[/bold green]")
    print_next_steps("")


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "")
    except VisionAIError as error:
        console.print(f"[red]✗[/red] {error}", soft_wrap=True)
        sys.exit(1)
