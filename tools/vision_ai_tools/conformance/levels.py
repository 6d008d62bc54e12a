"""What is asked at each level of effects, in an order that leaves a module as it was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar

from vision_ai import (
    BackupStatus,
    CalibrationArea,
    InvalidInputError,
    Item,
    RegisteredImage,
    RegisteredItem,
    RestoreStatus,
    VisionAI,
    VisionAIError,
)

from .asking import Asker, Stopped
from .body import as_text, shortened
from .seen import SPELLINGS, UNKNOWN_COMMAND, RestoreTry, Spelling, SpellingTry, is_unknown

ROUNDS = 3
"""How often everything that only reads is asked, for the times that it takes."""
JOB_SECONDS = 1800.0
"""The longest that a backup or a restore is waited for."""
NAME = "检查 check"
"""Of the product that is registered and deleted again: Chinese, to see its charset (A15)."""
NO_PICTURE = "0"
"""A picture's number that no module gives."""
FOUND_NOTHING = -6202
PARAMETER_ERROR = -6213
TIDYING = "tidying up"
PART_NAMES: tuple[str | None, ...] = ("file", None, "")
"""The contract's (A4), that of the vendor's example (none at all), and what form libraries make of none."""
COMPLETED_BACKUP = 3
COMPLETED_RESTORE = 4


Status = TypeVar("Status", BackupStatus, RestoreStatus)


class Say(Protocol):
    """Told what is being done, in a few words."""

    def __call__(self, doing: str, /) -> object: ...


def look(asker: Asker, say: Say) -> None:
    """`read`: everything that changes nothing."""
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
    """`set`: the settings are set to what they are."""
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
        asker.ask(lambda module: module.set_learnmode(mode=mode))  # pyright: ignore[reportArgumentType]
    except InvalidInputError as error:
        asker.seen.left_out.append(f"set_learnmode: what get_learnmode answers cannot be set ({error})")
        return False
    return True


def register_and_delete(asker: Asker, say: Say) -> None:
    """`act`: pictures of a product that is free are put into the cache and taken out again (A1, A7, A15)."""
    items = asker.ask(VisionAI.get_item_list)
    cached = asker.ask(VisionAI.get_registered_item_list)
    if items is None or cached is None:
        asker.seen.left_out.append(
            "register_item: the lists of products could not be read, so no number is known to be free"
        )
        return
    id = free_number(items, cached)
    taken: dict[Spelling, RegisteredImage] = {}
    warning = f"Pictures of the product {id} ({NAME}) may be left in the cache: delete them, or restart it."
    asker.seen.traces.append(warning)
    try:
        for spelling in SPELLINGS:
            say(f"registering a picture, names spelled {spelling}")
            picture = _register(asker, id, spelling)
            if picture is not None:
                taken[spelling] = picture
        if not taken:
            _ask_for_no_picture(asker, id)
        for spelling, picture in taken.items():
            say(f"deleting the picture, names spelled {spelling}")
            _delete(asker, id, spelling, picture, last=spelling == list(taken)[-1])
    finally:
        if _swept(asker, id, say):
            asker.seen.traces.remove(warning)


def free_number(items: list[Item], cached: list[RegisteredItem]) -> str:
    """A product's number that is nowhere used, as long as those of shops are."""
    used = {each.id for each in items} | {each.id for each in cached}
    return next(
        number for number in (str(99_999 - back) for back in range(len(used) + 1)) if number not in used
    )


def _register(asker: Asker, id: str, spelling: Spelling) -> RegisteredImage | None:
    """A picture in the cache, if it got there under the number that was given."""
    by = asker.client(field_names=spelling)
    purpose = f"names spelled {spelling}"
    picture = asker.ask(lambda module: module.register_item(id=id, name=NAME), by=by, purpose=purpose)
    exchange = asker.last
    cached = asker.ask(VisionAI.get_registered_item_list) or []
    mine = [each for each in cached if picture is not None and each.image_id == picture.image_id]
    # A module that overlooks the names could take the picture all the same, for a product without a number.
    understood = exchange.code == 0 and all(each.id == id for each in mine)
    refused = exchange.code == PARAMETER_ERROR or (exchange.code == 0 and not understood)
    asker.seen.spellings.append(SpellingTry(spelling, exchange, understood or (False if refused else None)))
    return picture


def _ask_for_no_picture(asker: Asker, id: str) -> None:
    """Where no picture could be taken: deleting one that is not there tells whether the names are found."""
    for spelling in SPELLINGS:
        asker.ask(
            lambda module: module.delete_registered_image(id=id, image_id=NO_PICTURE),
            by=asker.client(field_names=spelling),
            purpose=f"names spelled {spelling}, for a picture that is not there",
        )
        code = asker.last.code
        understood = True if code in (0, FOUND_NOTHING) else None
        asker.seen.spellings.append(SpellingTry(spelling, asker.last, understood))


def _delete(asker: Asker, id: str, spelling: Spelling, picture: RegisteredImage, *, last: bool) -> None:
    """One picture by its number; the last one by the product's."""
    by = asker.client(field_names=spelling)
    purpose = f"names spelled {spelling}"
    if last:
        asker.ask(lambda module: module.delete_registered_item(id=id), by=by, purpose=purpose)
    else:
        asker.ask(
            lambda module: module.delete_registered_image(id=id, image_id=picture.image_id),
            by=by,
            purpose=purpose,
        )
    exchange = asker.last
    understood = True if exchange.code == 0 else False if exchange.code == PARAMETER_ERROR else None
    asker.seen.spellings.append(SpellingTry(spelling, exchange, understood))


