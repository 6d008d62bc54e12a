"""Desired states in the engine, sealed for their scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import names
from .buckets import Bucket
from .connection import Connection
from .errors import ConflictError
from .messages import ForgedMessageError, seal, unseal
from .names import ScaleId, get_bucket_subject
from .orders import check_desired


class DesiredStore:
    """The bucket `desired`."""

    def __init__(self, connection: Connection) -> None:
        self._credentials = connection.credentials
        self._bucket = Bucket(connection, names.DESIRED)

    async def get(self, scale: ScaleId) -> dict[str, Any]:
        """Return what a scale should be; {} where nothing was said.

        Raises:
            InvalidInputError: these credentials may not give it orders.
        """
        return (await self._read(scale))[0]

    async def change(self, scale: ScaleId, desired: Mapping[str, Any]) -> None:
        """Change what is named, and keep the rest. None takes something away.

        Raises:
            InvalidInputError: a value is not possible, or these credentials may not give orders to the scale.
        """
        while True:
            value, revision = await self._read(scale)
            value |= desired
            data = seal(
                self._credentials.get_scale_secret(scale),
                get_bucket_subject(names.DESIRED, scale.key),
                check_desired(value),
            )
            try:
                if revision:
                    await self._bucket.update(scale.key, data, revision)
                else:
                    await self._bucket.create(scale.key, data)
                return
            except ConflictError:
                continue  # somebody else changed it in the meantime

    async def _read(self, scale: ScaleId) -> tuple[dict[str, Any], int]:
        secret = self._credentials.get_scale_secret(scale)
        entry = await self._bucket.get(scale.key)
        if entry is None:
            return {}, 0
        try:
            return unseal(secret, get_bucket_subject(names.DESIRED, scale.key), entry.data), entry.revision
        except ForgedMessageError:
            return {}, entry.revision
