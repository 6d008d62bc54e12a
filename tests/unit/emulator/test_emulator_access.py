"""Access control for the control interface over a socket."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from emulator_support import create_emulator, open_http_client

from vision_ai_emulator import serve
from vision_ai_emulator.control.access import AccessPolicy, is_loopback
from vision_ai_emulator.serving.server import EmulatorServer

PAN = "/__emulator__/pan"


def get_status(policy: AccessPolicy, method: str = "PUT", path: str = PAN, **headers: str) -> int:
    """Return the status of the error response, or 200 for a call that is allowed."""
    all_headers: Mapping[str, str] = {
        "host": "127.0.0.1:1",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    response = policy.check(method, path, all_headers)
    return response.status if response else 200


LOCAL = AccessPolicy("127.0.0.1", None, frozenset({1, 2}))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", 200),
        ("localhost:1", 200),
        ("LOCALHOST:99", 200),
        ("127.0.0.1:1", 200),
        ("127.9.9.9", 200),
        ("[::1]:1", 200),
        ("attacker.example", 403),
        ("attacker.example:1", 403),
        ("localhost.attacker.example", 403),
        ("127.0.0.1.attacker.example", 403),
        ("192.168.1.2:1", 403),
        ("", 403),
        ("[", 403),
        ("127.0.0.1:x", 403),
    ],
)
def test_only_hosts_of_this_computer_are_accepted(host: str, expected: int) -> None:
    for method in ("GET", "PUT"):
        assert get_status(LOCAL, method, host=host) == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://127.0.0.1:1", 200),
        ("http://localhost:2", 200),
        ("http://[::1]:1", 200),
        ("http://127.0.0.1:3", 403),  # a page of another program
        ("http://127.0.0.1", 403),
        ("https://attacker.example", 403),
        ("http://attacker.example:1", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
    ],
)
def test_pages_of_other_origins_cannot_change_anything(origin: str, expected: int) -> None:
    for method in ("PUT", "POST", "DELETE"):
        assert get_status(LOCAL, method, origin=origin) == expected
    # the browser does not let such a page read the response
    assert get_status(LOCAL, "GET", origin=origin) == 200


def test_every_call_needs_the_token_except_the_page() -> None:
    policy = AccessPolicy("192.168.1.2", "s3cret", frozenset({1}))
    assert "s3cret" not in repr(policy)
    for headers in (
        {},
        {"authorization": "Bearer x"},
        {"authorization": "Basic s3cret"},
        {"x_emulator_token": ""},
    ):
        assert get_status(policy, **headers) == 401
        assert get_status(policy, "GET", **headers) == 401
    assert (
        get_status(policy, authorization="Bearer s3cret")
        == get_status(policy, x_emulator_token="s3cret")
        == 200
    )
    assert get_status(policy, authorization="bearer  s3cret", host="192.168.1.2:1") == 200
    assert get_status(policy, authorization="Bearer s3cret", host="192.168.1.3") == 403
    assert get_status(policy, x_emulator_token="ü") == 401
    # people enter the token on the page
    for path in ("/__emulator__", "/__emulator__/", "/__emulator__/static/app.js"):
        assert get_status(policy, "GET", path) == 200
        assert get_status(policy, "PUT", path) == 401
    assert get_status(policy, "GET", "/__emulator__/picture.jpg") == 401


def test_a_server_on_all_addresses_accepts_any_address_but_no_name() -> None:
    policy = AccessPolicy("0.0.0.0", "t", frozenset({1}))
    assert get_status(policy, host="192.168.1.3:1", x_emulator_token="t") == 200
    assert (
        get_status(policy, host="192.168.1.3:1", origin="http://192.168.1.3:1", x_emulator_token="t") == 200
    )
    assert get_status(policy, host="attacker.example:1", x_emulator_token="t") == 403
    named = AccessPolicy("emulator.lan", "t", frozenset({1}))
    assert get_status(named, host="Emulator.lan:1", x_emulator_token="t") == 200


def test_loopback_hosts_are_detected() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "", "192.168.1.2", "localhost.example")))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::"])
def test_a_server_for_other_computers_needs_a_token(host: str) -> None:
    with pytest.raises(ValueError, match="give a token"):
        EmulatorServer(create_emulator(), host, 0)
    for token in ("", "two\nlines", "ü"):
        with pytest.raises(ValueError, match="token"):
            EmulatorServer(create_emulator(), host, 0, token=token)


def test_a_server_checks_token_origin_and_host() -> None:
    emulator = create_emulator()
    with serve(emulator, token="t") as url, open_http_client(url) as client:
        control_url = emulator.server_info.control_url or ""
        for base in (url, control_url.removesuffix("/__emulator__/")):
            response = client.get(f"{base}{PAN}")
            assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
            headers = {"X-Emulator-Token": "t"}
            assert client.get(f"{base}{PAN}", headers=headers).json()["kind"] == "apple"
            foreign = {**headers, "Origin": "http://attacker.example"}
            response = client.put(f"{base}{PAN}", headers=foreign, json={"kind": "pear"})
            assert response.status_code == 403 and "attacker.example" in response.json()["error"]
            rebound = {**headers, "Host": "attacker.example"}
            assert client.get(f"{base}{PAN}", headers=rebound).status_code == 403
            own = {**headers, "Origin": base}
            assert client.put(f"{base}{PAN}", headers=own, json={"kind": "apple"}).status_code == 200
        # the device itself checks nothing, like a real module
        assert client.post("/api/get_calib", headers={"Host": "attacker.example"}).json()["code"] == 0
        assert emulator.requests == (("POST", "/api/get_calib"),)


def test_the_control_port_does_not_serve_the_device() -> None:
    emulator = create_emulator()
    with serve(emulator) as url:
        control_url = emulator.server_info.control_url or ""
        with open_http_client(control_url.removesuffix("/__emulator__/")) as client:
            response = client.post("/api/get_calib")
        assert response.status_code == 404 and url in response.json()["error"]
        assert emulator.requests == ()
    assert emulator.server_info.control_url is None
