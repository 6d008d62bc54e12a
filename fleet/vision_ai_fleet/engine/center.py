"""The center of a fleet: a folder with its keys and data, and the engine that runs on it."""

from __future__ import annotations

import asyncio
import logging
import random
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from vision_ai_fleet.connection import connect, get_subject
from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.errors import FleetError, NotFoundError
from vision_ai_fleet.messages import decode
from vision_ai_fleet.names import ScaleId

from . import home
from .home import CenterSettings, HomeLock, write_private
from .identities import Identity, IdentityList
from .permissions import ACCOUNTS
from .server import Server
from .server_config import ServerSettings, format_address
from .streams import add_scales, make_streams
from .tls import Certificates, check_certificates, make_certificates
from .trust import Trust

logger = logging.getLogger("vision_ai_fleet")

WATCH_INTERVAL = 0.25
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds before the engine is started again after it died."""
REVOKE_INTERVAL = 5.0
"""Seconds between the looks for identities that another program revoked, or whose time is over."""
CLAIMS_UPDATE = "$SYS.REQ.CLAIMS.UPDATE"
STEADY = 120.0
"""Seconds of running after which the pauses begin anew."""
FREE_SHARE = 0.9
"""A disk that is full to the last byte would end the engine: it refuses before that."""


class Center:
    """A center's home. `create` and `open` make one; `start` runs the engine on it.

    Several programs may have the same home open, for example `fleet up` and `fleet enrol`; one of them runs it.
    """

    def __init__(self, folder: Path, settings: CenterSettings, trust: Trust) -> None:
        self.folder = folder
        self.settings = settings
        self.trust = trust
        self.identities = IdentityList(folder / home.IDENTITIES)
        self._lock = HomeLock(folder / home.LOCK)
        self._server: Server | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._pushed: dict[str, int] = {}
        self.restarts = 0
        """How often the engine died and was started again."""

    @classmethod
    def create(cls, folder: Path, settings: CenterSettings | None = None) -> Center:
        """Make the home of a new fleet: keys and settings.

        Raises:
            FleetError: there is one already.
        """
        folder = folder.absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / home.KEYS).exists():
            raise FleetError(
                f"{folder} is already a center's folder", "Use it, or name another one: --folder."
            )
        trust = Trust.create()
        settings = settings or CenterSettings()
        write_private(folder / home.SETTINGS, settings.format())
        trust.save(folder / home.KEYS)
        return cls(folder, settings, trust)

    @classmethod
    def open(cls, folder: Path) -> Center:
        """Open an existing home.

        Raises:
            NotFoundError: there is none.
            InvalidInputError: its settings are damaged.
        """
        folder = folder.absolute()
        if not (folder / home.KEYS).exists():
            raise NotFoundError(
                f"there is no center in {folder}",
                "Make one: vision-ai fleet up. Or name its folder: --folder.",
            )
        settings = CenterSettings()
        with suppress(FileNotFoundError):
            settings = CenterSettings.parse((folder / home.SETTINGS).read_text(encoding="utf-8"))
        return cls(folder, settings, Trust.load(folder / home.KEYS))

    def change_settings(self, settings: CenterSettings) -> None:
        """Store other settings. They hold from the next start."""
        write_private(self.folder / home.SETTINGS, settings.format())
        self.settings = settings
        self.__dict__.pop("certificates", None)

    @property
    def url(self) -> str:
        """Where programs on this computer reach the engine."""
        return self._make_url(self.settings.local_host)

    @property
    def public_url(self) -> str:
        """Where scales reach the engine."""
        return self._make_url(self.settings.public_host)

    @cached_property
    def certificates(self) -> Certificates | None:
        """The server's certificate, made where it is missing or ends soon; None: only this computer connects.

        Raises:
            InvalidInputError: given files cannot be used.
        """
        settings = self.settings
        if settings.is_local:
            return None
        if settings.certificate is not None and settings.key is not None:
            files = Certificates(settings.certificate, settings.key, settings.ca)
            check_certificates(files)
            return files
        host = () if settings.host in home.WILDCARDS else (settings.host,)
        return make_certificates(self.folder / home.TLS, [*settings.names, settings.public_host, *host])

    @property
    def operator(self) -> Credentials:
        """The credentials of whoever runs this center. They are made once."""
        return Credentials.read(self.make_operator())

    def make_operator(self) -> Path:
        """Write `operator.creds`, where it is missing or names another address, and return its path."""
        path = self.folder / home.OPERATOR
        ca = self.certificates.ca_text if self.certificates else ""
        try:
            present = Credentials.read(path)
        except FileNotFoundError:
            present = replace(self.make_credentials("operator", "operator"), server="")
        wanted = replace(present, server=self.url, ca=ca)
        if wanted != present:
            wanted.write(path)
        return path

    def make_credentials(
        self,
        role: str,
        name: str,
        *,
        scale: ScaleId | None = None,
        store: str = "",
        domain: str = "",
        server: str = "",
        expires: int | None = None,
    ) -> Credentials:
        """Make an identity and add it to the list.

        Args:
            role: `operator`, `viewer`, `manager` or `scale`.
            name: Who it is.
            scale: For a scale.
            store: For a manager.
            domain: The JetStream domain of the store's own server.
            server: Where it connects; "": to this center.
            expires: When it ends, in seconds since 1970-01-01 UTC; None: not by itself.
        """
        credentials = self.trust.make_credentials(
            role,
            name,
            server=server or self.public_url,
            scale=scale,
            store=store,
            ca=self.certificates.ca_text if self.certificates else "",
            domain=domain,
            expires=expires,
        )
        self.identities.add(
            Identity(
                get_subject(credentials.jwt),
                role,
                name,
                credentials.store,
                credentials.scale,
                time.time(),
                expires,
            )
        )
        return credentials

    def find_valid(self, scale: ScaleId) -> list[Identity]:
        """Return the identities with which a scale may connect."""
        found = self.identities.find(role="scale", store=scale.store, scale=scale.scale)
        return [identity for identity in found if identity.is_valid]

    async def revoke(self, identities: Iterable[Identity], *, after: float = 0.0) -> None:
        """Make identities void. Who is connected with one of them is cut off.

        Args:
            identities: See `identities.find` and `find_valid`.
            after: Seconds for which they still hold. A running center ends them then.

        Raises:
            FleetError: the engine does not respond. They are void from its next start.
        """
        for identity in identities:
            self.identities.revoke(identity.public_key, time.time() + after)
        await self.push_revocations()

    async def push_revocations(self) -> bool:
        """Tell the engine which identities are void, where that changed. Returns whether it did.

        Raises:
            FleetError: the engine does not respond.
        """
        revoked = self._list_revoked()
        if revoked == self._pushed:
            return False
        self.trust.revoked = revoked
        ca = self.certificates.ca_text if self.certificates else ""
        async with connect(self.trust.make_system_credentials(self.url, ca)) as connection:
            for name in ACCOUNTS:
                reply = await connection.request(CLAIMS_UPDATE, self.trust.sign_account(name).encode())
                if decode(reply).get("data", {}).get("code") != 200:
                    raise FleetError("the engine did not accept the list of void identities")
        self._pushed = revoked
        return True

    def _list_revoked(self) -> dict[str, int]:
        return {each.public_key: int(each.revoked or 0) + 1 for each in self.identities.get_revoked()}

    @property
    def is_running(self) -> bool:
        """Whether the engine runs in this program."""
        return self._server is not None and self._server.pid is not None

    @property
    def engine_pid(self) -> int | None:
        return self._server.pid if self._server else None

    async def start(self) -> None:
        """Run the engine, make what it keeps, and start it again whenever it dies.

        Raises:
            FleetError: another program runs this center, or the engine did not start.
        """
        self._lock.acquire()
        try:
            self.make_operator()
            is_lost = not (self.folder / home.ENGINE / "jetstream").exists()
            if not self.settings.server:
                self.trust.revoked = self._pushed = self._list_revoked()
                self._server = Server(self._make_server_settings(), self.trust)
                await asyncio.to_thread(self._server.start)
            async with connect(self.operator, name="center") as connection:
                await make_streams(connection, replicas=self.settings.replicas)
                if is_lost and not self.settings.server:
                    await add_scales(connection, self._list_scales(), replicas=self.settings.replicas)
            self._supervisor = asyncio.create_task(self._supervise(), name="engine")
        except BaseException:
            await self.stop()
            raise

    def _list_scales(self) -> list[ScaleId]:
        valid = (each for each in self.identities.find(role="scale") if each.is_valid)
        return list(dict.fromkeys(ScaleId(each.store, each.scale) for each in valid))

    async def stop(self) -> None:
        """End the engine. Calling it again does nothing."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is not None:
            supervisor.cancel()
            with suppress(asyncio.CancelledError):
                await supervisor
        server, self._server = self._server, None
        try:
            if server is not None:
                await asyncio.to_thread(server.stop)
        finally:
            self._lock.release()

    async def _supervise(self) -> None:
        pause, started, due = SHORTEST_PAUSE, time.monotonic(), 0.0
        while True:
            await asyncio.sleep(WATCH_INTERVAL)
            if self._server is not None and self._server.pid is None:
                if time.monotonic() - started > STEADY:
                    pause = SHORTEST_PAUSE
                await self._start_again(self._server)
                started = time.monotonic()
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))
                pause = min(LONGEST_PAUSE, pause * 2)
            elif time.monotonic() > due:
                due = time.monotonic() + REVOKE_INTERVAL
                try:
                    await self.push_revocations()
                except FleetError as error:
                    logger.warning("identities could not be revoked: %s", error)

    async def _start_again(self, server: Server) -> None:
        logger.warning("the engine ended; it is started again")
        self.restarts += 1
        self.trust.revoked = self._pushed = self._list_revoked()
        try:
            await asyncio.to_thread(server.start)
        except (FleetError, OSError) as error:
            logger.error("the engine does not start: %s", error)

    def _make_url(self, host: str) -> str:
        if self.settings.server:
            return self.settings.server
        return f"{'tls' if self.certificates else 'nats'}://{format_address(host, self.settings.port)}"

    def _make_server_settings(self) -> ServerSettings:
        settings, files = self.settings, self.certificates
        return ServerSettings(
            self.folder / home.ENGINE,
            host=settings.host,
            port=settings.port,
            monitor_port=settings.monitor_port,
            certificate=files.certificate if files else None,
            key=files.key if files else None,
            sync=settings.sync,
            name=settings.name,
            max_file=settings.max_file or measure_space(self.folder / home.ENGINE),
            max_memory=settings.max_memory,
            leaf_port=settings.leaf_port,
        )


async def start_center(folder: Path, settings: CenterSettings | None = None) -> Center:
    """Start the center of a folder; a new one is made where there is none.

    Args:
        folder: Its home.
        settings: Other settings than the stored ones; None: the stored ones.

    Raises:
        FleetError: see `Center.start`.
    """
    if (folder / home.KEYS).exists():
        center = Center.open(folder)
        if settings is not None and settings != center.settings:
            center.change_settings(settings)
    else:
        center = Center.create(folder, settings)
    await center.start()
    return center


def measure_space(folder: Path) -> int:
    """Return how many bytes the engine may store: what it has, and nine tenths of what is free."""
    store = folder / "jetstream"
    present = sum(each.stat().st_size for each in store.rglob("*") if each.is_file()) if store.exists() else 0
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return present + int(shutil.disk_usage(folder).free * FREE_SHARE)
