"""Who sees the page, and who acts on it."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import httpx
import pytest
from shared_fleet_page import GeneratedFleet

from vision_ai_fleet.page.access import RoleAccess, Tokens, get_role
from vision_ai_fleet.page.app import FleetPage

TOKENS = Tokens("see", "act")
KEYS = count()
ORDER = {"rollout": "backup-0411"}


def send(
    tokens: Tokens | None,
    method: str,
    path: str,
    *,
    read_only: bool = False,
    fleet: GeneratedFleet | None = None,
    host: str = "127.0.0.1",
    **request: Any,
) -> httpx.Response:
    async def run() -> httpx.Response:
        page = FleetPage(fleet or GeneratedFleet(1, 1))
        names = frozenset({"center.example"})
        app = RoleAccess(page.app, "127.0.0.1", 8443, tokens, read_only=read_only, host_names=names)
        async with page.running():
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}:8443") as client:
                return await client.request(method, path, **request)

    return asyncio.run(run())


def pause(tokens: Tokens | None, token: str | None, fleet: GeneratedFleet, **options: Any) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    order = {"key": str(next(KEYS)), "arguments": ORDER}
    return send(tokens, "POST", "/actions/pause", fleet=fleet, json=order, headers=headers, **options)


@pytest.mark.parametrize(
    "path", ["/", "/data/scales", "/metrics", "/page/app.js", "/scales/0001/01/console/"]
)
def test_network_needs_a_token(path: str) -> None:
    assert send(TOKENS, "GET", path).status_code == 401
    assert send(TOKENS, "GET", path, headers={"Authorization": "Bearer no"}).status_code == 401


@pytest.mark.parametrize("token", ["see", "act"])
def test_token_of_the_url_becomes_a_cookie(token: str) -> None:
    response = send(TOKENS, "GET", f"/?token={token}")
    assert response.status_code == 200
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"vision-ai-fleet-8443={token};")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    headers = {"Cookie": cookie.partition(";")[0]}
    assert send(TOKENS, "GET", "/data/scales", headers=headers).status_code == 200


def test_cookie_is_only_sent_over_tls_where_the_page_has_it() -> None:
    assert "Secure" not in send(TOKENS, "GET", "/?token=see").headers["set-cookie"]
    response = send(TOKENS, "GET", "https://127.0.0.1:8443/?token=see")
    assert "Secure" in response.headers["set-cookie"]


def test_prometheus_has_its_token_in_a_header() -> None:
    response = send(TOKENS, "GET", "/metrics", headers={"Authorization": "Bearer see"})
    assert response.status_code == 200
    assert response.text.startswith("vision_ai_fleet_")


def test_page_says_which_role_it_has() -> None:
    assert 'data-role="viewer"' in send(TOKENS, "GET", "/?token=see").text
    assert 'data-role="operator"' in send(TOKENS, "GET", "/?token=act").text
    assert 'data-role="viewer"' in send(TOKENS, "GET", "/?token=act", read_only=True).text
    assert 'data-role="operator"' in send(None, "GET", "/").text


def test_viewer_cannot_act() -> None:
    fleet = GeneratedFleet(1, 1)
    response = pause(TOKENS, "see", fleet)
    assert response.status_code == 403
    assert response.json() == {"failure": {"kind": "read_only"}}
    assert fleet.orders == []


def test_operator_acts() -> None:
    fleet = GeneratedFleet(1, 1)
    assert pause(TOKENS, "act", fleet).json() == {"done": "backup-0411"}
    assert pause(None, None, fleet).status_code == 200
    assert fleet.orders == [("pause", "backup-0411")] * 2


def test_nobody_acts_on_a_read_only_page() -> None:
    fleet = GeneratedFleet(1, 1)
    assert pause(TOKENS, "act", fleet, read_only=True).status_code == 403
    assert pause(None, None, fleet, read_only=True).status_code == 403
    assert fleet.orders == []


def test_without_the_access_control_everybody_is_a_viewer() -> None:
    assert get_role({"type": "http"}) == "viewer"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "center.example:8443", "Authorization": "Bearer see"}, 200),
    ],
)
def test_other_sites_are_refused(headers: dict[str, str], status: int) -> None:
    tokens = TOKENS if "Authorization" in headers else None
    assert send(tokens, "GET", "/data/scales", headers=headers).status_code == status


def test_another_site_cannot_order() -> None:
    """A form of another site sends no JSON."""
    fleet = GeneratedFleet(1, 1)
    body = b'{"key": "1", "arguments": {"rollout": "backup-0411"}}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind}
        assert (
            send(None, "POST", "/actions/pause", fleet=fleet, content=body, headers=headers).status_code
            == 415
        )
    assert fleet.orders == []


def test_tokens_are_not_shown() -> None:
    assert "see" not in repr(TOKENS)
    assert Tokens().operator != Tokens().operator
