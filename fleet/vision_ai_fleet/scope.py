"""Sealed entries of buckets: rollouts, their targets and schedules belong to a store, or to the chain.

The controller gives orders on their account, so each entry bears the seal of someone who may order for its scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .credentials import Credentials
from .errors import NotPermittedError
from .messages import ForgedMessageError, derive_secret, seal, unseal
from .names import CHAIN, get_bucket_subject


def get_scope_secret(credentials: Credentials, scope: str) -> bytes:
    """Return the secret that seals the entries of a scope.

    Args:
        credentials: An operator's, or the manager's of that store.
        scope: A store, or `chain`.

    Raises:
        NotPermittedError: these credentials may not order for it.
    """
    if credentials.role == "operator":
        return derive_secret(credentials.secret, scope)
    if credentials.role == "manager" and credentials.store == scope != CHAIN:
        return credentials.secret
    raise NotPermittedError(
        f"the role {credentials.role} may not give orders to "
        + ("the chain" if scope == CHAIN else f"the store {scope}"),
        "Use an operator's credentials, or a manager's for a job on their store (--store).",
    )


def seal_entry(credentials: Credentials, bucket: str, key: str, value: Mapping[str, Any]) -> bytes:
    """Return the entry of a bucket, sealed for its key, whose first part is its scope.

    Raises:
        NotPermittedError: these credentials may not order for that scope.
    """
    return seal(get_scope_secret(credentials, key.partition(".")[0]), get_bucket_subject(bucket, key), value)


def unseal_entry(credentials: Credentials, bucket: str, key: str, data: bytes) -> dict[str, Any] | None:
    """Return the value of a sealed entry; None for a forged one."""
    secret = get_scope_secret(credentials, key.partition(".")[0])
    try:
        return unseal(secret, get_bucket_subject(bucket, key), data)
    except ForgedMessageError:
        return None
