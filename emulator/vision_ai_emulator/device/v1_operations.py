"""The operations that only V1 has, or that V1 has in another form than V2."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, TypeVar

from attrs import evolve, frozen

from vision_ai_emulator.device import backup_file, evo_file, firmware_file
from vision_ai_emulator.device.device_core import DeviceCore
from vision_ai_emulator.device.device_state import CachedPicture, VolatileState
from vision_ai_emulator.device.error_codes import BUSY, FILE_NOT_FOUND, PARAMETER_ERROR, DeviceError
from vision_ai_emulator.device.jobs import Backup, JobStatus, Restore, Schedule
from vision_ai_emulator.device.persistent_state import (
    LEARN_MODE_OFF,
    LEARN_MODE_ON,
    CalibrationArea,
    PersistentState,
    Template,
)

FACTORY_STORE_ID = "0000"
# "Customer store name, factory is not activated": read as the text that a new device returns.
FACTORY_STORE_NAME = "not activated"

_Job = TypeVar("_Job", Backup | None, Restore | None)


@frozen
class RegisteredPicture:
    """A new template picture: its identifier, and the JPEG of the recognition area."""

    image_id: str
    image: bytes


class V1Operations(DeviceCore):
    """The operations of V1. They raise `DeviceError` with the code that the operation returns."""

    def get_device_info(self) -> dict[str, str | int]:
        """Return versions, names and numbers under the document's field names."""
        with self._lock:
            self._update()
            store_id, store_name = self._state.store or (FACTORY_STORE_ID, FACTORY_STORE_NAME)
            return {
                "clientID": store_id,
                "clientName": store_name,
                "engine": self._settings.engine,
                "firmware": self._settings.firmware,
                "learnMode": self._state.persistent.learn_mode,
                "masterIP": self._settings.master_ip,
                "masterSN": self._settings.master_sn,
                "sdk": self._settings.sdk,
                "sn": self._settings.sn,
                "soldOutLimit": self._settings.sold_out_limit,
                "sync": self._settings.sync,
                "syncMode": self._settings.sync_mode,
            }

    def reset_device(self) -> None:
        """Restore the factory settings: clear the store, the persistent state, the cache and the jobs."""
        with self._lock:
            self._state.store = None
            self._state.persistent = PersistentState()
            self._state.volatile = VolatileState()
            self._state.backup = self._state.finished_backup = self._state.restore = None
            self._state.upgrade = None

    def get_calib(self) -> CalibrationArea:
        """Return the recognition area."""
        with self._lock:
            self._update()
            return self._state.persistent.calibration

    def get_learnmode(self) -> int:
        """Return 0 (only recognize) or 1 (also learn from feedback)."""
        with self._lock:
            self._update()
            return self._state.persistent.learn_mode

    def set_learnmode(self, mode: int) -> None:
        """Set the learn mode. Raises -6213 for anything but 0 and 1."""
        if mode not in (LEARN_MODE_OFF, LEARN_MODE_ON):
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._update()
            self._state.persistent.learn_mode = mode

    def get_item_list(self) -> list[tuple[str, str]]:
        """Return id and name of every product that the device can recognize."""
        with self._lock:
            self._require_activation()
            return [(id, product.name) for id, product in self._state.persistent.products.items()]

    def register_item(self, id: str, name: str) -> RegisteredPicture:
        """Add a template picture to the cache. Raises -65xx if the recognition area is empty."""
        with self._lock:
            self._require_activation()
            picture = self._take_template()
            image_id = self._make_identifier()
            self._state.volatile.cache.append(CachedPicture(id, name, image_id, picture.features))
            return RegisteredPicture(image_id, picture.image)

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
            self._add_templates(id, pictures[-1].name, templates)

    def get_registered_item_list(self) -> list[CachedPicture]:
        """Return the cached pictures that are not committed, oldest first."""
        with self._lock:
            self._require_activation()
            return list(self._state.volatile.cache)

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
                self._add_templates(id, name, (Template(sid, features),))

    def start_backup(self, failure: int = 0) -> None:
        """Start a backup of the current state. Raises -6204 while a job runs.

        `failure` is the error code that the job ends with; 0 if it succeeds.
        """
        with self._lock:
            self._require_activation()
            self._require_idle()
            self._state.backup = Backup(
                schedule=self._make_schedule(self._settings.backup_seconds),
                filename=f"{self._make_identifier()}.evo",
                content=backup_file.write(
                    self._get_identity(), self._state.persistent, self._settings.backup_padding
                ),
                failure=failure,
            )

    def get_backup_status(self) -> tuple[JobStatus, str]:
        """Return the backup's status and the file's name ("" until the file is complete)."""
        with self._lock:
            self._update()
            status = self._make_backup_status()
            self._state.backup = _count_poll(self._state.backup)
            return status

    def download(self, filename: str) -> bytes:
        """Return the finished backup with that name. Raises -6202 for any but the latest one."""
        with self._lock:
            self._update()
            backup = self._state.finished_backup
            if backup is None or backup.filename != filename:
                raise DeviceError(FILE_NOT_FOUND)
            return backup.content

    def start_restore(self, file: BinaryIO, failure: int = 0) -> None:
        """Start a restore from an uploaded backup or firmware file, which may be closed afterwards.

        Raises -6140 if the file is neither, -6204 while a job runs. The job's status reports any other
        error in the file after verification. `failure` is the error code that restoring ends with; 0 if it
        succeeds.
        """
        with self._lock:
            self._require_activation()
            self._require_idle()
            kind = evo_file.find_kind(file)
            restore = Restore(schedule=self._make_schedule(self._settings.restore_seconds), failure=failure)
            try:
                if kind == "firmware":
                    restore = evolve(restore, firmware=firmware_file.read(file, self._settings.board))
                else:
                    restore = evolve(restore, state=backup_file.read(file, self._get_identity()))
            except DeviceError as error:
                restore = evolve(restore, refusal=error.code)
            self._state.restore = restore
        if restore.firmware:
            self._notify()

    def get_restore_status(self) -> JobStatus:
        """Return the restore's status."""
        with self._lock:
            self._update()
            status = self._make_restore_status()
            self._state.restore = _count_poll(self._state.restore)
            return status

    def fail_backup(self, failure: int) -> bool:
        """End the running backup with an error code. Returns False if no backup is running."""
        with self._lock:
            self._update()
            job = self._state.backup
            if job is None or job.is_over(self._clock.seconds()):
                return False
            self._state.backup = evolve(job, schedule=evolve(job.schedule, pace="immediate"), failure=failure)
            return True

    def fail_restore(self, failure: int) -> bool:
        """End the running restore with an error code. Returns False if no restore is running."""
        with self._lock:
            self._update()
            job = self._state.restore
            if job is None or job.is_over(self._clock.seconds()):
                return False
            self._state.restore = evolve(
                job, schedule=evolve(job.schedule, pace="immediate"), failure=failure
            )
            return True

    def _make_schedule(self, seconds: float) -> Schedule:
        return Schedule(pace=self._settings.pace, started=self._clock.seconds(), seconds=seconds)

    def _require_idle(self) -> None:
        now = self._clock.seconds()
        if any(job and not job.is_over(now) for job in (self._state.backup, self._state.restore)):
            raise DeviceError(BUSY)

    def _get_identity(self) -> backup_file.Identity:
        store_id = self._state.store[0] if self._state.store else FACTORY_STORE_ID
        return backup_file.Identity(store_id=store_id, sn=self._settings.sn, engine=self._settings.engine)

    def _pop_from_cache(self, matches: Callable[[CachedPicture], bool]) -> list[CachedPicture]:
        """Remove pictures from the cache and return them. Raises -6202 if there are none."""
        cache = self._state.volatile.cache
        pictures = [picture for picture in cache if matches(picture)]
        if not pictures:
            raise DeviceError(FILE_NOT_FOUND)
        self._state.volatile.cache = [picture for picture in cache if not matches(picture)]
        return pictures


def _count_poll(job: _Job) -> _Job:
    """Return the job after one more status poll."""
    if job is None:
        return job
    return evolve(job, schedule=evolve(job.schedule, polls=job.schedule.polls + 1))
