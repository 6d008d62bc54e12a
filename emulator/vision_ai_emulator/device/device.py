"""The device as a state machine, without HTTP."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from attrs import define, evolve, frozen

from vision_ai_emulator.camera.camera import Camera
from vision_ai_emulator.device import backup_file, recognizer
from vision_ai_emulator.device.clock import Clock
from vision_ai_emulator.device.device_state import CachedPicture, DeviceState, VolatileState
from vision_ai_emulator.device.error_codes import (
    BUSY,
    CAMERA_LOST,
    FILE_NOT_FOUND,
    NOT_ACTIVATED,
    NOTHING_IN_AREA,
    PARAMETER_ERROR,
    DeviceError,
)
from vision_ai_emulator.device.identifiers import IdentifierGenerator
from vision_ai_emulator.device.jobs import (
    BACKUP_COMPLETED,
    BACKUP_GENERATING,
    BACKUP_NONE,
    RESTORE_NONE,
    RESTORE_RESTORING,
    RESTORE_VERIFYING,
    Backup,
    JobStatus,
    Restore,
    Schedule,
    make_backup_status,
    make_restore_status,
)
from vision_ai_emulator.device.persistent_state import (
    LEARN_MODE_OFF,
    LEARN_MODE_ON,
    CalibrationArea,
    Features,
    PersistentState,
    Template,
)
from vision_ai_emulator.device.settings import Settings
from vision_ai_emulator.shared.json_values import Json, require_object

if TYPE_CHECKING:
    from PIL import Image

FACTORY_STORE_ID = "0000"
# "Customer store name, factory is not activated": read as the text that a new device returns.
FACTORY_STORE_NAME = "not activated"

# The number of recognitions that accept feedback; the oldest one is dropped first.
_MAX_RECOGNITIONS = 1000

_Job = TypeVar("_Job", Backup | None, Restore | None)


@frozen
class RegisteredPicture:
    """A new template picture: its identifier, and the JPEG of the recognition area."""

    image_id: str
    image: bytes


@frozen
class Recognition:
    """At most ten products with scores in [0, 1], best first, and the identifier for feedback."""

    sid: str
    items: tuple[tuple[str, float], ...]


@frozen(kw_only=True)
class Catalog:
    """The products that the device knows, and how it recognizes them."""

    names: dict[str, str]
    """The products' names by id, in the order in which the products were added."""
    templates: dict[str, int]
    """The number of each product's template pictures."""
    cache: tuple[CachedPicture, ...]
    calibration: CalibrationArea
    learn_mode: int


@frozen
class DeviceSnapshot:
    """The state of a device and of its identifiers, read from a state file."""

    state: DeviceState
    identifiers: IdentifierGenerator


@define
class _Analysis:
    """The result for the latest picture: repeated calls on an unchanged pan do not analyze it again."""

    picture: bytes
    area: CalibrationArea
    view: Image.Image
    features: Features | None
    template: bytes | None = None


