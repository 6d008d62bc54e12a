"""Names of stores and scales, and of everything that the engine keeps for them."""

from __future__ import annotations

import re
from typing import NamedTuple

from vision_ai import InvalidInputError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
CHAIN = "chain"
"""The scope of what concerns all stores."""
INVENTORY, PRESENCE, DESIRED, EXECUTIONS = "inventory", "presence", "desired", "executions"
ROLLOUTS, TARGETS, SCHEDULES = "rollouts", "targets", "schedules"
LEASES, ENROLMENTS, ALERTS = "leases", "enrolments", "alerts"
BUCKETS = (
    *(INVENTORY, PRESENCE, DESIRED, EXECUTIONS, ROLLOUTS, TARGETS, SCHEDULES),
    *(LEASES, ENROLMENTS, ALERTS),
)
EVENTS = "EVENTS"
FILES = "FILES"
FILES_PREFIX = "files"
CHANGES = "changes"
"""Prefix below which scales and people receive what is stored in JetStream's account, as it happens."""


class ScaleId(NamedTuple):
    """One scale of one store."""

    store: str
    scale: str

    @property
    def key(self) -> str:
        """As it stands in subjects and in the keys of buckets."""
        return f"{self.store}.{self.scale}"

    def __str__(self) -> str:
        return f"{self.store}/{self.scale}"

    @classmethod
    def parse(cls, text: str) -> ScaleId:
        """Read `0042/07`, or `0042.07`.

        Raises:
            InvalidInputError: it names no store or no scale.
        """
        store, _, scale = text.replace(".", "/", 1).partition("/")
        return cls(check_name("store", store), check_name("scale", scale))


def check_name(kind: str, name: str) -> str:
    """Return a name, or refuse one that cannot be part of a subject.

    Raises:
        InvalidInputError: it has other characters, or `chain` is to be a store.
    """
    if not NAME.fullmatch(name) or (kind == "store" and name == CHAIN):
        raise InvalidInputError(
            f"{kind} must be 1 to 32 letters, digits, '-' or '_' (first a letter or digit), not {name!r}"
        )
    return name


def get_jobs_stream(store: str) -> str:
    """Return the stream of a store's jobs."""
    return f"JOBS-{store}"


def get_backups_stream(store: str) -> str:
    """Return the stream of a store's backups."""
    return f"BACKUPS-{store}"


def get_backups_prefix(scale: ScaleId) -> str:
    """Return the prefix of the subjects that a scale's backups have."""
    return f"backups.{scale.key}"


def get_job_subject(scale: ScaleId, job: str) -> str:
    """Return the subject of one job for one scale."""
    return f"jobs.{scale.key}.{job}"


def get_schedule_subject(scale: ScaleId, name: str) -> str:
    """Return the subject of a scheduled job for one scale."""
    return f"schedules.{scale.key}.{name}"


def get_call_subject(scale: ScaleId, effect: str, operation: str) -> str:
    """Return the subject of calls of one operation. The engine lets a viewer call those whose effect is `read`."""
    return f"rpc.{scale.key}.{effect}.{operation}"


def get_event_subject(scale: ScaleId, kind: str) -> str:
    """Return the subject of a scale's events of one kind."""
    return f"events.{scale.key}.{kind}"


def get_bucket_subject(bucket: str, key: str) -> str:
    """Return the subject of an entry of a key-value bucket."""
    return f"$KV.{bucket}.{key}"


def get_changes_subject(role: str, subject: str) -> str:
    """Return where a role hears of what is published to a subject of JetStream's account.

    Args:
        role: Of the credentials. Operators are in that account.
        subject: Such as `$KV.desired.0042.07`.
    """
    return subject if role == "operator" else f"{CHANGES}.{subject}"
