"""Check the proxy environment variables. The SDK ignores them; curl and most other programs do not."""

from __future__ import annotations

import os
import shlex
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from .findings import Finding
from .target import Target


def check_proxy(target: Target) -> Finding:
    """Check whether programs that use these variables would send requests for the module to a proxy."""
    if not target.is_on_network:
        return Finding("proxy", "skipped", "skipped.no_network", {"url": target.url})
    proxies = getproxies_environment()
    proxy = proxies.get(target.scheme) or proxies.get("all")
    if proxy is None:
        return Finding("proxy", "right", "proxy.none", {"scheme": target.scheme})
    if proxy_bypass(target.host):
        return Finding("proxy", "right", "proxy.exempt", {"host": target.host})
    return Finding(
        "proxy",
        "wrong",
        "proxy.set",
        {"host": target.host, "proxy": _remove_password(proxy)},
        f"export no_proxy={shlex.quote(_add_exemption(target.host))}",
    )


def _add_exemption(host: str) -> str:
    # Programs prefer the variable in lowercase.
    exemptions = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    return f"{exemptions},{host}" if exemptions else host


def _remove_password(proxy: str) -> str:
    parts = urlsplit(proxy if "://" in proxy else f"//{proxy}")
    return parts.netloc.rpartition("@")[2] or "?"
