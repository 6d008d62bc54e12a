"""Who may use the control interface over a socket."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest
from emulator_support import make

from vision_ai_emulator import serve
from vision_ai_emulator.control.access import AccessPolicy, is_loopback
from vision_ai_emulator.serving.server import EmulatorServer

PAN = "/__emulator__/pan"


def status(guard: AccessPolicy, method: str = "PUT", path: str = PAN, **headers: str) -> int:
    """What a guard answers: 200 where it lets through."""
    given: Mapping[str, str] = {
        "host": "127.0.0.1:1",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    refusal = guard.check(method, path, given)
    return refusal.status if refusal else 200


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
def test_names_that_an_attacker_could_own_are_no_hosts(host: str, expected: int) -> None:
    for method in ("GET", "PUT"):
        assert status(LOCAL, method, host=host) == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://127.0.0.1:1", 200),
        ("http://localhost:2", 200),
        ("http://[::1]:1", 200),
        ("http://127.0.0.1:3", 403),  # another program's page
        ("http://127.0.0.1", 403),
        ("https://attacker.example", 403),
        ("http://attacker.example:1", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
    ],
)
def test_other_pages_change_nothing(origin: str, expected: int) -> None:
    for method in ("PUT", "POST", "DELETE"):
        assert status(LOCAL, method, origin=origin) == expected
    # without leave to read the answer they gain nothing by asking
    assert status(LOCAL, "GET", origin=origin) == 200


def test_the_token() -> None:
    guard = AccessPolicy("192.168.1.2", "s3cret", frozenset({1}))
    assert "s3cret" not in repr(guard)
    for headers in (
        {},
        {"authorization": "Bearer x"},
        {"authorization": "Basic s3cret"},
        {"x_emulator_token": ""},
    ):
        assert status(guard, **headers) == 401
        assert status(guard, "GET", **headers) == 401
    assert status(guard, authorization="Bearer s3cret") == status(guard, x_emulator_token="s3cret") == 200
    assert status(guard, authorization="bearer  s3cret", host="192.168.1.2:1") == 200
    assert status(guard, authorization="Bearer s3cret", host="192.168.1.3") == 403
    assert status(guard, x_emulator_token="ü") == 401
    # the page is where people enter it
    for path in ("/__emulator__", "/__emulator__/", "/__emulator__/static/app.js"):
        assert status(guard, "GET", path) == 200
        assert status(guard, "PUT", path) == 401
    assert status(guard, "GET", "/__emulator__/picture.jpg") == 401


def test_listening_everywhere_any_address_is_ours_and_no_name() -> None:
    guard = AccessPolicy("0.0.0.0", "t", frozenset({1}))
    assert status(guard, host="192.168.1.3:1", x_emulator_token="t") == 200
    assert status(guard, host="192.168.1.3:1", origin="http://192.168.1.3:1", x_emulator_token="t") == 200
    assert status(guard, host="attacker.example:1", x_emulator_token="t") == 403
    own = AccessPolicy("emulator.lan", "t", frozenset({1}))
    assert status(own, host="Emulator.lan:1", x_emulator_token="t") == 200


def test_what_is_loopback() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "", "192.168.1.2", "localhost.example")))


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::"])
def test_others_are_not_served_without_a_token(host: str) -> None:
    with pytest.raises(ValueError, match="give a token"):
        EmulatorServer(make(), host, 0)
    for token in ("", "two\nlines", "ü"):
        with pytest.raises(ValueError, match="token"):
            EmulatorServer(make(), host, 0, token=token)


def test_over_a_socket() -> None:
    emulator = make()
    with serve(emulator, token="t") as url, httpx.Client(base_url=url, trust_env=False) as client:
        control_url = emulator.server_info.control_url or ""
        for base in (url, control_url.removesuffix("/__emulator__/")):
            refused = client.get(f"{base}{PAN}")
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            headers = {"X-Emulator-Token": "t"}
            assert client.get(f"{base}{PAN}", headers=headers).json()["kind"] == "apple"
            foreign = {**headers, "Origin": "http://attacker.example"}
            refused = client.put(f"{base}{PAN}", headers=foreign, json={"kind": "pear"})
            assert refused.status_code == 403 and "attacker.example" in refused.json()["error"]
            rebound = {**headers, "Host": "attacker.example"}
            assert client.get(f"{base}{PAN}", headers=rebound).status_code == 403
            own = {**headers, "Origin": base}
            assert client.put(f"{base}{PAN}", headers=own, json={"kind": "apple"}).status_code == 200
        # the device itself asks nobody for anything, as the real one
        assert client.post("/api/get_calib", headers={"Host": "attacker.example"}).json()["code"] == 0
        assert emulator.requests == (("POST", "/api/get_calib"),)


def test_the_control_port_is_no_device() -> None:
    emulator = make()
    with serve(emulator) as url:
        control_url = emulator.server_info.control_url or ""
        answer = httpx.post(f"{control_url.removesuffix('/__emulator__/')}/api/get_calib", trust_env=False)
        assert answer.status_code == 404 and url in answer.json()["error"]
        assert emulator.requests == ()
    assert emulator.server_info.control_url is None
