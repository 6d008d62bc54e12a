"""What each role may publish and subscribe to. The engine fills in the tags of the signed identity."""

from __future__ import annotations

from typing import Any

from vision_ai_fleet.names import BUCKETS

_SCALE = "{{tag(store)}}.{{tag(scale)}}"
_INBOX = "_INBOX_{{subject()}}.>"
ANY = {"subs": -1, "data": -1, "payload": -1}


def _read_buckets(pattern: str, buckets: tuple[str, ...]) -> list[str]:
    return [
        subject
        for bucket in buckets
        for subject in (
            f"$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{pattern}",
            f"$JS.API.CONSUMER.CREATE.KV_{bucket}.*.$KV.{bucket}.{pattern}",
        )
    ]


_VISIBLE = tuple(bucket for bucket in BUCKETS if bucket not in ("enrolments", "desired", "leases"))

PUBLISH: dict[str, list[str]] = {
    "scale": [
        f"$KV.inventory.{_SCALE}",
        f"$KV.presence.{_SCALE}",
        f"$KV.executions.*.{_SCALE}",
        f"events.{_SCALE}.*",
        f"backups.{_SCALE}.chunks.*",
        f"backups.{_SCALE}.manifest.*",
        "$JS.API.CONSUMER.MSG.NEXT.JOBS-{{tag(store)}}.{{tag(scale)}}",
        "$JS.ACK.JOBS-{{tag(store)}}.{{tag(scale)}}.>",
        "$JS.ACK.*.*.JOBS-{{tag(store)}}.{{tag(scale)}}.>",
        f"$JS.API.DIRECT.GET.KV_desired.$KV.desired.{_SCALE}",
        f"$JS.API.DIRECT.GET.KV_presence.$KV.presence.{_SCALE}",
        f"$JS.API.DIRECT.GET.KV_executions.$KV.executions.*.{_SCALE}",
        "$JS.API.DIRECT.GET.BACKUPS-{{tag(store)}}",
        f"$JS.API.DIRECT.GET.BACKUPS-{{{{tag(store)}}}}.backups.{_SCALE}.>",
        "$JS.API.DIRECT.GET.FILES",
        "$JS.API.DIRECT.GET.FILES.files.>",
    ],
    "viewer": [
        "rpc.*.*.read.*",
        *_read_buckets(">", _VISIBLE),
        "$JS.API.CONSUMER.CREATE.EVENTS.*.events.>",
        "$JS.API.CONSUMER.MSG.NEXT.EVENTS.*",
        "$JS.ACK.EVENTS.>",
    ],
    "manager": [
        "rpc.{{tag(store)}}.*.read.*",
        "rpc.{{tag(store)}}.*.set.*",
        *_read_buckets(
            "{{tag(store)}}.>", ("inventory", "presence", "desired", "rollouts", "targets", "schedules")
        ),
        *_read_buckets("*.{{tag(store)}}.>", ("executions", "alerts")),
        "$KV.rollouts.{{tag(store)}}.*",
        "$KV.targets.{{tag(store)}}.*",
        "$KV.desired.{{tag(store)}}.*",
        "$KV.schedules.{{tag(store)}}.*",
        "$JS.API.CONSUMER.CREATE.EVENTS.*.events.{{tag(store)}}.>",
        "$JS.API.CONSUMER.MSG.NEXT.EVENTS.*",
        "$JS.ACK.EVENTS.>",
    ],
    "operator": [">"],
}
SUBSCRIBE: dict[str, list[str]] = {
    "scale": [f"rpc.{_SCALE}.>", f"$KV.desired.{_SCALE}", _INBOX],
    "viewer": [_INBOX],
    "manager": [_INBOX],
    "operator": [">"],
}


def make_template(role: str) -> dict[str, Any]:
    """Return the permissions of a role, for the account's signed text."""
    template: dict[str, Any] = {
        "pub": {"allow": PUBLISH[role]},
        "sub": {"allow": SUBSCRIBE[role]},
        **ANY,
        "bearer_token": role == "scale",
    }
    if role == "scale":  # it answers calls: each once, within a minute
        template["resp"] = {"max": 1, "ttl": 60_000_000_000}
    return template
