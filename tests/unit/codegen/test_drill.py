"""A new firmware, rehearsed: only the contract changes, and everything is there on both clients.

The package is generated into a temporary folder that stands before the committed one on the path of a new
Python; `overrides/` is the one of the repository, as it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from generate import CONTRACT, PACKAGE, generate

ROOT = CONTRACT.parents[1]


def with_news(document: dict[str, Any]) -> dict[str, Any]:
    schemas, paths = document["components"]["schemas"], document["paths"]

    paths["/api/set_light"] = {
        "post": {
            "operationId": "setLight",
            "tags": ["device"],
            "summary": "Set the light over the pan",
            "description": "Sets how bright the lamp is, and answers what it is now.",
            "x-effect": "set",
            "x-error-codes": [-6213, -6301],
            "x-source": "Device management > Light",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SetLightRequest"}}},
            },
            "responses": {
                "200": {
                    "description": "The light.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/SetLightAnswer"}}
                    },
                }
            },
        }
    }
    schemas["SetLightRequest"] = {
        "type": "object",
        "description": "The light to set.",
        "required": ["brightness"],
        "properties": {
            "brightness": {"type": "integer", "minimum": 0, "maximum": 100, "description": "In percent."},
            "colourName": {"type": "string", "minLength": 1, "description": "A name, as white."},
        },
    }
    schemas["Light"] = {
        "type": "object",
        "description": "The light as it is.",
        "required": ["brightness"],
        "properties": {"brightness": {"type": "integer", "description": "In percent."}},
    }
    schemas["SetLightAnswer"] = {
        "type": "object",
        "description": "The answer of set_light.",
        "required": ["code"],
        "properties": {
            "code": {"type": "integer", "format": "int32", "description": "0 is success."},
            "data": {"anyOf": [{"$ref": "#/components/schemas/Light"}, {"type": "null"}]},
        },
    }

    schemas["DeviceInfo"]["required"].append("temperature")
    schemas["DeviceInfo"]["properties"]["temperature"] = {"type": "number", "description": "In °C."}
    schemas["SyncMode"]["enum"].append("mesh")
    schemas["SyncMode"]["x-enum-varnames"].append("MESH")
    schemas["SyncMode"]["x-enum-descriptions"].append("The modules share among themselves.")
    schemas["ErrorCode"]["enum"].append(-6301)
    schemas["ErrorCode"]["x-enum-varnames"].append("LAMP_BROKEN")
    schemas["ErrorCode"]["x-enum-descriptions"].append("The lamp is broken.")
    document["x-error-codes"].append(
        {
            "code": -6301,
            "name": "LAMP_BROKEN",
            "category": "camera",
            "retryable": False,
            "meaning": "The lamp is broken.",
        }
    )
    return document


PROGRAM = """
import asyncio, inspect, json, typing
import httpx
import vision_ai_generated
from vision_ai import AsyncVisionAI, CameraError, DeviceError, ErrorCode
from vision_ai import InvalidInputError, SyncMode, VisionAI
from vision_ai_generated.models.light import Light

assert vision_ai_generated.__file__.startswith({package!r}), vision_ai_generated.__file__

INFO = {{"clientID": "0000", "clientName": "", "engine": "1", "firmware": "2", "learnMode": 1, "sdk": "3",
        "sn": "4", "soldOutLimit": 3, "sync": "5", "syncMode": "mesh", "temperature": 41.5}}

def module_of_tomorrow(request):
    if request.url.path == "/api/get_device_info":
        return httpx.Response(200, json={{"code": 0, "data": INFO}})
    assert request.url.path == "/api/set_light"
    asked = json.loads(request.content)
    if asked["brightness"] == 100:
        return httpx.Response(200, json={{"code": -6301, "data": None}})
    assert asked == {{"brightness": 40, "colourName": "white"}}, asked
    return httpx.Response(200, json={{"code": 0, "data": {{"brightness": 40, "hue": 7}}}})

for client in (VisionAI, AsyncVisionAI):
    method = client.set_light
    parameters = inspect.signature(method).parameters
    assert list(parameters) == ["self", "brightness", "colour_name"], parameters
    assert parameters["brightness"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["brightness"].annotation == "int"
    assert parameters["colour_name"].annotation == "str | Unset"
    assert typing.get_type_hints(method)["return"] is Light
    for promised in ("Set the light over the pan", "In percent. Allowed: 0 to 100.", "The light as it is.",
                     "-6301 LAMP_BROKEN", "Effect: set", "Device management > Light"):
        assert promised in method.__doc__, (promised, method.__doc__)

def check(light, info, failed, refused):
    assert isinstance(light, Light) and light.brightness == 40 and light["hue"] == 7
    assert info.temperature == 41.5
    assert info.sync_mode is SyncMode.MESH
    assert isinstance(failed, CameraError)
    assert failed.code == ErrorCode.LAMP_BROKEN and failed.name == "LAMP_BROKEN"
    assert "0 to 100" in str(refused)

def failure(call):
    try:
        call()
    except (DeviceError, InvalidInputError) as error:
        return error
    raise AssertionError("no error")

with VisionAI(transport=httpx.MockTransport(module_of_tomorrow)) as module:
    check(module.set_light(brightness=40, colour_name="white"), module.get_device_info(),
          failure(lambda: module.set_light(brightness=100)),
          failure(lambda: module.set_light(brightness=101)))

async def main():
    async def failure(call):
        try:
            await call
        except (DeviceError, InvalidInputError) as error:
            return error
        raise AssertionError("no error")

    async with AsyncVisionAI(transport=httpx.MockTransport(module_of_tomorrow)) as module:
        check(await module.set_light(brightness=40, colour_name="white"), await module.get_device_info(),
              await failure(module.set_light(brightness=100)),
              await failure(module.set_light(brightness=101)))

asyncio.run(main())
print("the drill went through")
"""


@pytest.fixture(scope="module")
def tomorrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package generated from the changed contract."""
    folder = tmp_path_factory.mktemp("tomorrow")
    yaml = YAML(typ="safe")
    contract = folder / "vision-ai.yaml"
    YAML().dump(with_news(yaml.load(CONTRACT)), contract)
    assert generate(contract, folder / PACKAGE.name) == []
    return folder


def test_a_contract_edit_is_all_that_new_firmware_needs(tomorrow: Path) -> None:
    program = PROGRAM.format(package=str(tomorrow))
    path = f"import sys; sys.path[:0] = [{str(tomorrow)!r}, {str(ROOT / 'overrides')!r}]\n"
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", path + program], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "the drill went through\n"


def test_without_the_edit_the_news_are_not_there() -> None:
    # The drill must be able to fail: on today's package its first line of substance does.
    program = PROGRAM.format(package="")
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode != 0
    assert "vision_ai_generated.models.light" in result.stderr


def test_the_new_method_type_checks_in_a_users_program(tomorrow: Path, tmp_path: Path) -> None:
    (tmp_path / "till.py").write_text(
        "from typing import assert_type\n"
        "from vision_ai import AsyncVisionAI, SyncMode, VisionAI\n"
        "from vision_ai_generated.models.light import Light\n"
        "def sync(module: VisionAI) -> None:\n"
        "    assert_type(module.set_light(brightness=1), Light)\n"
        "    assert_type(module.get_device_info().temperature, float)\n"
        "    print(SyncMode.MESH)\n"
        "async def asynchronous(module: AsyncVisionAI) -> None:\n"
        "    assert_type(await module.set_light(brightness=1, colour_name='white'), Light)\n"
    )
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(tomorrow), str(ROOT / "overrides")]})
    )
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stdout
