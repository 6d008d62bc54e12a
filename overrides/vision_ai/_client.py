"""`VisionAI` and `AsyncVisionAI`: the generated operations, what is odd among them, and the workflows."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from vision_ai_generated import api, models
from vision_ai_generated.operation import Operation, Upload
from vision_ai_generated.operations import AsyncOperations, Operations
from vision_ai_generated.types import UNSET, Unset

from . import _workflows
from ._calls import OnCall
from ._core import TRANSFER_TIMEOUT, Core
from ._picture import Image
from ._profile import FieldNames, Profile
from ._progress import ProgressCallback
from ._settings import Retries, make_settings, whole_number
from ._transports import Way, chosen_carrier, chosen_url
from ._wire import AsyncWire, SyncWire, Wire, presented, run

if TYPE_CHECKING:
    from . import _http as httpx
else:
    from ._http_later import httpx

T = TypeVar("T")
AnyClient = TypeVar("AnyClient", bound="Client")

TIMEOUT = 15.0
READY_TIMEOUT = 90.0


class Client:
    """What both clients share: their settings."""

    _asynchronous: ClassVar[bool]

    def __init__(
        self,
        url: str | None = None,
        *,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None,
        http_client: httpx.Client | httpx.AsyncClient | None = None,
        timeout: float = TIMEOUT,
        retries: int | Retries = 2,
        concurrency: int = 1,
        profile: str | PathLike[str] | Mapping[str, Any] | Profile | None = None,
        field_names: FieldNames | None = None,
        part_name: str | Unset | None = UNSET,
        proxy: str | None = None,
        local_address: str | None = None,
        interface: str | None = None,
        record: str | PathLike[str] | None = None,
        record_secrets: bool = False,
        on_call: OnCall | None = None,
    ) -> None:
        """
        Args:
            url: Where the module is: `http://host[:port]`, `https://…`, `unix:/path`, `emulator:`,
                `replay:file.har` or any scheme of the entry-point group `vision_ai.transports`. Default: the
                environment's `VISION_AI_URL`, then `http://172.22.0.6`.
            transport: An httpx transport that carries the requests in place of the URL's own; it is closed
                with the client. The URL is then an http one.
            http_client: An `httpx.Client` (`httpx.AsyncClient`) that carries them, with its own headers,
                hooks, authentication and certificates; its `base_url` stands for `url` where none is given.
                It stays open when this client is closed.
            timeout: Seconds for one call as a whole, its retries and pauses included, above 0. In transfers
                of files, the longest time that nothing may move.
            retries: How often a lost call is tried again, or `Retries` for the pauses too. Only where that
                is safe: see `Retries`.
            concurrency: How many calls may be under way at once, 1 or more. The vendor says nothing of more
                than one: allow it only for what is known to take it.
            profile: What this module's firmware is known to want: the path of a file that `vision-ai
                conformance --profile` wrote, its content as a mapping, or a `Profile`. `field_names` and
                `part_name` go before it.
            field_names: Fields with two names in the vendor's text are sent under "both" (the default), or
                only as "id" (and name) or "item_id" (and item_name) (A1).
            part_name: The name of the file's part in a restore, "file" by default; "" for an empty one, None
                for none (A4).
            proxy: URL of a proxy. Those of the environment are ignored: a module hangs on a USB cable.
            local_address: The address of this computer to come from.
            interface: The network interface to go out by, such as "usb1": so that one computer can hold two
                modules, which have the same address. Linux (SO_BINDTODEVICE).
            record: The path of a HAR file in which everything that passes is recorded, with any URL or
                transport; a recording that is there already is added to. `replay:` and that path plays it
                back.
            record_secrets: Keeps what a recording leaves out otherwise: serial numbers, the store's number
                and name, and the contents of backups.
            on_call: Called with a `Call` after each call: its operation, code, duration and error.

        Raises:
            InvalidInputError: one of these is not possible.
            OSError: the profile cannot be read, or the recording cannot be written.
        """
        settings = make_settings(
            timeout=timeout,
            retries=retries,
            profile=Profile.of(profile).with_arguments(field_names=field_names, part_name=part_name),
            on_call=on_call,
        )
        at_once = whole_number("concurrency", concurrency, 1)
        self._url = chosen_url(url, http_client)
        address, carrier = chosen_carrier(
            self._url,
            Way(transport, http_client, proxy, local_address, interface, at_once),
            asynchronous=self._asynchronous,
        )
        if record is not None:
            from ._har.recording import recorded  # not needed by programs that do not record

            carrier = recorded(
                presented(carrier), record, asynchronous=self._asynchronous, secrets=record_secrets
            )
        self._core = Core(address, self._wire(carrier, at_once), settings)

    def _wire(self, carrier: object, at_once: int) -> Wire:
        raise NotImplementedError

    def with_options(
        self: AnyClient, *, timeout: float | None = None, retries: int | Retries | None = None
    ) -> AnyClient:
        """The same connection with another timeout or other retries; closing either closes both."""
        settings = self._core.settings.patient(timeout=timeout, retries=retries)
        other = copy.copy(self)
        other._core = Core(self._core.address, self._core.wire, settings, self._core.state)
        return other

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._url}{' (closed)' if self._core.state.closed else ''}>"


class VisionAI(Client, Operations):
    """A VISION-AI module.

    Every operation of the vendor's document is a method with the vendor's name; `confirm`, `learn`, `backup`,
    `restore` and `wait_until_ready` put several of them together. One request is sent at a time, also when
    several threads call. Close it, or use it in a `with` statement.

        with VisionAI("emulator:") as module:
            print(module.get_device_info().firmware)

    Errors are subclasses of `VisionAIError`.
    """

    _asynchronous = False

    def _wire(self, carrier: object, at_once: int) -> Wire:
        return SyncWire(carrier, at_once)

    def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        return run(self._core.call(operation, arguments))

    def __enter__(self) -> VisionAI:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. Calling it again does nothing."""
        run(self._core.close())

    # --- operations that are odd

    def get_image(self) -> Image:
        """Take a picture with the module's camera.

        Returns:
            Image: The JPEG picture, 1280×720 pixels, in which the calibration area is given.

        Raises:
            CameraError: -6103, the module has lost its camera.
            InvalidAnswerError: the bytes are neither a whole JPEG nor an error (A10).
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. Source: General interface > Get the current camera screen.
        """
        return cast(Image, super().get_image())

    def reboot(self) -> None:
        """Restart the module. It answers first and goes then: `wait_until_ready` waits until it is back.

        Raises:
            AnswerLostError: it went before its answer had left; `wait_until_ready` works all the same.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. Source: Device management > Restart recognition module.
        """
        run(_workflows.restart(self._core, api.REBOOT))

    def reset_device(self) -> None:
        """Return the module to its factory settings. The store's association, everything it has learned and
        everything in its cache are gone, and nothing brings them back but a backup.

        Raises:
            AnswerLostError: it went before its answer had left (A13); `wait_until_ready` works all the same.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: destructive. Source: Device management > Factory reset.
        """
        run(_workflows.restart(self._core, api.RESET_DEVICE))

    # --- workflows

    def confirm(self, result: models.RecognitionResult, *, id: str, name: str) -> None:
        """Tell the module which product the clerk chose after a recognition: `result_feedback` with `intop`
        worked out. The module learns from it while learning mode is on.

        Args:
            result: The recognition, as `get_result` gave it.
            id: The chosen product's number, not empty.
            name: Its name, not empty.

        Raises:
            InvalidInputError: the id or the name is empty; nothing was sent.
            VisionAIError: the module said no, or cannot be reached or understood.
        """
        run(_workflows.confirm(self._core, result, id, name))

    def learn(
        self, *, id: str, name: str, pictures: int = 3, progress: ProgressCallback | None = None
    ) -> list[models.RegisteredImage]:
        """Teach the module the product on the pan: `register_item` for each picture, then
        `commit_registered_item`.

        Where a picture fails, those taken before go from the cache again and nothing is committed.

        Args:
            id: The product's number, not empty.
            name: Its name, not empty.
            pictures: How many template pictures, 1 or more. Turning the product between them helps.
            progress: Called before each picture (a chance to wait for the hand that turns the product) and
                after the last, with a `Progress` in the phase "learning".

        Returns:
            The template pictures; `Image.from_base64(each.image)` shows one.

        Raises:
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module said no, or cannot be reached or understood.
        """
        return run(_workflows.learn(self._core, id, name, pictures, progress))

    def backup(
        self,
        folder: str | PathLike[str],
        *,
        poll: float = 1.0,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> Path:
        """Make a backup of what the module has learned and save it in a folder.

        The file has its name only when it is whole. A file of that name is kept: the new one gets a number.

        Args:
            folder: An existing folder that can be written in.
            poll: Seconds between questions how far the module is; the vendor suggests 1.
            timeout: Seconds for all of it.
            progress: Called with a `Progress` in the phases "backing up" and "downloading" (bytes).

        Returns:
            The file's path.

        Raises:
            OSError: the folder is missing or cannot be written in (nothing was sent), or the disk is full.
            TransferError: the module could not make the backup.
            AnswerTimeoutError: the time is up; the module may still be at work.
            VisionAIError: the module said no, or cannot be reached or understood.
        """
        return run(_workflows.backup(self._core, folder, poll, timeout, progress))

    def save_backup(
        self,
        filename: str,
        folder: str | PathLike[str],
        *,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> Path:
        """Download a backup that the module has made, as `backup` does it: streamed, and whole or not there.

        Args:
            filename: The file's name as `get_backup_status` told it.
            folder: An existing folder that can be written in.
            timeout: Seconds for all of it.
            progress: Called with a `Progress` in the phase "downloading" (bytes).

        Returns:
            The file's path; its name is the module's, made harmless, with a number where it was taken.

        Raises:
            OSError: the folder is missing or cannot be written in, the disk is full.
            FileError: -6202, the module has no such file.
            VisionAIError: the module said no, or cannot be reached or understood.
        """
        return run(_workflows.save_backup(self._core, filename, folder, timeout, progress))

    def restore(
        self,
        file: Upload,
        *,
        poll: float = 1.0,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> None:
        """Put a backup back: upload it and wait until the module has taken it over.

        What the module has learned since is replaced by what is in the file.

        Args:
            file: The backup's path, or a seekable file opened in binary mode.
            poll: Seconds between questions how far the module is; the vendor suggests 1.
            timeout: Seconds for all of it.
            progress: Called with a `Progress` in the phases "uploading" (bytes) and "restoring".

        Raises:
            OSError: the file is missing or cannot be read; nothing was sent.
            InvalidInputError: the file is empty or no file; nothing was sent.
            TransferError: the module did not take it; `.status` and `.code` say why.
            AnswerTimeoutError: the time is up; the module may still be at work.
            VisionAIError: the module said no, or cannot be reached or understood.
        """
        run(_workflows.restore(self._core, file, poll, timeout, progress))

    def wait_until_ready(
        self,
        *,
        poll: float = 1.0,
        timeout: float = READY_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> models.DeviceInfo:
        """Wait until the module answers, after it was switched on, plugged in or restarted.

        After `reboot` or `reset_device` of this client the module may answer a little longer before it goes
        down: then ready is when it has been seen gone and back, or has answered for ten seconds.

        Args:
            poll: Seconds between questions.
            timeout: Seconds for all of it.
            progress: Called after each question with a `Progress` in the phase "waiting".

        Returns:
            What `get_device_info` says.

        Raises:
            UnreachableError: it was not ready in time; the message has the last thing that happened.
        """
        return run(_workflows.wait_until_ready(self._core, poll, timeout, progress))


class AsyncVisionAI(Client, AsyncOperations):
    """A VISION-AI module, for programs with an event loop (asyncio or trio). As `VisionAI`, awaited.

    async with AsyncVisionAI("emulator:") as module:
        print((await module.get_device_info()).firmware)
    """

    _asynchronous = True

    def _wire(self, carrier: object, at_once: int) -> Wire:
        return AsyncWire(carrier, at_once)

    async def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        return await self._core.call(operation, arguments)

    async def __aenter__(self) -> AsyncVisionAI:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends the connection. Calling it again does nothing."""
        await self._core.close()

    # --- operations that are odd

    async def get_image(self) -> Image:
        """Take a picture with the module's camera; see `VisionAI.get_image`."""
        return cast(Image, await super().get_image())

    async def reboot(self) -> None:
        """Restart the module; see `VisionAI.reboot`."""
        await _workflows.restart(self._core, api.REBOOT)

    async def reset_device(self) -> None:
        """Return the module to its factory settings; see `VisionAI.reset_device`."""
        await _workflows.restart(self._core, api.RESET_DEVICE)

    # --- workflows

    async def confirm(self, result: models.RecognitionResult, *, id: str, name: str) -> None:
        """Tell the module which product the clerk chose; see `VisionAI.confirm`."""
        await _workflows.confirm(self._core, result, id, name)

    async def learn(
        self, *, id: str, name: str, pictures: int = 3, progress: ProgressCallback | None = None
    ) -> list[models.RegisteredImage]:
        """Teach the module the product on the pan; see `VisionAI.learn`."""
        return await _workflows.learn(self._core, id, name, pictures, progress)

    async def backup(
        self,
        folder: str | PathLike[str],
        *,
        poll: float = 1.0,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> Path:
        """Make a backup and save it in a folder; see `VisionAI.backup`."""
        return await _workflows.backup(self._core, folder, poll, timeout, progress)

    async def save_backup(
        self,
        filename: str,
        folder: str | PathLike[str],
        *,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> Path:
        """Download a backup that the module has made; see `VisionAI.save_backup`."""
        return await _workflows.save_backup(self._core, filename, folder, timeout, progress)

    async def restore(
        self,
        file: Upload,
        *,
        poll: float = 1.0,
        timeout: float = TRANSFER_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> None:
        """Put a backup back; see `VisionAI.restore`."""
        await _workflows.restore(self._core, file, poll, timeout, progress)

    async def wait_until_ready(
        self,
        *,
        poll: float = 1.0,
        timeout: float = READY_TIMEOUT,
        progress: ProgressCallback | None = None,
    ) -> models.DeviceInfo:
        """Wait until the module answers; see `VisionAI.wait_until_ready`."""
        return await _workflows.wait_until_ready(self._core, poll, timeout, progress)
