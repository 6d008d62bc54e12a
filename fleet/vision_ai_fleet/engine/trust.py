"""Who may sign whom: operator → account → a key per role → identities.

Only public halves and signed texts reach the server. The server holds no list of scales.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import nkeys  # pyright: ignore[reportMissingTypeStubs]

from vision_ai_fleet.credentials import Credentials
from vision_ai_fleet.messages import SECRET_BYTES, derive_secret
from vision_ai_fleet.names import ScaleId

from .permissions import (
    ACCOUNTS,
    ANY,
    LEAF,
    make_exports,
    make_imports,
    make_template,
)


@dataclass
class Trust:
    """The keys of one fleet."""

    seeds: dict[str, bytes] = field(repr=False)
    secret: bytes = field(repr=False)
    revoked: dict[str, int] = field(default_factory=dict[str, int])
    """Public keys of identities, and until when those that were signed for them are void (seconds). Its keeper is the
    list of identities; the file of keys does not have it."""

    @classmethod
    def create(cls) -> Trust:
        """Make the keys of a new fleet."""
        roles = (role for each in ACCOUNTS.values() for role in each)
        names = ["operator", "system", *ACCOUNTS, *(f"role-{role}" for role in roles)]
        seeds = {name: make_seed("OPERATOR" if name == "operator" else "ACCOUNT") for name in names}
        return cls(seeds, os.urandom(SECRET_BYTES))

    @classmethod
    def load(cls, path: Path) -> Trust:
        """Read the keys from a file."""
        content = json.loads(path.read_text(encoding="utf-8"))
        seeds = {name: seed.encode() for name, seed in content["seeds"].items()}
        return cls(seeds, base64.b64decode(content["secret"]))

    def save(self, path: Path) -> None:
        """Write the keys to a file that only its owner can read."""
        content = {
            "seeds": {name: seed.decode() for name, seed in self.seeds.items()},
            "secret": base64.b64encode(self.secret).decode(),
        }
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        part.replace(path)

    def get_public_key(self, name: str) -> str:
        return get_public_key(self.seeds[name])

    def sign_operator(self) -> str:
        """Return the operator's signed text, for the server's configuration."""
        key = self.get_public_key("operator")
        claims = {"type": "operator", "system_account": self.get_public_key("system")}
        return sign(self.seeds["operator"], key, "vision-ai", claims)

    def sign_account(self, name: str, *, is_leaf: bool = False) -> str:
        """Return the signed text of `system`, or of an account with the permissions of its roles.

        Args:
            name: Which one.
            is_leaf: For a store's own server, which passes everything on.
        """
        limits: dict[str, Any] = {
            **ANY,
            "imports": -1,
            "exports": -1,
            "wildcards": True,
            "conn": -1,
            "leaf": -1,
        }
        claims: dict[str, Any] = {"type": "account", "limits": limits}
        if name == "account":
            limits |= {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}
        if name in ACCOUNTS:
            claims |= self._describe_account(name, is_leaf=is_leaf)
        return sign(self.seeds["operator"], self.get_public_key(name), f"FLEET-{name}", claims)

    def _describe_account(self, name: str, *, is_leaf: bool) -> dict[str, Any]:
        keys = {each: self.get_public_key(each) for each in ACCOUNTS}
        shared = {} if is_leaf else {"exports": make_exports(name), "imports": make_imports(name, keys)}
        signing_keys = [
            {
                "kind": "user_scope",
                "key": self.get_public_key(f"role-{role}"),
                "role": role,
                "template": make_template(role),
            }
            for role in ACCOUNTS[name]
        ]
        revocations = {"revocations": self.revoked} if self.revoked else {}
        return {"signing_keys": signing_keys, **shared, **revocations}

    def make_credentials(
        self,
        role: str,
        name: str,
        *,
        server: str,
        scale: ScaleId | None = None,
        store: str = "",
        ca: str = "",
        domain: str = "",
        expires: int | None = None,
    ) -> Credentials:
        """Make an identity.

        Args:
            role: One of ROLES.
            name: Who it is.
            server: Where the center is.
            scale: For a scale.
            store: For a manager.
            ca: The authority of the center's certificate, as PEM.
            domain: The JetStream domain of the store's own server.
            expires: When it ends, in seconds since 1970-01-01 UTC; None: not by itself.
        """
        seed = make_seed("USER")
        store = scale.store if scale else store
        tags = [
            f"{key}:{value}" for key, value in (("store", store), ("scale", scale and scale.scale)) if value
        ]
        account = next(name for name, roles in ACCOUNTS.items() if role in roles)
        claims = {"type": "user", "issuer_account": self.get_public_key(account), "tags": tags}
        jwt = sign(self.seeds[f"role-{role}"], get_public_key(seed), name, claims, expires)
        return Credentials(
            server=server,
            role=role,
            name=name,
            jwt=jwt,
            seed="" if role == "scale" else seed.decode(),
            secret=self._derive_secret(role, store, scale),
            store=store,
            scale=scale.scale if scale else "",
            ca=ca,
            domain=domain,
        )

    def make_leaf_credentials(self, store: str) -> str:
        """Return the file with which a store's own server connects to the center, in NATS's form."""
        seed = make_seed("USER")
        claims = {
            "type": "user",
            "issuer_account": self.get_public_key("scales"),
            "tags": [f"store:{store}"],
        }
        jwt = sign(self.seeds[f"role-{LEAF}"], get_public_key(seed), f"leaf {store}", claims)
        return (
            f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{seed.decode()}\n------END USER NKEY SEED------\n"
        )

    def make_system_credentials(self, server: str, ca: str = "") -> Credentials:
        """Make an identity of the system account, which changes the server's accounts."""
        seed = make_seed("USER")
        claims = {"type": "user", **ANY}
        jwt = sign(self.seeds["system"], get_public_key(seed), "system", claims)
        return Credentials(server=server, role="operator", name="system", jwt=jwt, seed=seed.decode(), ca=ca)

    def _derive_secret(self, role: str, store: str, scale: ScaleId | None) -> bytes:
        if role == "operator":
            return self.secret
        if role == "manager":
            return derive_secret(self.secret, store)
        if role == "scale" and scale is not None:
            return derive_secret(derive_secret(self.secret, scale.store), scale.scale)
        return b""


