"""Credentials: who somebody is, where the center is, and whom to trust, in one text file.

The NATS parts have the standard form of a `.creds` file, so that NATS's own tools read it too.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from vision_ai import InvalidInputError

from .errors import NotPermittedError
from .messages import derive_secret
from .names import ScaleId, check_name

ROLES = ("operator", "viewer", "manager", "scale")
_FIELD = re.compile(r"^(server|role|name|store|scale|secret|domain): *(\S*)\s*$", re.MULTILINE)
_JWT = re.compile(r"-+BEGIN NATS USER JWT-+\s+(\S+)\s+-+END NATS USER JWT-+")
_SEED = re.compile(r"-+BEGIN USER NKEY SEED-+\s+(\S+)\s+-+END USER NKEY SEED-+")
_CA = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Credentials:
    """Who somebody is. Its text is a password: keep the file to its owner.

    Args:
        server: The center's address: `tls://host:4222`, or `nats://127.0.0.1:4222` on this computer.
        role: `operator`, `viewer`, `manager` or `scale`.
        name: Who it is, for lists and logs.
        jwt: The signed identity.
        seed: The key that a person signs with; "" for a scale, whose identity is a bearer token.
        secret: What seals orders: the fleet's, a store's, or a scale's own; empty for a viewer.
        store, scale: For a manager and a scale.
        ca: The authority that signed the center's certificate, as PEM; "" for the system's authorities.
        domain: The JetStream domain of the store's own server; "" without one.
    """

    server: str
    role: str
    name: str = ""
    jwt: str = field(default="", repr=False)
    seed: str = field(default="", repr=False)
    secret: bytes = field(default=b"", repr=False)
    store: str = ""
    scale: str = ""
    ca: str = field(default="", repr=False)
    domain: str = ""

    @property
    def scale_id(self) -> ScaleId:
        """The scale that it belongs to."""
        return ScaleId(check_name("store", self.store), check_name("scale", self.scale))

    def get_scale_secret(self, scale: ScaleId) -> bytes:
        """Return the secret that seals orders for a scale.

        Raises:
            NotPermittedError: these credentials may not give it orders.
        """
        if self.role == "operator":
            return derive_secret(derive_secret(self.secret, scale.store), scale.scale)
        if self.role == "manager" and self.store == scale.store:
            return derive_secret(self.secret, scale.scale)
        if self.role == "scale" and self.scale_id == scale:
            return self.secret
        raise NotPermittedError(
            f"the role {self.role} may not give orders to the scale {scale}",
            "Use an operator's credentials, or those of the store's manager.",
        )

    def format(self) -> str:
        """Return the text of the file."""
        lines = [
            f"{name}: {value}"
            for name, value in (
                ("server", self.server),
                ("role", self.role),
                ("name", self.name),
                ("store", self.store),
                ("scale", self.scale),
                ("domain", self.domain),
                ("secret", base64.b64encode(self.secret).decode()),
            )
            if value
        ]
        lines += ["", "-----BEGIN NATS USER JWT-----", self.jwt, "------END NATS USER JWT------", ""]
        if self.seed:
            lines += ["-----BEGIN USER NKEY SEED-----", self.seed, "------END USER NKEY SEED------", ""]
        if self.ca:
            lines.append(self.ca.strip())
        return "\n".join(lines).rstrip() + "\n"

    @classmethod
    def parse(cls, text: str) -> Credentials:
        """Read the text of a file.

        Raises:
            InvalidInputError: it is not such a text.
        """
        fields = dict(_FIELD.findall(text))
        jwt, seed, authorities = _JWT.search(text), _SEED.search(text), _CA.findall(text)
        if jwt is None or fields.get("role") not in ROLES or not fields.get("server"):
            raise InvalidInputError(
                "these are not credentials of a fleet: `vision-ai fleet enrol STORE SCALE` makes them"
            )
        try:
            secret = base64.b64decode(fields.pop("secret", ""), validate=True)
        except ValueError:
            raise InvalidInputError("the credentials are damaged: their secret cannot be read") from None
        return cls(
            **fields,
            jwt=jwt[1],
            seed=seed[1] if seed else "",
            secret=secret,
            ca="\n".join(authorities),
        )

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Credentials:
        """Read a file.

        Raises:
            InvalidInputError: it holds no credentials.
            OSError: it cannot be read.
        """
        return cls.parse(Path(path).read_text(encoding="utf-8"))

    def write(self, path: str | PathLike[str]) -> None:
        """Write a file that only its owner can read. An existing one is replaced at once or not at all."""
        target = Path(path)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(self.format())
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