class Device:
    """One module. Each public method in the second half is one operation of the vendor's document.

    All methods are thread-safe. They raise `DeviceError` with the code that the operation returns.
    """

    def __init__(self, settings: Settings, clock: Clock, camera: Camera, rng: random.Random) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._camera = camera
        self._analysis: _Analysis | None = None
        self.on_reboot: list[Callable[[], None]] = []
        """Called after every restart has begun and after the whole state was replaced."""
        self.initialize(settings, rng)

    def initialize(self, settings: Settings, rng: random.Random) -> None:
        """Become a new device."""
        with self._lock:
            self.settings = settings
            """The device's properties. Replacing them at run time acts like a firmware change."""
            self._state = DeviceState()
            if settings.activated:
                self.activate(settings.store_id, settings.store_name)
            self.reseed(rng)
        self._notify()

    def reseed(self, rng: random.Random) -> None:
        """Generate identifiers from `rng` from now on."""
        with self._lock:
            self._identifiers = IdentifierGenerator(self._clock, rng)

    def to_json(self) -> Json:
        """Return everything but the settings as JSON, for a state file."""
        with self._lock:
            self._finish_jobs()
            return {"contents": self._state.to_json(), "identifiers": self._identifiers.to_json()}

    def read_snapshot(self, value: Json) -> DeviceSnapshot:
        """Read the result of `to_json`. Raises ValueError, TypeError or KeyError for anything else."""
        document = require_object(value)
        return DeviceSnapshot(
            DeviceState.from_json(document["contents"]),
            IdentifierGenerator.from_json(self._clock, document["identifiers"]),
        )

    def apply_snapshot(self, snapshot: DeviceSnapshot, settings: Settings) -> None:
        """Continue from a snapshot."""
        with self._lock:
            self.settings = settings
            self._state = snapshot.state
            self._identifiers = snapshot.identifiers
        self._notify()

    @property
    def up(self) -> bool:
        """Whether the device is reachable: False while it restarts."""
        return self._clock.seconds() >= self._state.up_from

    @property
    def reboots(self) -> int:
        """The number of restarts; a change interrupts a running transfer."""
        return self._state.reboots

    @property
    def camera_lost(self) -> bool:
        """Whether the camera is unplugged."""
        return self._state.camera_lost

    @camera_lost.setter
    def camera_lost(self, lost: bool) -> None:
        self._state.camera_lost = lost

    @property
    def store(self) -> tuple[str, str] | None:
        """Id and name of the store that the device is activated for."""
        return self._state.store

    def activate(self, store_id: str, store_name: str) -> None:
        """Activate the device for a store, as an installer does; no operation of the document does this."""
        with self._lock:
            self._state.store = (store_id, store_name)

    def deactivate(self) -> None:
        """Remove the activation."""
        with self._lock:
            self._state.store = None

    def preview_result(self) -> tuple[tuple[str, float], ...] | None:
        """Return the guesses of `get_result` without changing any state; None if the area is empty."""
        with self._lock:
            self._finish_jobs()
            features = self._analyze(self._camera.take_picture()).features
            return recognizer.rank(features, self._state.persistent.products) if features else None

    def get_catalog(self) -> Catalog:
        """Return what the device knows, without changing any state."""
        with self._lock:
            self._finish_jobs()
            state = self._state.persistent
            return Catalog(
                names={id: product.name for id, product in state.products.items()},
                templates={id: len(product.templates) for id, product in state.products.items()},
                cache=tuple(self._state.volatile.cache),
                calibration=state.calibration,
                learn_mode=state.learn_mode,
            )

    def teach(self, id: str, name: str) -> None:
        """Add a template of the item on the pan to a product, without the cache and a commit."""
        with self._lock:
            self._finish_jobs()
            features = self._analyze(self._camera.take_picture()).features
            if features is None:
                raise DeviceError(NOTHING_IN_AREA)
            template = Template(self._identifiers.generate(), features)
            self._state.persistent.add_templates(id, name, (template,))

    def get_jobs(self) -> tuple[JobStatus, str, JobStatus]:
        """Return the backup's status and file name and the restore's status; does not count as a poll."""
        with self._lock:
            self._finish_jobs()
            return (*self._make_backup_status(), self._make_restore_status())

    def can_fail_job(self, operation: str) -> bool:
        """Whether `operation` starts a job, or polls one that is running."""
        backup, _, restore = self.get_jobs()
        if operation == "get_backup_status":
            return backup.status == BACKUP_GENERATING
        if operation == "get_restore_status":
            return restore.status in (RESTORE_RESTORING, RESTORE_VERIFYING)
        return operation in ("start_backup", "start_restore")

    # Device management

    def get_device_info(self) -> dict[str, str | int]:
        """Return versions, names and numbers under the document's field names."""
        with self._lock:
            self._finish_jobs()
            store_id, store_name = self._state.store or (FACTORY_STORE_ID, FACTORY_STORE_NAME)
            return {
                "clientID": store_id,
                "clientName": store_name,
                "engine": self.settings.engine,
                "firmware": self.settings.firmware,
                "learnMode": self._state.persistent.learn_mode,
                "masterIP": self.settings.master_ip,
                "masterSN": self.settings.master_sn,
                "sdk": self.settings.sdk,
                "sn": self.settings.sn,
                "soldOutLimit": self.settings.sold_out_limit,
                "sync": self.settings.sync,
                "syncMode": self.settings.sync_mode,
            }

    def reset_device(self) -> None:
        """Restore the factory settings: clear the store, the persistent state, the cache and the jobs."""
        with self._lock:
            self._state.store = None
            self._state.persistent = PersistentState()
            self._state.volatile = VolatileState()
            self._state.backup = self._state.finished_backup = self._state.restore = None

    def reboot(self, seconds: float | None = None) -> None:
        """Restart: clear the cache, the open recognitions and the unfinished jobs, and keep the rest.

        The device is unreachable for `seconds` of its clock; None means the settings' `reboot_seconds`.
        """
        with self._lock:
            self._finish_jobs()
            now = self._clock.seconds()
            state = self._state
            state.volatile = VolatileState()
            state.backup = state.finished_backup
            if state.restore and not state.restore.is_over(now):
                state.restore = None
            state.up_from = now + (self.settings.reboot_seconds if seconds is None else seconds)
            state.reboots += 1
        self._notify()

    def get_calib(self) -> CalibrationArea:
        """Return the recognition area."""
        with self._lock:
            self._finish_jobs()
            return self._state.persistent.calibration

    def set_calib(self, area: CalibrationArea) -> None:
        """Set the recognition area. Raises -6213 if it is empty or extends beyond the picture."""
        if not area.fits_picture():
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._finish_jobs()
            self._state.persistent.calibration = area

    def get_learnmode(self) -> int:
        """Return 0 (only recognize) or 1 (also learn from feedback)."""
        with self._lock:
            self._finish_jobs()
            return self._state.persistent.learn_mode

    def set_learnmode(self, mode: int) -> None:
        """Set the learn mode. Raises -6213 for anything but 0 and 1."""
        if mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._finish_jobs()
            self._state.persistent.learn_mode = mode

    # Category management

    def get_item_list(self) -> list[tuple[str, str]]:
        """Return id and name of every product that the device can recognize."""
        with self._lock:
            self._require_activation()
            return [(id, product.name) for id, product in self._state.persistent.products.items()]

    def register_item(self, id: str, name: str) -> RegisteredPicture:
        """Add a template picture to the cache. Raises -65xx if the recognition area is empty."""
        with self._lock:
            self._require_activation()
            analysis = self._analyze(self._take_picture())
            if analysis.features is None:
                raise DeviceError(NOTHING_IN_AREA)
            if analysis.template is None:
                analysis.template = recognizer.make_template_picture(analysis.view)
            image_id = self._identifiers.generate()
            self._state.volatile.cache.append(CachedPicture(id, name, image_id, analysis.features))
            return RegisteredPicture(image_id, analysis.template)

    def delete_registered_image(self, id: str, image_id: str) -> None:
        """Delete one cached picture. Raises -6202 if the product has no picture with that identifier."""
        with self._lock:
            self._require_activation()
            self._pop_from_cache(lambda picture: picture.id == id and picture.image_id == image_id)

    def delete_registered_item(self, id: str) -> None:
        """Delete all cached pictures of a product. Raises -6202 if there are none."""
        with self._lock:
            self._require_activation()
            self._pop_from_cache(lambda picture: picture.id == id)

    def commit_registered_item(self, id: str) -> None:
        """Turn a product's cached pictures into templates. Raises -6202 if there are none."""
        with self._lock:
            self._require_activation()
            pictures = self._pop_from_cache(lambda picture: picture.id == id)
            templates = tuple(Template(picture.image_id, picture.features) for picture in pictures)
            self._state.persistent.add_templates(id, pictures[-1].name, templates)

    def get_registered_item_list(self) -> list[CachedPicture]:
        """Return the cached pictures that are not committed, oldest first."""
        with self._lock:
            self._require_activation()
            return list(self._state.volatile.cache)

    # Recognition

    def get_result(self) -> Recognition:
        """Recognize the item in the recognition area."""
        with self._lock:
            self._require_activation()
            features = self._analyze(self._take_picture()).features
            items = recognizer.rank(features, self._state.persistent.products) if features else ()
            sid = self._identifiers.generate()
            recognitions = self._state.volatile.recognitions
            recognitions[sid] = features
            if len(recognitions) > _MAX_RECOGNITIONS:
                recognitions.popitem(last=False)
            return Recognition(sid, items)

    def result_feedback(self, sid: str, id: str, name: str) -> None:
        """Learn the clerk's choice if learning is on. Raises -6202 if the recognition is not known.

        A recognition of an empty area teaches nothing. A second choice of the same product for the same
        recognition replaces the first.
        """
        with self._lock:
            self._require_activation()
            if sid not in self._state.volatile.recognitions:
                raise DeviceError(FILE_NOT_FOUND)
            features = self._state.volatile.recognitions[sid]
            if features and self._state.persistent.learn_mode == LEARN_MODE_ON:
                self._state.persistent.add_templates(id, name, (Template(sid, features),))

    def get_image(self) -> bytes:
        """Return the JPEG of the whole view."""
        with self._lock:
            self._finish_jobs()
            return self._take_picture()

    # Backup and restore

    def start_backup(self, failure: int = 0) -> None:
        """Start a backup of the current state. Raises -6204 while a job runs.

        `failure` is the error code that the job ends with; 0 if it succeeds.
        """
        with self._lock:
            self._require_activation()
            self._require_idle()
            self._state.backup = Backup(
                schedule=self._make_schedule(self.settings.backup_seconds),
                filename=f"{self._identifiers.generate()}.evo",
                content=backup_file.write(
                    self._get_identity(), self._state.persistent, self.settings.backup_padding
                ),
                failure=failure,
            )

    def get_backup_status(self) -> tuple[JobStatus, str]:
        """Return the backup's status and the file's name ("" until the file is complete)."""
        with self._lock:
            self._finish_jobs()
            status = self._make_backup_status()
            self._state.backup = _count_poll(self._state.backup)
            return status

    def download(self, filename: str) -> bytes:
        """Return the finished backup with that name. Raises -6202 for any but the latest one."""
        with self._lock:
            self._finish_jobs()
            backup = self._state.finished_backup
            if backup is None or backup.filename != filename:
                raise DeviceError(FILE_NOT_FOUND)
            return backup.content

    def start_restore(self, file: BinaryIO, failure: int = 0) -> None:
        """Start a restore from an uploaded file, which may be closed afterwards.

        Raises -6140 if the file is not a backup, -6204 while a job runs. The job's status reports any other
        error in the file after verification. `failure` is the error code that restoring ends with; 0 if it
        succeeds.
        """
        with self._lock:
            self._require_activation()
            self._require_idle()
            backup_file.check_format(file)
            restore = Restore(schedule=self._make_schedule(self.settings.restore_seconds), failure=failure)
            try:
                restore = evolve(restore, state=backup_file.read(file, self._get_identity()))
            except DeviceError as error:
                restore = evolve(restore, refusal=error.code)
            self._state.restore = restore

    def get_restore_status(self) -> JobStatus:
        """Return the restore's status."""
        with self._lock:
            self._finish_jobs()
            status = self._make_restore_status()
            self._state.restore = _count_poll(self._state.restore)
            return status

    def fail_backup(self, failure: int) -> bool:
        """End the running backup with an error code. Returns False if no backup is running."""
        with self._lock:
            self._finish_jobs()
            job = self._state.backup
            if job is None or job.is_over(self._clock.seconds()):
                return False
            self._state.backup = evolve(job, schedule=evolve(job.schedule, pace="immediate"), failure=failure)
            return True

    def fail_restore(self, failure: int) -> bool:
        """End the running restore with an error code. Returns False if no restore is running."""
        with self._lock:
            self._finish_jobs()
            job = self._state.restore
            if job is None or job.is_over(self._clock.seconds()):
                return False
            self._state.restore = evolve(
                job, schedule=evolve(job.schedule, pace="immediate"), failure=failure
            )
            return True

    # The methods below require the lock

    def _finish_jobs(self) -> None:
        """Apply the results of the jobs that have ended."""
        now = self._clock.seconds()
        state = self._state
        if state.backup and not state.backup.failure and state.backup.is_over(now):
            state.finished_backup = state.backup
        restore = state.restore
        if restore and restore.state and restore.is_over(now):
            if not restore.failure:
                state.persistent = restore.state
            # Applied once only: later changes to the catalog must stay.
            state.restore = evolve(restore, state=None)

    def _make_schedule(self, seconds: float) -> Schedule:
        return Schedule(pace=self.settings.pace, started=self._clock.seconds(), seconds=seconds)

    def _make_backup_status(self) -> tuple[JobStatus, str]:
        job = self._state.backup
        if job is None:
            return make_backup_status(BACKUP_NONE), ""
        status = job.get_status(self._clock.seconds())
        return status, job.filename if status.status == BACKUP_COMPLETED else ""

    def _make_restore_status(self) -> JobStatus:
        job = self._state.restore
        return job.get_status(self._clock.seconds()) if job else make_restore_status(RESTORE_NONE)

    def _require_activation(self) -> None:
        self._finish_jobs()
        if self.settings.require_activation and self._state.store is None:
            raise DeviceError(NOT_ACTIVATED)

    def _require_idle(self) -> None:
        now = self._clock.seconds()
        if any(job and not job.is_over(now) for job in (self._state.backup, self._state.restore)):
            raise DeviceError(BUSY)

    def _get_identity(self) -> backup_file.Identity:
        store_id = self._state.store[0] if self._state.store else FACTORY_STORE_ID
        return backup_file.Identity(store_id=store_id, sn=self.settings.sn, engine=self.settings.engine)

    def _take_picture(self) -> bytes:
        if self.camera_lost:
            raise DeviceError(CAMERA_LOST)
        return self._camera.take_picture()

    def _analyze(self, picture: bytes) -> _Analysis:
        area = self._state.persistent.calibration
        analysis = self._analysis
        if analysis is None or analysis.picture is not picture or analysis.area != area:
            view = recognizer.crop(picture, area)
            analysis = self._analysis = _Analysis(picture, area, view, recognizer.extract_features(view))
        return analysis

    def _pop_from_cache(self, matches: Callable[[CachedPicture], bool]) -> list[CachedPicture]:
        """Remove pictures from the cache and return them. Raises -6202 if there are none."""
        cache = self._state.volatile.cache
        pictures = [picture for picture in cache if matches(picture)]
        if not pictures:
            raise DeviceError(FILE_NOT_FOUND)
        self._state.volatile.cache = [picture for picture in cache if not matches(picture)]
        return pictures

    def _notify(self) -> None:
        for listener in list(self.on_reboot):
            listener()


def _count_poll(job: _Job) -> _Job:
    """Return the job after one more status poll."""
    if job is None:
        return job
    return evolve(job, schedule=evolve(job.schedule, polls=job.schedule.polls + 1))
