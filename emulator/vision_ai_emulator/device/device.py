"""The state machine: what the device knows and does, without any HTTP."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import BinaryIO, Protocol, TypeVar

from attrs import define, evolve, frozen

from vision_ai_emulator.device import backup_file as backup
from vision_ai_emulator.device import recognizer as recogniser
from vision_ai_emulator.device.device_state import CachedPicture, Contents, Session
from vision_ai_emulator.device.error_codes import (
    BUSY,
    CAMERA_LOST,
    FILE_NOT_FOUND,
    NOT_ACTIVATED,
    NOTHING_IN_AREA,
    PARAMETER_ERROR,
    DeviceError,
)
from vision_ai_emulator.device.identifiers import Identifiers
from vision_ai_emulator.device.jobs import (
    BACKUP_COMPLETED,
    BACKUP_NONE,
    RESTORE_NONE,
    Backup,
    JobStatus,
    Restore,
    Schedule,
    backup_status,
    restore_status,
)
from vision_ai_emulator.device.persistent_state import (
    LEARN_MODE_OFF,
    LEARN_MODE_ON,
    Calibration,
    Features,
    Memory,
    Template,
)
from vision_ai_emulator.device.settings import Settings
from vision_ai_emulator.shared.clock import Clock
from vision_ai_emulator.shared.jsoncpp import Json, an_object

FACTORY_STORE_ID = "0000"
# "Customer store name, factory is not activated": taken to be the words that a factory-new device shows.
FACTORY_STORE_NAME = "not activated"

# How many recognitions wait for the clerk's choice; the oldest are forgotten first.
_RECOGNITIONS_KEPT = 1000

_Job = TypeVar("_Job", Backup | None, Restore | None)


class Eye(Protocol):
    """What the device sees with."""

    def picture(self) -> bytes:
        """The 1280x720 JPEG of what is before it now; the same object as long as nothing changes there."""
        ...


@frozen
class Registered:
    """What taking a template picture hands back: its identifier, and the JPEG of the recognition area."""

    image_id: str
    image: bytes


@frozen
class Recognition:
    """At most ten products with scores in [0, 1], best first, under the identifier for feedback."""

    sid: str
    items: tuple[tuple[str, float], ...]


@frozen(kw_only=True)
class Catalogue:
    """What the device knows."""

    names: dict[str, str]
    """The products' names by their ids, in the order in which they were first taught."""
    templates: dict[str, int]
    """How many pictures the engine remembers of each."""
    cache: tuple[CachedPicture, ...]
    calibration: Calibration
    learn_mode: int


@define
class _Sight:
    """What was last made of a picture: asking again about an unchanged pan costs nothing."""

    picture: bytes
    area: Calibration
    features: Features | None
    template: bytes | None = None


