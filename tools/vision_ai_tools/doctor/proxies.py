"""Proxy variables in the environment. The SDK ignores them; curl and most other programs do not."""

from __future__ import annotations

import os
import shlex
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from .findings import Finding
from .place import Place


def proxy_finding(place: Place) -> Finding:
    """Whether programs that mind these variables would send what is for the module to a proxy."""
    if not place.is_on_network:
        return Finding("proxy", "skipped", "skipped.no_network", {"url": place.url})
    proxies = getproxies_environment()
    proxy = proxies.get(place.scheme) or proxies.get("all")
    if proxy is None:
        return Finding("proxy", "right", "proxy.none", {"scheme": place.scheme})
    if proxy_bypass(place.host):
        return Finding("proxy", "right", "proxy.exempt", {"host": place.host})
    return Finding(
        "proxy",
        "wrong",
        "proxy.set",
        {"host": place.host, "proxy": _without_password(proxy)},
        f"export no_proxy={shlex.quote(_exempting(place.host))}",
    )


def _exempting(host: str) -> str:
    """The variable as it is, and the host. Programs read the one in small letters first."""
    now = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return f"{now},{host}" if now else host


def _without_password(proxy: str) -> str:
    parts = urlsplit(proxy if "://" in proxy else f"//{proxy}")
    return parts.netloc.rpartition("@")[2] or "?"
