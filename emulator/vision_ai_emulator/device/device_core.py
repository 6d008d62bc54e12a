"""The state of a device, what changes it apart from the operations, and the operations that all versions have."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import define, evolve, frozen

from vision_ai_emulator.camera.camera import Camera
from vision_ai_emulator.device import recognizer
from vision_ai_emulator.device.api_versions import API_TRAITS
from vision_ai_emulator.device.clock import Clock
from vision_ai_emulator.device.device_state import (
    CachedPicture,
    DeviceState,
    PendingUpgrade,
    VolatileState,
)
from vision_ai_emulator.device.error_codes import (
    CAMERA_LOST,
    NOT_ACTIVATED,
    NOTHING_IN_AREA,
    PARAMETER_ERROR,
    DeviceError,
)
from vision_ai_emulator.device.firmware_file import Firmware
from vision_ai_emulator.device.identifiers import IdentifierGenerator
from vision_ai_emulator.device.jobs import (
    BACKUP_COMPLETED,
    BACKUP_GENERATING,
    BACKUP_NONE,
    RESTORE_NONE,
    RESTORE_RESTORING,
    RESTORE_VERIFYING,
    JobStatus,
    make_backup_status,
    make_restore_status,
)
from vision_ai_emulator.device.persistent_state import (
    CalibrationArea,
    Features,
    PersistentState,
    Template,
)
from vision_ai_emulator.device.settings import Settings
from vision_ai_emulator.shared.json_values import Json, require_object

if TYPE_CHECKING:
    from PIL import Image

# The number of recognitions that accept feedback; the oldest one is dropped first.
_MAX_RECOGNITIONS = 1000


@frozen
class TemplatePicture:
    """What `_take_template` has extracted from the item on the pan."""

    features: Features
    image: bytes
    """The JPEG of the recognition area."""


@frozen
class Recognition:
    """The most similar products with scores in [0, 1], best first, and the identifier for feedback."""

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


class DeviceCore:
    """The state of one module. All public methods are thread-safe.

    Every method first applies what has happened since the last call.
    """

    def __init__(self, settings: Settings, clock: Clock, camera: Camera, rng: random.Random) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._camera = camera
        self._analysis: _Analysis | None = None
        self._unplug_count = 0
        self.on_reboot: list[Callable[[], None]] = []
        """Called when a restart has begun or will begin by itself, when the device was unplugged or plugged in, and
        when the whole state was replaced."""
        self.initialize(settings, rng)

    def initialize(self, settings: Settings, rng: random.Random) -> None:
        """Become a new device."""
        with self._lock:
            self._settings = settings
            self._state = DeviceState(volatile=VolatileState(date_from=self._clock.seconds()))
            if settings.activated:
                self.activate(settings.store_id, settings.store_name)
            self.reseed(rng)
        self._notify()

    def reseed(self, rng: random.Random) -> None:
        """Generate identifiers from `rng` from now on."""
        with self._lock:
            self._identifiers = IdentifierGenerator(rng)

    def take_snapshot(self) -> tuple[Settings, Json]:
        """Return the settings, and everything else of the same moment as JSON, for a state file."""
        with self._lock:
            self._update()
            return self._settings, {
                "contents": self._state.to_json(),
                "identifiers": self._identifiers.to_json(),
            }

    def read_snapshot(self, value: Json) -> DeviceSnapshot:
        """Read the JSON of `take_snapshot`. Raises ValueError, TypeError or KeyError for anything else."""
        document = require_object(value)
        return DeviceSnapshot(
            DeviceState.from_json(document["contents"]),
            IdentifierGenerator.from_json(document["identifiers"]),
        )

    def apply_snapshot(self, snapshot: DeviceSnapshot, settings: Settings) -> None:
        """Continue from a snapshot."""
        with self._lock:
            self._settings = settings
            self._state = snapshot.state
            self._identifiers = snapshot.identifiers
        self._notify()

    @property
    def settings(self) -> Settings:
        """The device's properties. Replacing them at run time acts like a firmware change."""
        with self._lock:
            self._update()
            return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        with self._lock:
            self._update()
            self._settings = settings

    @property
    def up(self) -> bool:
        """Whether the device is reachable: False while it restarts or is unplugged."""
        with self._lock:
            self._update()
            return self._state.plugged_in and self._clock.seconds() >= self._state.up_from

    @property
    def plugged_in(self) -> bool:
        """Whether the device has power."""
        return self._state.plugged_in

    @property
    def unplug_count(self) -> int:
        """How often the device was unplugged; a change breaks off every request that is running."""
        return self._unplug_count

    @property
    def will_restart(self) -> bool:
        """Whether the device is going to restart by itself, because an upgrade has begun."""
        state = self._state
        return state.upgrade is not None or (state.restore is not None and state.restore.firmware is not None)

    @property
    def reboots(self) -> int:
        """The number of restarts, those by unplugging included; a change interrupts a running transfer."""
        with self._lock:
            self._update()
            return self._state.reboots

    @property
    def date(self) -> datetime:
        """The device's own date and time, from which it makes identifiers."""
        with self._lock:
            self._update()
            return self._get_date()

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
            self._update()
            features = self._analyze(self._camera.take_picture()).features
            return self._rank(features) if features else None

    def get_catalog(self) -> Catalog:
        """Return what the device knows, without changing any state."""
        with self._lock:
            self._update()
            state = self._state.persistent
            return Catalog(
                names={id: product.name for id, product in state.products.items()},
                templates={id: len(product.templates) for id, product in state.products.items()},
                cache=tuple(self._state.volatile.cache),
                calibration=state.calibration,
                learn_mode=state.learn_mode,
            )

    def teach(self, id: str, name: str | None = None) -> None:
        """Add a template of the item on the pan to a product, whatever the operations allow.

        Without a name the product keeps its name, or has none.
        """
        with self._lock:
            self._update()
            features = self._analyze(self._camera.take_picture()).features
            if features is None:
                raise DeviceError(NOTHING_IN_AREA)
            template = Template(self._make_identifier(), features)
            known = self._state.persistent.products.get(id)
            self._add_templates(id, name or (known.name if known else ""), (template,))

    def get_jobs(self) -> tuple[JobStatus, str, JobStatus]:
        """Return the backup's status and file name and the restore's status; does not count as a poll."""
        with self._lock:
            self._update()
            return (*self._make_backup_status(), self._make_restore_status())

    def can_fail_job(self, operation: str) -> bool:
        """Whether `operation` starts a job, or polls one that is running."""
        backup, _, restore = self.get_jobs()
        if operation == "get_backup_status":
            return backup.status == BACKUP_GENERATING
        if operation == "get_restore_status":
            return restore.status in (RESTORE_RESTORING, RESTORE_VERIFYING)
        return operation in ("start_backup", "start_restore")

    def reboot(self, seconds: float | None = None) -> None:
        """Restart: clear the cache, the open recognitions and the unfinished jobs, and keep the rest.

        The device is unreachable for `seconds` of its clock; None means the settings' `reboot_seconds`. It has no
        effect on an unplugged device.
        """
        with self._lock:
            self._update()
            if not self._state.plugged_in:
                return
            duration = self._settings.reboot_seconds if seconds is None else seconds
            self._restart_now(duration)
        self._notify()

    def unplug(self) -> None:
        """Cut the power: the device is unreachable until `plug_in`, and loses what a restart clears."""
        with self._lock:
            if not self._state.plugged_in:
                return
            self._update()
            self._restart_now(0)
            self._state.plugged_in = False
            self._unplug_count += 1
        self._notify()

    def plug_in(self) -> None:
        """Start the unplugged device, which is reachable after the settings' `reboot_seconds`."""
        with self._lock:
            if self._state.plugged_in:
                return
            # Again: a request that was running may have changed the state after the power was cut.
            self._clear_volatile_state(self._clock.seconds())
            self._state.up_from = self._clock.seconds() + self._settings.reboot_seconds
            self._state.plugged_in = True
        self._notify()

    # The operations that all versions have in the same form

    def set_calib(self, area: CalibrationArea) -> None:
        """Set the recognition area. Raises -6213 if it is empty or extends beyond the picture."""
        if not area.fits_picture():
            raise DeviceError(PARAMETER_ERROR)
        with self._lock:
            self._update()
            self._state.persistent.calibration = area

    def get_result(self) -> Recognition:
        """Recognize the item in the recognition area; of an empty one as the settings' `empty_pan_result` says."""
        with self._lock:
            self._require_activation()
            features = self._analyze(self._take_picture()).features
            items = self._rank(features) if features else self._make_empty_pan_guesses()
            sid = self._make_identifier()
            recognitions = self._state.volatile.recognitions
            recognitions[sid] = features
            if len(recognitions) > _MAX_RECOGNITIONS:
                recognitions.popitem(last=False)
            return Recognition(sid, items)

    def get_image(self) -> bytes:
        """Return the JPEG of the whole view."""
        with self._lock:
            self._update()
            return self._take_picture()

    # The methods below require the lock

    def _update(self) -> None:
        """Apply what has happened since the last call: jobs have ended, or an upgrade has restarted the device."""
        now = self._clock.seconds()
        state = self._state
        if state.backup and not state.backup.failure and state.backup.is_over(now):
            state.finished_backup = state.backup
        restore = state.restore
        if restore and (restore.state or restore.firmware) and restore.is_over(now):
            if restore.state and not restore.failure:
                state.persistent = restore.state
            if restore.firmware and not restore.failure:
                restart_at = restore.schedule.get_end(now) + self._settings.upgrade_seconds
                state.upgrade = PendingUpgrade(firmware=restore.firmware, restart_at=restart_at)
            # Applied once only: later changes to the catalog must stay.
            state.restore = evolve(restore, state=None, firmware=None)
        upgrade = state.upgrade
        if upgrade and now >= upgrade.restart_at:
            self._install(upgrade.firmware)
            self._begin_restart(upgrade.restart_at, self._settings.reboot_seconds)
            self._notify()

    def _install(self, firmware: Firmware) -> None:
        """Become a V2 device. What survives is not known: here it is what identifies the device, and where it looks."""
        state = self._state
        settings = self._settings
        before = state.persistent
        self._settings = settings.change(
            api="v2", app=firmware.app, engine=firmware.engine, firmware=firmware.version
        )
        state.persistent = PersistentState(calibration=before.calibration)
        if settings.upgrade_keeps_products:
            for id, product in before.products.items():
                self._add_templates(id, product.name, product.templates)
        state.backup = state.finished_backup = state.restore = state.upgrade = None

    def _restart_now(self, seconds: float) -> None:
        if self._state.upgrade:
            self._install(self._state.upgrade.firmware)
        self._begin_restart(self._clock.seconds(), seconds)

    def _begin_restart(self, at: float, seconds: float) -> None:
        self._clear_volatile_state(at)
        self._state.up_from = at + seconds
        self._state.reboots += 1

    def _clear_volatile_state(self, at: float) -> None:
        state = self._state
        state.volatile = VolatileState(date_from=at)
        state.backup = state.finished_backup
        if state.restore and not state.restore.is_over(at):
            state.restore = None

    def _get_date(self) -> datetime:
        if API_TRAITS[self._settings.api].knows_date:
            return self._clock.now()
        volatile = self._state.volatile
        return volatile.date + timedelta(seconds=self._clock.seconds() - volatile.date_from)

    def _make_identifier(self) -> str:
        return self._identifiers.generate(self._get_date())

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
        self._update()
        if self._settings.require_activation and self._state.store is None:
            raise DeviceError(NOT_ACTIVATED)

    def _take_picture(self) -> bytes:
        if self.camera_lost:
            raise DeviceError(CAMERA_LOST)
        return self._camera.take_picture()

    def _take_template(self) -> TemplatePicture:
        """Take a template picture of the item on the pan. Raises -6103, or -65xx if the recognition area is empty."""
        analysis = self._analyze(self._take_picture())
        if analysis.features is None:
            raise DeviceError(NOTHING_IN_AREA)
        if analysis.template is None:
            analysis.template = recognizer.make_template_picture(analysis.view)
        return TemplatePicture(analysis.features, analysis.template)

    def _add_templates(self, id: str, name: str, templates: tuple[Template, ...]) -> None:
        limit = API_TRAITS[self._settings.api].templates_per_product
        self._state.persistent.add_templates(id, name, templates, limit)

    def _rank(self, features: Features) -> tuple[tuple[str, float], ...]:
        ranked = recognizer.rank(features, self._state.persistent.products)
        return ranked[: self._settings.max_result_num]

    def _make_empty_pan_guesses(self) -> tuple[tuple[str, float], ...]:
        match self._settings.empty_pan_result:
            case "no_guesses":
                return ()
            case "low_scores":
                return recognizer.rank_nothing(self._state.persistent.products)[
                    : self._settings.max_result_num
                ]
            case "error":
                raise DeviceError(self._settings.empty_pan_code)

    def _analyze(self, picture: bytes) -> _Analysis:
        area = self._state.persistent.calibration
        analysis = self._analysis
        if analysis is None or analysis.picture is not picture or analysis.area != area:
            view = recognizer.crop(picture, area)
            analysis = self._analysis = _Analysis(picture, area, view, recognizer.extract_features(view))
        return analysis

    def _notify(self) -> None:
        for listener in list(self.on_reboot):
            listener()