class Device:
    """One module. Every method is one call of the vendor's document and may be used from any thread.

    Methods raise `DeviceError` with the code that the call answers.
    """

    def __init__(self, settings: Settings, clock: Clock, eye: Eye, rng: random.Random) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._eye = eye
        self._sight: _Sight | None = None
        self.on_reboot: list[Callable[[], None]] = []
        """Called after every restart has begun, for whoever holds connections to the device."""
        self.start_over(settings, rng)

    def start_over(self, settings: Settings, rng: random.Random) -> None:
        """Become a fresh device."""
        with self._lock:
            self.settings = settings
            """What kind of device it is. Replaced at run time, it is another's firmware from then on."""
            self._contents = Contents()
            if settings.activated:
                self.activate(settings.store_id, settings.store_name)
            self.reseed(rng)
        self._tell()

    def reseed(self, rng: random.Random) -> None:
        """Make identifiers out of these random numbers from now on."""
        with self._lock:
            self._identifiers = Identifiers(self._clock, rng)

    def to_json(self) -> Json:
        """Everything but the settings, for a state file."""
        with self._lock:
            self._settle()
            return {"contents": self._contents.to_json(), "identifiers": self._identifiers.to_json()}

    def load(self, value: Json) -> Callable[[Settings], None]:
        """Read the inverse of `to_json`, and give what puts it in place.

        Raises ValueError, TypeError or KeyError for anything else.
        """
        state = an_object(value)
        contents = Contents.from_json(state["contents"])
        identifiers = Identifiers.from_json(self._clock, state["identifiers"])

        def go_on(settings: Settings) -> None:
            with self._lock:
                self.settings, self._contents, self._identifiers = settings, contents, identifiers
            self._tell()

        return go_on

    @property
    def up(self) -> bool:
        """False while the device restarts and nobody can reach it."""
        return self._clock.seconds() >= self._contents.up_from

    @property
    def reboots(self) -> int:
        """How often the device was restarted; a transfer under way does not outlive a change of it."""
        return self._contents.reboots

    @property
    def camera_lost(self) -> bool:
        """Whether the camera is unplugged."""
        return self._contents.camera_lost

    @camera_lost.setter
    def camera_lost(self, lost: bool) -> None:
        self._contents.camera_lost = lost

    @property
    def store(self) -> tuple[str, str] | None:
        """Id and name of the store that the device is activated for."""
        return self._contents.store

    def activate(self, store_id: str, store_name: str) -> None:
        """Associate the device with a store, as an installer does; no call of the document does it."""
        with self._lock:
            self._contents.store = (store_id, store_name)

    def deactivate(self) -> None:
        """Take the association with a store away."""
        with self._lock:
            self._contents.store = None

    def guesses(self) -> tuple[tuple[str, float], ...] | None:
        """What `get_result` would say of the pan, without a trace; None where nothing lies in the area."""
        with self._lock:
            self._settle()
            features = self._look(self._eye.picture()).features
            return recogniser.rank(features, self._contents.memory.products) if features else None

    def catalogue(self) -> Catalogue:
        """What the device knows, without a trace."""
        with self._lock:
            self._settle()
            memory = self._contents.memory
            return Catalogue(
                names={id: product.name for id, product in memory.products.items()},
                templates={id: len(product.templates) for id, product in memory.products.items()},
                cache=tuple(self._contents.session.cache),
                calibration=memory.calibration,
                learn_mode=memory.learn_mode,
            )

    def teach(self, id: str, name: str) -> None:
        """Learn what lies on the pan as a template of a product, without cache and commit."""
        with self._lock:
            self._settle()
            features = self._look(self._eye.picture()).features
            if features is None:
                raise DeviceError(NOTHING_IN_AREA)
            self._contents.memory.teach(id, name, (Template(self._identifiers.new(), features),))

    def jobs(self) -> tuple[JobStatus, str, JobStatus]:
        """The backup's status and file name and the restore's status, without counting as a question."""
        with self._lock:
            self._settle()
            return (*self._backup_status(), self._restore_status())

    # Device management

    def get_device_info(self) -> dict[str, str | int]:
        """Versions, names and numbers, under the names of the document."""
        with self._lock:
            self._settle()
            store_id, store_name = self._contents.store or (FACTORY_STORE_ID, FACTORY_STORE_NAME)
            return {
                "clientID": store_id,
                "clientName": store_name,
                "engine": self.settings.engine,
                "firmware": self.settings.firmware,
                "learnMode": self._contents.memory.learn_mode,
                "masterIP": self.settings.master_ip,
                "masterSN": self.settings.master_sn,
                "sdk": self.settings.sdk,
                "sn": self.settings.sn,
                "soldOutLimit": self.settings.sold_out_limit,
                "sync": self.settings.sync,
                "syncMode": self.settings.sync_mode,
            }

    def reset_device(self) -> None:
        """Factory settings: store, settings, catalogue, cache and jobs are gone."""
        with self._lock:
            self._contents.store = None
            self._contents.memory = Memory()
            self._contents.session = Session()
            self._contents.backup = self._contents.finished_backup = self._contents.restore = None

    def reboot(self, seconds: float | None = None) -> None:
        """Restart: the cache, open recognitions and unfinished jobs are lost, the rest is kept.

        The device is gone for `seconds` by its clock, the settings' `reboot_seconds` unless given.
        """
        with self._lock:
            self._settle()
            now = self._clock.seconds()
            contents = self._contents
            contents.session = Session()
            contents.backup = contents.finished_backup
            if contents.restore and not contents.restore.over(now):
                contents.restore = None
            contents.up_from = now + (self.settings.reboot_seconds if seconds is None else seconds)
            contents.reboots += 1
        self._tell()

    def get_calib(self) -> Calibration:
        """The recognition area."""
        with self._lock:
            self._settle()
            return self._contents.memory.calibration

    def set_calib(self, area: Calibration) -> None:
        """Set the recognition area; -6213 where it is empty or reaches out of the picture."""
        if not area.fits():
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._settle()
            self._contents.memory.calibration = area

    def get_learnmode(self) -> int:
        """0 recognises only, 1 learns from feedback as well."""
        with self._lock:
            self._settle()
            return self._contents.memory.learn_mode

    def set_learnmode(self, mode: int) -> None:
        """Set it; -6213 for anything but 0 and 1."""
        if mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._settle()
            self._contents.memory.learn_mode = mode

    # Category management

    def get_item_list(self) -> list[tuple[str, str]]:
        """Id and name of every product that can be recognised."""
        with self._lock:
            self._enter_activated()
            return [(id, product.name) for id, product in self._contents.memory.products.items()]

    def register_item(self, id: str, name: str) -> Registered:
        """Take a template picture into the cache; -65xx where nothing lies in the recognition area."""
        with self._lock:
            self._enter_activated()
            sight = self._look(self._picture())
            if sight.features is None:
                raise DeviceError(NOTHING_IN_AREA)
            if sight.template is None:
                sight.template = recogniser.cut(sight.picture, sight.area)
            image_id = self._identifiers.new()
            self._contents.session.cache.append(CachedPicture(id, name, image_id, sight.features))
            return Registered(image_id, sight.template)

    def delete_registered_image(self, id: str, image_id: str) -> None:
        """Drop one cached picture; -6202 where the product has none of that identifier."""
        with self._lock:
            self._enter_activated()
            self._take(lambda picture: picture.id == id and picture.image_id == image_id)

    def delete_registered_item(self, id: str) -> None:
        """Drop all cached pictures of a product; -6202 where it has none."""
        with self._lock:
            self._enter_activated()
            self._take(lambda picture: picture.id == id)

    def commit_registered_item(self, id: str) -> None:
        """Make a product's cached pictures recognisable; -6202 where it has none."""
        with self._lock:
            self._enter_activated()
            pictures = self._take(lambda picture: picture.id == id)
            templates = tuple(Template(picture.image_id, picture.features) for picture in pictures)
            self._contents.memory.teach(id, pictures[-1].name, templates)

    def get_registered_item_list(self) -> list[CachedPicture]:
        """What is cached and not committed, oldest first."""
        with self._lock:
            self._enter_activated()
            return list(self._contents.session.cache)

    # Recognition

    def get_result(self) -> Recognition:
        """Recognise what lies in the recognition area now."""
        with self._lock:
            self._enter_activated()
            features = self._look(self._picture()).features
            items = recogniser.rank(features, self._contents.memory.products) if features else ()
            sid = self._identifiers.new()
            self._contents.session.recognitions[sid] = features
            if len(self._contents.session.recognitions) > _RECOGNITIONS_KEPT:
                self._contents.session.recognitions.popitem(last=False)
            return Recognition(sid, items)

    def result_feedback(self, sid: str, id: str, name: str) -> None:
        """Learn the clerk's choice if learning is on; -6202 for a recognition that is not known (any more).

        Nothing can be learned from a recognition that saw nothing. A second choice for the same recognition
        and product replaces the first.
        """
        with self._lock:
            self._enter_activated()
            if sid not in self._contents.session.recognitions:
                raise DeviceError(FILE_NOT_FOUND)
            features = self._contents.session.recognitions[sid]
            if features and self._contents.memory.learn_mode == LEARN_MODE_ON:
                self._contents.memory.teach(id, name, (Template(sid, features),))

    def get_image(self) -> bytes:
        """The JPEG of the whole view."""
        with self._lock:
            self._settle()
            return self._picture()

    # Backup and restore

    def start_backup(self, failure: int = 0) -> None:
        """Begin to generate a backup of the state of this moment; -6204 while a job runs.

        With a `failure` generating ends in that error code.
        """
        with self._lock:
            self._enter_activated()
            self._refuse_while_busy()
            self._contents.backup = Backup(
                schedule=self._schedule(self.settings.backup_seconds),
                filename=f"{self._identifiers.new()}.evo",
                content=backup.write(self._identity(), self._contents.memory, self.settings.backup_padding),
                failure=failure,
            )

    def get_backup_status(self) -> tuple[JobStatus, str]:
        """How far the backup is, and the file's name once there is one ("" until then)."""
        with self._lock:
            self._settle()
            status = self._backup_status()
            self._contents.backup = _asked(self._contents.backup)
            return status

    def download(self, filename: str) -> bytes:
        """The finished backup of that name; -6202 where there is none. Only the latest is kept."""
        with self._lock:
            self._settle()
            if self._contents.finished_backup is None or self._contents.finished_backup.filename != filename:
                raise DeviceError(FILE_NOT_FOUND)
            return self._contents.finished_backup.content

    def start_restore(self, file: BinaryIO, failure: int = 0) -> None:
        """Begin to restore from an uploaded file, which is read here and may be closed afterwards.

        -6140 where it is no backup, -6204 while a job runs. All else that is wrong with it comes out in the
        status, once it has been verified. With a `failure` restoring ends in that error code.
        """
        with self._lock:
            self._enter_activated()
            self._refuse_while_busy()
            backup.check_format(file)
            restore = Restore(schedule=self._schedule(self.settings.restore_seconds), failure=failure)
            try:
                restore = evolve(restore, memory=backup.read(file, self._identity()))
            except DeviceError as error:
                restore = evolve(restore, refusal=error.code)
            self._contents.restore = restore

    def get_restore_status(self) -> JobStatus:
        """How far the restore is."""
        with self._lock:
            self._settle()
            status = self._restore_status()
            self._contents.restore = _asked(self._contents.restore)
            return status

    def fail_backup(self, failure: int) -> bool:
        """Let the backup that runs end now, in an error code. False where none runs."""
        with self._lock:
            self._settle()
            job = self._contents.backup
            if job is None or job.over(self._clock.seconds()):
                return False
            self._contents.backup = evolve(
                job, schedule=evolve(job.schedule, pace="immediate"), failure=failure
            )
            return True

    def fail_restore(self, failure: int) -> bool:
        """Let the restore that runs end now, in an error code. False where none runs."""
        with self._lock:
            self._settle()
            job = self._contents.restore
            if job is None or job.over(self._clock.seconds()):
                return False
            self._contents.restore = evolve(
                job, schedule=evolve(job.schedule, pace="immediate"), failure=failure
            )
            return True

    # Inside; all of these are called with the lock held

    def _settle(self) -> None:
        """Let the jobs that ended by now take effect."""
        now = self._clock.seconds()
        contents = self._contents
        if contents.backup and not contents.backup.failure and contents.backup.over(now):
            contents.finished_backup = contents.backup
        restore = contents.restore
        if restore and restore.memory and restore.over(now):
            if not restore.failure:
                contents.memory = restore.memory
            # Put in place once: what is taught from now on must not be undone.
            contents.restore = evolve(restore, memory=None)

    def _schedule(self, seconds: float) -> Schedule:
        return Schedule(pace=self.settings.pace, started=self._clock.seconds(), seconds=seconds)

    def _backup_status(self) -> tuple[JobStatus, str]:
        job = self._contents.backup
        if job is None:
            return backup_status(BACKUP_NONE), ""
        status = job.status(self._clock.seconds())
        return status, job.filename if status.status == BACKUP_COMPLETED else ""

    def _restore_status(self) -> JobStatus:
        job = self._contents.restore
        return job.status(self._clock.seconds()) if job else restore_status(RESTORE_NONE)

    def _enter_activated(self) -> None:
        self._settle()
        if self.settings.require_activation and self._contents.store is None:
            raise DeviceError(NOT_ACTIVATED)

    def _refuse_while_busy(self) -> None:
        now = self._clock.seconds()
        if any(job and not job.over(now) for job in (self._contents.backup, self._contents.restore)):
            raise DeviceError(BUSY)

    def _identity(self) -> backup.Identity:
        store_id = self._contents.store[0] if self._contents.store else FACTORY_STORE_ID
        return backup.Identity(store_id=store_id, sn=self.settings.sn, engine=self.settings.engine)

    def _picture(self) -> bytes:
        if self.camera_lost:
            raise DeviceError(CAMERA_LOST)
        return self._eye.picture()

    def _look(self, picture: bytes) -> _Sight:
        area = self._contents.memory.calibration
        sight = self._sight
        if sight is None or sight.picture is not picture or sight.area != area:
            sight = self._sight = _Sight(picture, area, recogniser.features(picture, area))
        return sight

    def _take(self, wanted: Callable[[CachedPicture], bool]) -> list[CachedPicture]:
        """Remove pictures from the cache and hand them over."""
        taken = [picture for picture in self._contents.session.cache if wanted(picture)]
        if not taken:
            raise DeviceError(FILE_NOT_FOUND)
        self._contents.session.cache = [
            picture for picture in self._contents.session.cache if not wanted(picture)
        ]
        return taken

    def _tell(self) -> None:
        for listener in list(self.on_reboot):
            listener()


def _asked(job: _Job) -> _Job:
    """A job after one more question about it."""
    if job is None:
        return job
    return evolve(job, schedule=evolve(job.schedule, polls=job.schedule.polls + 1))