def _swept(asker: Asker, id: str, say: Say) -> bool:
    """Whether nothing of the product is in the cache, in the end, however its names had to be spelled."""
    for spelling in reversed(SPELLINGS):
        if _is_gone(asker, id):
            return True
        say("tidying up")
        by = asker.client(field_names=spelling)
        asker.ask(lambda module: module.delete_registered_item(id=id), by=by, purpose=TIDYING)
    return _is_gone(asker, id)


def _is_gone(asker: Asker, id: str) -> bool:
    cached = asker.ask(VisionAI.get_registered_item_list, purpose=TIDYING)
    return cached is not None and all(each.id != id for each in cached)


def back_up(asker: Asker, say: Say, folder: Path | None) -> Path | None:
    """`act`: a backup is made and downloaded, into a folder if it is to be kept.

    Returns:
        The file; None where there is none, or where it was not to be kept.
    """
    running = _running(asker)
    if running:
        asker.seen.left_out.append(f"start_backup: the module is busy with {running}")
        return None
    say("making a backup")
    asker.ask(VisionAI.start_backup)
    if asker.last.code != 0:
        asker.seen.left_out.append("get_backup_status and download_backup: no backup could be started")
        return None
    status = _until_over(asker, VisionAI.get_backup_status, COMPLETED_BACKUP, say)
    if status is None or int(status.status) != COMPLETED_BACKUP or not status.filename:
        asker.seen.left_out.append("download_backup: the backup was not completed")
        return None
    asker.seen.traces.append(
        "The module holds the backup that was made here, in the place of an earlier one."
    )
    say("downloading the backup")
    if folder is not None:
        return asker.ask(lambda module: module.save_backup(status.filename, folder))
    with TemporaryDirectory() as passing:
        asker.ask(lambda module: module.save_backup(status.filename, passing))
    return None


def _running(asker: Asker) -> str:
    backup = asker.ask(VisionAI.get_backup_status)
    restore = asker.ask(VisionAI.get_restore_status)
    if backup is not None and not _over(int(backup.status), COMPLETED_BACKUP):
        return "a backup"
    if restore is not None and not _over(int(restore.status), COMPLETED_RESTORE):
        return "a restore"
    return ""


def _over(status: int, completed: int) -> bool:
    """The vendor's rule (A12)."""
    return status == 0 or status >= completed


def _until_over(
    asker: Asker, question: Callable[[VisionAI], Status], completed: int, say: Say
) -> Status | None:
    """The last status of a job; None where the module refuses the question or the job takes too long."""
    until = time.monotonic() + JOB_SECONDS
    while time.monotonic() < until:
        status = asker.ask(question, may_restart=True)
        if status is None and asker.last.whole:
            return None
        if status is not None and _over(int(status.status), completed):
            return status
        if status is not None:
            say(f"waiting, status {int(status.status)} {status.msg}".rstrip())
        asker.wait()
    return None


def restore_own_backup(asker: Asker, say: Say, backup: Path) -> None:
    """`destructive`: the backup that was made just now is put back (A3, A4)."""
    if not asker.seen.restores and _running(asker):
        asker.seen.left_out.append("start_restore: the module is busy")
        return
    warning = (
        "A restore was begun, and is not known to be complete: restore the backup that was made before it, "
        f"in the folder {backup.parent}"
    )
    asker.seen.traces.append(warning)
    for part_name in PART_NAMES:
        say(f"restoring the backup, {_called(part_name)}")
        before = len(asker.seen.exchanges)
        by = asker.client(part_name=part_name)
        asker.ask(lambda module: module.start_restore(file=backup), by=by, purpose=_called(part_name))
        uploads = tuple(asker.seen.exchanges[before:])
        accepted = uploads[-1].code == 0
        completed = accepted and _completes(asker, say)
        asker.seen.restores.append(RestoreTry(part_name, uploads, accepted, completed))
        if completed or is_unknown(uploads[-1]):
            break
    tries = asker.seen.restores
    if any(each.completed for each in tries) or not any(each.accepted for each in tries):
        asker.seen.traces.remove(warning)


def _called(part_name: str | None) -> str:
    return "file part without a name" if part_name is None else f"file part named {part_name!r}"


def _completes(asker: Asker, say: Say) -> bool:
    status = _until_over(asker, VisionAI.get_restore_status, COMPLETED_RESTORE, say)
    return status is not None and int(status.status) == COMPLETED_RESTORE


def restart(asker: Asker, say: Say) -> None:
    """Asked for by name: the module restarts."""
    say("restarting the module")
    module = asker.client()
    asker.ask(lambda _: module.reboot(), by=module, may_restart=True)
    asker.forget_losses()
    try:
        module.wait_until_ready(poll=asker.poll)
    except VisionAIError as error:
        raise Stopped("broken_off", f"it did not come back: {error}") from error


def reset(asker: Asker, say: Say) -> None:
    """Asked for by name, and the last thing: factory settings (A13). Nothing brings the store's association
    back."""
    say("resetting the module to its factory settings")
    asker.seen.traces.append(
        "The module was reset to its factory settings: activate it for its store, then restore a backup."
    )
    asker.ask(VisionAI.reset_device, may_restart=True)
    asker.forget_losses()
    asker.ask(VisionAI.get_device_info, may_restart=True)
    while not asker.last.whole:
        asker.wait()
        asker.ask(VisionAI.get_device_info, may_restart=True)
