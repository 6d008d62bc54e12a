"""What each role may publish and subscribe to, and what each account may ask of the engine.

JetStream answers a request at whatever reply subject it names, and nothing keeps a client from naming `$JS.API.…` or
another scale's queue there: who is in JetStream's own account can do everything. So only operators are in it. Scales
and other people have accounts of their own, which import single subjects of it: a reply goes to their own account.
"""

from __future__ import annotations

from typing import Any

from vision_ai_fleet.names import BUCKETS, CHANGES

_SCALE = "{{tag(store)}}.{{tag(scale)}}"
_STORE = "{{tag(store)}}"
_INBOX = "_INBOX_{{subject()}}.>"
ANY = {"subs": -1, "data": -1, "payload": -1}
LEAF = "leaf"
"""The role of a store's own server, which speaks for scales."""
ACCOUNTS = {"account": ("operator",), "scales": ("scale", LEAF), "people": ("viewer", "manager")}
"""The accounts and their roles. JetStream is in `account`."""
READABLE = tuple(bucket for bucket in BUCKETS if bucket not in ("enrolments", "leases", "identities"))

PUBLISH: dict[str, list[str]] = {
    "scale": [
        f"$KV.inventory.{_SCALE}",
        f"$KV.presence.{_SCALE}",
        f"$KV.executions.*.{_SCALE}",
        f"events.{_SCALE}.*",
        f"backups.{_SCALE}.chunks.*",
        f"backups.{_SCALE}.manifest.*",
        f"$JS.API.CONSUMER.MSG.NEXT.JOBS-{_SCALE}",
        f"$JS.ACK.JOBS-{_SCALE}.>",
        f"$JS.ACK.*.*.JOBS-{_SCALE}.>",
        f"$JS.API.DIRECT.GET.KV_desired.$KV.desired.{_SCALE}",
        f"$JS.API.DIRECT.GET.KV_presence.$KV.presence.{_SCALE}",
        f"$JS.API.DIRECT.GET.KV_executions.$KV.executions.*.{_SCALE}",
        f"$JS.API.DIRECT.GET.BACKUPS-{_STORE}",
        f"$JS.API.DIRECT.GET.BACKUPS-{_STORE}.backups.{_SCALE}.>",
        "$JS.API.DIRECT.GET.FILES",
        "$JS.API.DIRECT.GET.FILES.files.>",
    ],
    "viewer": [
        "rpc.*.*.read.*",
        *(f"$JS.API.DIRECT.GET.KV_{bucket}" for bucket in READABLE),
        *(f"$JS.API.DIRECT.GET.KV_{bucket}.>" for bucket in READABLE),
        "$JS.API.DIRECT.GET.EVENTS",
        "$JS.API.DIRECT.GET.EVENTS.>",
        "$JS.API.CONSUMER.MSG.NEXT.EVENTS.{{subject()}}",
        "$JS.ACK.EVENTS.{{subject()}}.>",
        "$JS.ACK.*.*.EVENTS.{{subject()}}.>",
    ],
    "manager": [
        f"rpc.{_STORE}.*.read.*",
        f"rpc.{_STORE}.*.set.*",
        *(f"$JS.API.DIRECT.GET.KV_{bucket}" for bucket in READABLE),
        *(f"$JS.API.DIRECT.GET.KV_{bucket}.>" for bucket in READABLE),
        *(f"$KV.{bucket}.{_STORE}.*" for bucket in ("desired", "rollouts", "targets", "schedules")),
        f"$JS.API.DIRECT.GET.BACKUPS-{_STORE}",
        f"$JS.API.DIRECT.GET.BACKUPS-{_STORE}.>",
        "$JS.API.DIRECT.GET.FILES",
        "$JS.API.DIRECT.GET.FILES.>",
        "$JS.API.DIRECT.GET.EVENTS",
        "$JS.API.DIRECT.GET.EVENTS.>",
    ],
    "operator": [">"],
    # The engine passes interest on by the account's wildcards: it cannot keep such a server to its store.
    LEAF: [">"],
}
SUBSCRIBE: dict[str, list[str]] = {
    "scale": [
        f"rpc.{_SCALE}.>",
        f"{CHANGES}.$KV.desired.{_SCALE}",
        f"_INBOX_.{_STORE}.{{{{subject()}}}}.>",
    ],
    LEAF: [">"],
    "viewer": [_INBOX, *(f"{CHANGES}.$KV.{bucket}.>" for bucket in READABLE), f"{CHANGES}.events.>"],
    "manager": [_INBOX, *(f"{CHANGES}.$KV.{bucket}.>" for bucket in READABLE), f"{CHANGES}.events.>"],
    "operator": [">"],
}
_SINGLE, _MANY = "Singleton", "Stream"
_SERVICES = {
    "scales": {
        "$KV.inventory.*.*": _SINGLE,
        "$KV.presence.*.*": _SINGLE,
        "$KV.executions.*.*.*": _SINGLE,
        "events.*.*.*": _SINGLE,
        "backups.*.*.chunks.*": _SINGLE,
        "backups.*.*.manifest.*": _SINGLE,
        "$JS.API.CONSUMER.MSG.NEXT.*.*": _MANY,
        "$JS.ACK.>": _SINGLE,
        "$JS.API.DIRECT.GET.>": _MANY,
    },
    "people": {
        "$KV.desired.*.*": _SINGLE,
        "$KV.rollouts.*.*": _SINGLE,
        "$KV.targets.*.*": _SINGLE,
        "$KV.schedules.*.*": _SINGLE,
        "$JS.API.DIRECT.GET.>": _MANY,
        "$JS.API.CONSUMER.MSG.NEXT.*.*": _MANY,
        "$JS.ACK.>": _SINGLE,
        "rpc.*.*.*.*": _SINGLE,
    },
}
"""What the accounts ask of JetStream's account, and whether one or several messages answer."""
_STREAMS = {"scales": ("$KV.desired.*.*",), "people": ("$KV.>", "events.*.*.*")}
"""What they are sent as it happens, below the prefix `changes`."""


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


