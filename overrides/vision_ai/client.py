"""`VisionAI`: the client for ordinary programs and threads."""

from __future__ import annotations

from collections.abc import Callable, Collection
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar, cast

from vision_ai_generated import api, models
from vision_ai_generated.operation import Operation, Upload
from vision_ai_generated.operations import Operations

from ._lazy_module import LazyModule
from ._pipeline.pipeline import TRANSFER_TIMEOUT
from ._runtime.sync import SyncRuntime, run_sync
from ._workflows.backup import back_up, save_backup
from ._workflows.feedback import confirm
from ._workflows.learn import learn
from ._workflows.restart import restart, wait_until_ready
from ._workflows.restore import restore
from .base_client import READY_TIMEOUT, BaseClient
from .image import Image
from .progress import ProgressCallback

if TYPE_CHECKING:
    from ._workflows import watch as _watch
else:
    _watch = LazyModule("vision_ai._workflows.watch")

T = TypeVar("T")


class VisionAI(BaseClient, Operations):
    """A VISION-AI module.

    Every operation of the vendor's document is a method with the vendor's name; `confirm`, `learn`, `backup`,
    `restore` and `wait_until_ready` combine several of them. One request is sent at a time, also when several
    threads call. Close the client, or use it in a `with` statement.

        with VisionAI("emulator:") as module:
            print(module.get_device_info().firmware)

    Errors are subclasses of `VisionAIError`.
    """

    _asynchronous = False

    def _make_runtime(self, concurrency: int) -> SyncRuntime:
        return SyncRuntime(concurrency)

    def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        return run_sync(self._pipeline.call(operation, arguments))

    def __enter__(self) -> VisionAI:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection. Calling it again does nothing."""
        run_sync(self._pipeline.close())

    # --- Operations with a quirk.

    def get_image(self) -> Image:
        """Take a picture with the module's camera.

        Returns:
            Image: The JPEG picture, 1280×720 pixels. The calibration area is given in its pixels.

        Raises:
            CameraError: -6103, the module has lost its camera.
            InvalidAnswerError: the bytes are neither a complete JPEG nor an error (A10).
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. Source: General interface > Get the current camera screen.
        """
        return cast(Image, super().get_image())

    def reboot(self) -> None:
        """Restart the module. It responds first and restarts then: `wait_until_ready` waits until it is back.

        Raises:
            AnswerLostError: it restarted before its response had left; `wait_until_ready` works all the same.
            InvalidAnswerError: its response is empty or unreadable. It may be restarting: `wait_until_ready` works
                as after a success.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. Source: Device management > Restart recognition module.
        """
        run_sync(restart(self._pipeline, api.REBOOT))

    def reset_device(self) -> None:
        """Reset the module to its factory settings.

        The association with the store, everything that it has learned and everything in its cache are lost. Only
        a backup can restore them.

        Raises:
            AnswerLostError: it restarted before its response had left (A13); `wait_until_ready` works all the
                same.
            InvalidAnswerError: its response is empty or unreadable. It may be restarting: `wait_until_ready` works
                as after a success.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: destructive. Source: Device management > Factory reset.
        """
        run_sync(restart(self._pipeline, api.RESET_DEVICE))

    # --- Workflows.

    def confirm(self, result: models.RecognitionResult, id: str, name: str | None = None) -> None:
        """Tell the module which product the clerk chose after a recognition.

        Sends `result_feedback` with `intop` derived from all guesses of the result, also from those that
        `only_catalog=True` leaves out. The module learns from it while learning mode is on.

        Args:
            result: The recognition, as `get_result` returned it.
            id: The chosen product's number, not empty.
            name: Its name, not empty; None for the name in the client's catalog.

        Raises:
            InvalidInputError: the id or the name is empty, or there is neither a name nor a catalog with the product;
                nothing was sent.
            VisionAIError: the module returned an error, or cannot be reached or understood.
        """
        run_sync(confirm(self._pipeline, result, id, name))

    def learn(
        self,
        id: str,
        name: str | None = None,
        *,
        pictures: int = 3,
        progress: ProgressCallback | None = None,
    ) -> list[models.RegisteredImage] | list[models.ItemTemplate]:
        """Teach the module the product on the pan.

        Calls `register_item` for each picture, then `commit_registered_item`. Where a picture or the commit fails,
        the pictures of this attempt are deleted from the cache again, also one whose response was lost. They stay
        where the commit may have been applied, or may still be.

        On a module that speaks V2, calls `add_item_template` for each picture, which takes effect at once. Where one
        fails, those of this attempt are deleted again. V2 has no names of products: `name` is neither needed nor
        sent.

        The notes of an error (`__notes__`) say what happened to the pictures, and its `leftovers` has the numbers of
        those that stay. Pictures of other programs are not touched.

        Args:
            id: The product's number, not empty.
            name: Its name, not empty; None for the name in the client's catalog.
            pictures: How many template pictures, 1 or more. Turn the product between them.
            progress: Called before each picture (a chance to wait for the hand that turns the product) and
                after the last, with a `Progress` in the phase "learning".

        Returns:
            The template pictures (V1) or templates (V2); `Image.from_base64(each.image)` shows one.

        Raises:
            InvalidInputError: an argument is not as described, or the module speaks V1 and there is neither a name nor
                a catalog with the product. Nothing was sent, except perhaps the question for the version of the API.
            VisionAIError: the module returned an error, or cannot be reached or understood.
        """
        return run_sync(learn(self._pipeline, id, name, pictures, progress))

    def backup(
        self,
        folder: str | PathLike[str],
        *,
        poll: float = 1.0,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> Path:
        """Make a backup of what the module has learned, and save it in a folder.

        The file is named by the module's serial number and the local time, as `12345678-20261128-093000.evo`, and
        only its owner may read it (mode 0600; on Windows it has the permissions of the folder). It gets its name only
        when it is complete. An existing file is kept: the new one gets a number. Temporary files (`.*.part`) that a
        killed run left in the folder are removed.

        A module that cannot be reached while it makes the backup, because its service restarts for example, is asked
        again until the time is up.

        Args:
            folder: An existing folder that can be written in.
            poll: Seconds between status requests; the vendor suggests 1.
            timeout: Seconds for all of it.
            progress: Called with a `Progress` in the phases "backing up" and "downloading" (bytes).

        Returns:
            The file's path.

        Raises:
            OSError: the folder is missing or cannot be written in (nothing was sent), or the disk is full.
            TransferError: the module could not make the backup.
            InvalidAnswerError: what the module sent cannot be a backup: it is empty, a page of HTML or a short text,
                for example. It is not saved.
            AnswerTimeoutError: the time is up; the module may still be working.
            VisionAIError: the module returned an error, or cannot be reached or understood.
        """
        return run_sync(back_up(self._pipeline, folder, poll, timeout, progress))

    def save_backup(
        self,
        filename: str,
        folder: str | PathLike[str],
        *,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> Path:
        """Download a backup that the module has made, streamed to the disk as `backup` does.

        Args:
            filename: The file's name as `get_backup_status` returned it.
            folder: An existing folder that can be written in.
            timeout: Seconds for all of it.
            progress: Called with a `Progress` in the phase "downloading" (bytes).

        Returns:
            The file's path. Its name is the module's, made safe for this computer, with a number where it was taken.

        Raises:
            OSError: the folder is missing or cannot be written in, or the disk is full.
            FileError: -6202, the module has no such file.
            InvalidAnswerError: what the module sent cannot be a backup, as in `backup`. It is not saved.
            VisionAIError: the module returned an error, or cannot be reached or understood.
        """
        return run_sync(save_backup(self._pipeline, filename, folder, timeout, progress))

    def restore(
        self,
        file: Upload,
        *,
        poll: float = 1.0,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> None:
        """Restore a backup: upload it, and wait until the module has applied it.

        It replaces everything that the module has learned since. A module that cannot be reached after the upload,
        because its service restarts for example, is asked again until the time is up.

        Args:
            file: The backup's path, or a seekable file opened in binary mode.
            poll: Seconds between status requests; the vendor suggests 1.
            timeout: Seconds for all of it.
            progress: Called with a `Progress` in the phases "uploading" (bytes) and "restoring".

        Raises:
            OSError: the file is missing or cannot be read; nothing was sent.
            InvalidInputError: the file is empty, not a file, or plainly not a backup (a picture, a page of HTML, a
                short text); nothing was sent.
            TransferError: the module did not apply it; `.status` and `.code` say why.
            AnswerTimeoutError: the time is up. The outcome is unknown: the module may have finished, or still be
                working.
            VisionAIError: the module returned an error, or cannot be reached or understood.
        """
        run_sync(restore(self._pipeline, file, poll, timeout, progress))

    def wait_until_ready(
        self,
        *,
        poll: float = 1.0,
        timeout: float = READY_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> models.DeviceInfo:
        """Wait until the module responds, after it was switched on, plugged in or restarted.

        After `reboot` or `reset_device` of this client, also after one whose response was lost or unreadable, the
        module may respond a little longer before it goes down. It then counts as ready once it was away (not to be
        reached, silent, or a web server reports HTTP status 502, 503 or 504) and is back.

        A restart that falls between two requests, or is over before this call, cannot be seen: the module does not
        report how long it has been running. A module that has responded for ten seconds without a failure therefore
        counts as ready too, with one exception. After `reboot`, responses over the connection on which it was sent
        show that the module has not restarted yet; a plain http:// connection that the module keeps open shows this.

        Args:
            poll: Seconds between requests.
            timeout: Seconds for all of it.
            progress: Called after each request with a `Progress` in the phase "waiting".

        Returns:
            What `get_device_info` returns.

        Raises:
            UnreachableError: it was not ready in time; the message has the last failure.
        """
        return run_sync(wait_until_ready(self._pipeline, poll, timeout, progress))

    def watch(
        self,
        *,
        every: float = 0.5,
        stable_for: int = 2,
        when: Callable[[], object] | None = None,
        min_score: float = 0.0,
        empty_without_guesses: bool = True,
        empty_codes: Collection[int] = (),
    ) -> _watch.Watch:
        """Report what changes on the pan and with the connection, one event per change.

        The events are `Recognized`, `PanEmpty`, `ConnectionLost` and `ConnectionRestored`. A reading counts after
        `stable_for` equal ones in a row. An empty pan is reported once at the start; a product is reported once, until
        the pan was empty, something else lay on it, or `when` was false.

        While the program handles an event nothing is asked, and other calls of the client go first. A module that is
        lost is asked for again after 0.5 to 5 seconds; so is one with an error that passes, such as a lost camera. The
        watch ends by itself only when it or the client is closed.

        Args:
            every: Seconds from one question to the next, 0 or more.
            stable_for: How many equal readings in a row count, 1 or more.
            when: Called without arguments before each question: nothing is asked while what it returns is false. What
                it raises reaches the program.
            min_score: The score, 0 to 1, below which the best guess means an empty pan.
            empty_without_guesses: Whether a recognition without guesses means an empty pan.
            empty_codes: The error codes that mean an empty pan.

        Returns:
            An iterator of events. Getting the next one raises a `VisionAIError` that does not pass: the module is not
            activated, for example.

        Raises:
            InvalidInputError: an argument is not as described.
            VisionAIError: the client is closed.
        """
        from ._workflows.watch import Settings, Watch  # not needed by most programs

        settings = Settings.check(every, stable_for, when, min_score, empty_without_guesses, empty_codes)
        return Watch(self._pipeline, settings)
