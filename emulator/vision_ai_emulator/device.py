"""The state machine: what the device knows and does, without any HTTP."""

from __future__ import annotations

import random
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import BinaryIO, Protocol

from attrs import define, evolve, field, frozen

from vision_ai_emulator import backup, recogniser
from vision_ai_emulator.clock import Clock
from vision_ai_emulator.codes import (
    BUSY,
    CAMERA_LOST,
    FILE_NOT_FOUND,
    NOT_ACTIVATED,
    NOTHING_IN_AREA,
    PARAMETER_ERROR,
    DeviceError,
)
from vision_ai_emulator.identifiers import Identifiers
from vision_ai_emulator.jobs import (
    BACKUP_COMPLETED,
    BACKUP_NONE,
    RESTORE_NONE,
    Backup,
    JobStatus,
    Restore,
    backup_status,
    restore_status,
)
from vision_ai_emulator.memory import LEARN_MODE_OFF, LEARN_MODE_ON, Calibration, Features, Memory, Template
from vision_ai_emulator.settings import Settings

FACTORY_STORE_ID = "0000"
# "Customer store name, factory is not activated": taken to be the words that a factory-new device shows.
FACTORY_STORE_NAME = "not activated"

# How many recognitions wait for the clerk's choice; the oldest are forgotten first.
_RECOGNITIONS_KEPT = 1000


class Eye(Protocol):
    """What the device sees with."""

    def picture(self) -> bytes:
        """The 1280x720 JPEG of what is before it now; the same object as long as nothing changes there."""
        ...


@frozen
class CachedPicture:
    """A registered picture that is not committed yet."""

    id: str
    name: str
    image_id: str
    features: Features


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


@define
class _Sight:
    """What was last made of a picture: asking again about an unchanged pan costs nothing."""

    picture: bytes
    area: Calibration
    features: Features | None
    template: bytes | None = None


@define
class _Session:
    """What a reboot forgets."""

    cache: list[CachedPicture] = field(factory=list[CachedPicture])
    recognitions: OrderedDict[str, Features | None] = field(factory=OrderedDict[str, Features | None])