def make_seed(kind: str) -> bytes:
    """Make a key of a kind: OPERATOR, ACCOUNT or USER."""
    return bytes(nkeys.encode_seed(os.urandom(32), getattr(nkeys, f"PREFIX_BYTE_{kind}")))  # pyright: ignore


def get_public_key(seed: bytes) -> str:
    """Return the public half."""
    pair: Any = nkeys.from_seed(bytearray(seed))  # pyright: ignore
    return bytes(pair.public_key).decode()


def sign(seed: bytes, subject: str, name: str, claims: Mapping[str, Any], expires: int | None = None) -> str:
    """Return a signed text (JWT) that says something of `subject`."""
    pair: Any = nkeys.from_seed(bytearray(seed))  # pyright: ignore
    body: dict[str, Any] = {
        "iat": int(time.time()),
        "iss": bytes(pair.public_key).decode(),
        "name": name,
        "sub": subject,
        "nats": {**claims, "version": 2},
    }
    if expires is not None:
        body["exp"] = expires
    digest = hashlib.sha256(json.dumps(body).encode() + os.urandom(8)).digest()
    body["jti"] = base64.b32encode(digest).decode().rstrip("=")
    header = {"typ": "JWT", "alg": "ed25519-nkey"}
    text = ".".join(_encode(json.dumps(part).encode()) for part in (header, body))
    return f"{text}.{_encode(cast(bytes, pair.sign(text.encode())))}"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