def make_exports(account: str) -> list[dict[str, Any]]:
    """Return what an account offers to the others, for its signed text."""
    if account == "scales":
        return [_make_export("rpc.*.*.*.*", "service", _SINGLE)]
    if account != "account":
        return []
    services: dict[str, str] = {}
    for each in _SERVICES.values():
        services |= each
    return [
        *(_make_export(subject, "service", kind) for subject, kind in services.items()),
        *(_make_export(subject, "stream") for subject in ("$KV.>", "events.*.*.*")),
    ]


def make_imports(account: str, keys: dict[str, str]) -> list[dict[str, Any]]:
    """Return what an account takes from the others, for its signed text.

    Args:
        account: One of ACCOUNTS.
        keys: The public keys of the accounts.
    """
    if account == "account":
        return [_make_import("rpc.*.*.*.*", "service", keys["scales"])]
    return [
        *(_make_import(subject, "service", keys["account"]) for subject in _SERVICES[account]),
        *(
            _make_import(subject, "stream", keys["account"], _localize(subject))
            for subject in _STREAMS[account]
        ),
    ]


def _localize(subject: str) -> str:
    """Return an imported subject with its wildcards numbered, as the engine wants them, below `changes`."""
    number, tokens = 0, [CHANGES]
    for token in subject.split("."):
        if token == "*":
            number += 1
            token = f"${number}"
        tokens.append(token)
    return ".".join(tokens)


def _make_export(subject: str, kind: str, response: str = "") -> dict[str, Any]:
    more = {"response_type": response} if response else {}
    return {"name": f"{kind} {subject}", "subject": subject, "type": kind, **more}


def _make_import(subject: str, kind: str, account: str, local: str = "") -> dict[str, Any]:
    more = {"local_subject": local} if local else {}
    return {"name": f"{kind} {subject}", "subject": subject, "type": kind, "account": account, **more}