class Device:
    """One module. Every method is one call of the vendor's document and may be used from any thread.

    Methods raise `DeviceError` with the code that the call answers.
    """

    def __init__(self, settings: Settings, clock: Clock, eye: Eye, rng: random.Random) -> None:
        self._settings = settings
        self._clock = clock
        self._eye = eye
        self._identifiers = Identifiers(clock, rng)
        self._lock = threading.RLock()
        self._memory = Memory()
        self._session = _Session()
        self._sight: _Sight | None = None
        self._backup: Backup | None = None
        self._finished_backup: Backup | None = None
        self._restore: Restore | None = None
        self._up_from = 0.0
        self._store: tuple[str, str] | None = None
        if settings.activated:
            self.activate(settings.store_id, settings.store_name)
        self.camera_lost = False
        self.reboots = 0
        """How often the device was restarted; a transfer under way does not outlive a change of it."""
        self.on_reboot: list[Callable[[], None]] = []
        """Called after every restart has begun, for whoever holds connections to the device."""

    @property
    def settings(self) -> Settings:
        """How the device was made."""
        return self._settings

    @property
    def up(self) -> bool:
        """False while the device restarts and nobody can reach it."""
        return self._clock.seconds() >= self._up_from

    def activate(self, store_id: str, store_name: str) -> None:
        """Associate the device with a store, as an installer does; no call of the document does it."""
        with self._lock:
            self._store = (store_id, store_name)

    # Device management

    def get_device_info(self) -> dict[str, str | int]:
        """Versions, names and numbers, under the names of the document."""
        with self._lock:
            self._settle()
            store_id, store_name = self._store or (FACTORY_STORE_ID, FACTORY_STORE_NAME)
            return {
                "clientID": store_id,
                "clientName": store_name,
                "engine": self._settings.engine,
                "firmware": self._settings.firmware,
                "learnMode": self._memory.learn_mode,
                "masterIP": self._settings.master_ip,
                "masterSN": self._settings.master_sn,
                "sdk": self._settings.sdk,
                "sn": self._settings.sn,
                "soldOutLimit": self._settings.sold_out_limit,
                "sync": self._settings.sync,
                "syncMode": self._settings.sync_mode,
            }

    def reset_device(self) -> None:
        """Factory settings: store, settings, catalogue, cache and jobs are gone."""
        with self._lock:
            self._store = None
            self._memory = Memory()
            self._session = _Session()
            self._backup = self._finished_backup = self._restore = None

    def reboot(self) -> None:
        """Restart: the cache, open recognitions and unfinished jobs are lost, the rest is kept."""
        with self._lock:
            self._settle()
            now = self._clock.seconds()
            self._session = _Session()
            self._backup = self._finished_backup
            if self._restore and now < self._restore.ends:
                self._restore = None
            self._up_from = now + self._settings.reboot_seconds
            self.reboots += 1
        for listener in list(self.on_reboot):
            listener()

    def get_calib(self) -> Calibration:
        """The recognition area."""
        with self._lock:
            self._settle()
            return self._memory.calibration

    def set_calib(self, area: Calibration) -> None:
        """Set the recognition area; -6213 where it is empty or reaches out of the picture."""
        if not area.fits():
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._settle()
            self._memory.calibration = area

    def get_learnmode(self) -> int:
        """0 recognises only, 1 learns from feedback as well."""
        with self._lock:
            self._settle()
            return self._memory.learn_mode

    def set_learnmode(self, mode: int) -> None:
        """Set it; -6213 for anything but 0 and 1."""
        if mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._settle()
            self._memory.learn_mode = mode

    # Category management

    def get_item_list(self) -> list[tuple[str, str]]:
        """Id and name of every product that can be recognised."""
        with self._lock:
            self._enter_activated()
            return [(id, product.name) for id, product in self._memory.products.items()]

    def register_item(self, id: str, name: str) -> Registered:
        """Take a template picture into the cache; -65xx where nothing lies in the recognition area."""
        with self._lock:
            self._enter_activated()
            sight = self._look()
            if sight.features is None:
                raise DeviceError(NOTHING_IN_AREA)
            if sight.template is None:
                sight.template = recogniser.cut(sight.picture, sight.area)
            image_id = self._identifiers.new()
            self._session.cache.append(CachedPicture(id, name, image_id, sight.features))
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
            self._memory.teach(id, pictures[-1].name, templates)

    def get_registered_item_list(self) -> list[CachedPicture]:
        """What is cached and not committed, oldest first."""
        with self._lock:
            self._enter_activated()
            return list(self._session.cache)

    # Recognition

    def get_result(self) -> Recognition:
        """Recognise what lies in the recognition area now."""
        with self._lock:
            self._enter_activated()
            features = self._look().features
            items = recogniser.rank(features, self._memory.products) if features else ()
            sid = self._identifiers.new()
            self._session.recognitions[sid] = features
            if len(self._session.recognitions) > _RECOGNITIONS_KEPT:
                self._session.recognitions.popitem(last=False)
            return Recognition(sid, items)

    def result_feedback(self, sid: str, id: str, name: str) -> None:
        """Learn the clerk's choice if learning is on; -6202 for a recognition that is not known (any more).

        Nothing can be learned from a recognition that saw nothing. A second choice for the same recognition
        and product replaces the first.
        """
        with self._lock:
            self._enter_activated()
            if sid not in self._session.recognitions:
                raise DeviceError(FILE_NOT_FOUND)
            features = self._session.recognitions[sid]
            if features and self._memory.learn_mode == LEARN_MODE_ON:
                self._memory.teach(id, name, (Template(sid, features),))

    def get_image(self) -> bytes:
        """The JPEG of the whole view."""
        with self._lock:
            self._settle()
            return self._picture()

    # Backup and restore

    def start_backup(self) -> None:
        """Begin to generate a backup of the state of this moment; -6204 while a job runs."""
        with self._lock:
            self._enter_activated()
            self._refuse_while_busy()
            content = backup.write(self._identity(), self._memory, self._settings.backup_padding)
            ends = self._clock.seconds() + self._settings.backup_seconds
            self._backup = Backup(ends, f"{self._identifiers.new()}.evo", content)

    def get_backup_status(self) -> tuple[JobStatus, str]:
        """How far the backup is, and the file's name once there is one ("" until then)."""
        with self._lock:
            self._settle()
            if self._backup is None:
                return backup_status(BACKUP_NONE), ""
            status = self._backup.status(self._clock.seconds())
            return status, self._backup.filename if status.status == BACKUP_COMPLETED else ""

    def download(self, filename: str) -> bytes:
        """The finished backup of that name; -6202 where there is none. Only the latest is kept."""
        with self._lock:
            self._settle()
            if self._finished_backup is None or self._finished_backup.filename != filename:
                raise DeviceError(FILE_NOT_FOUND)
            return self._finished_backup.content

    def start_restore(self, file: BinaryIO) -> None:
        """Begin to restore from an uploaded file, which is read here and may be closed afterwards.

        -6140 where it is no backup, -6204 while a job runs. All else that is wrong with it comes out in the
        status, once it has been verified.
        """
        with self._lock:
            self._enter_activated()
            self._refuse_while_busy()
            backup.check_format(file)
            now = self._clock.seconds()
            duration = self._settings.restore_seconds
            restore = Restore(verifies=now + duration / 2, ends=now + duration)
            try:
                self._restore = evolve(restore, memory=backup.read(file, self._identity()))
            except DeviceError as error:
                self._restore = evolve(restore, code=error.code)

    def get_restore_status(self) -> JobStatus:
        """How far the restore is."""
        with self._lock:
            self._settle()
            return (
                self._restore.status(self._clock.seconds()) if self._restore else restore_status(RESTORE_NONE)
            )

    # Inside; all of these are called with the lock held

    def _settle(self) -> None:
        """Let the jobs that ended by now take effect."""
        now = self._clock.seconds()
        if self._backup and now >= self._backup.ends:
            self._finished_backup = self._backup
        if self._restore and self._restore.memory and now >= self._restore.ends:
            self._memory = self._restore.memory
            # Put in place once: what is taught from now on must not be undone.
            self._restore = evolve(self._restore, memory=None)

    def _enter_activated(self) -> None:
        self._settle()
        if self._settings.require_activation and self._store is None:
            raise DeviceError(NOT_ACTIVATED)

    def _refuse_while_busy(self) -> None:
        now = self._clock.seconds()
        if any(job and now < job.ends for job in (self._backup, self._restore)):
            raise DeviceError(BUSY)

    def _identity(self) -> backup.Identity:
        store_id = self._store[0] if self._store else FACTORY_STORE_ID
        return backup.Identity(store_id=store_id, sn=self._settings.sn, engine=self._settings.engine)

    def _picture(self) -> bytes:
        if self.camera_lost:
            raise DeviceError(CAMERA_LOST)
        return self._eye.picture()

    def _look(self) -> _Sight:
        picture = self._picture()
        area = self._memory.calibration
        sight = self._sight
        if sight is None or sight.picture is not picture or sight.area != area:
            sight = self._sight = _Sight(picture, area, recogniser.features(picture, area))
        return sight

    def _take(self, wanted: Callable[[CachedPicture], bool]) -> list[CachedPicture]:
        """Remove pictures from the cache and hand them over."""
        taken = [picture for picture in self._session.cache if wanted(picture)]
        if not taken:
            raise DeviceError(FILE_NOT_FOUND)
        self._session.cache = [picture for picture in self._session.cache if not wanted(picture)]
        return taken
