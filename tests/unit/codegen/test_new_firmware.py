"""A new firmware needs only an edit of the contract: both clients then support it.

The test generates the package into a temporary folder, which precedes the committed package on the path of
a new Python process. `overrides/` is that of the repository.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from new_firmware import add_new_firmware
from ruamel.yaml import YAML

from document import CONTRACT_V2, load
from generate import CONTRACT, PACKAGE, generate

ROOT = CONTRACT.parents[1]


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

def respond(request):
    if request.url.path == "/api/get_device_info":
        return httpx.Response(200, json={{"code": 0, "data": INFO}})
    assert request.url.path == "/api/set_light"
    arguments = json.loads(request.content)
    if arguments["brightness"] == 100:
        return httpx.Response(200, json={{"code": -6301, "data": None}})
    assert arguments == {{"brightness": 40, "colorName": "white"}}, arguments
    return httpx.Response(200, json={{"code": 0, "data": {{"brightness": 40, "hue": 7}}}})

for client in (VisionAI, AsyncVisionAI):
    method = client.set_light
    parameters = inspect.signature(method).parameters
    assert list(parameters) == ["self", "brightness", "color_name"], parameters
    assert parameters["brightness"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["brightness"].annotation == "int"
    assert parameters["color_name"].annotation == "str | Unset"
    assert typing.get_type_hints(method)["return"] is Light
    for text in ("Set the light over the pan", "In percent. Allowed: 0 to 100.", "The current light.",
                     "-6301 LAMP_BROKEN", "Effect: set", "Device management > Light"):
        assert text in method.__doc__, (text, method.__doc__)

def check(light, info, error, refusal):
    assert isinstance(light, Light) and light.brightness == 40 and light["hue"] == 7
    assert info.temperature == 41.5
    assert info.sync_mode is SyncMode.MESH
    assert isinstance(error, CameraError)
    assert error.code == ErrorCode.LAMP_BROKEN and error.name == "LAMP_BROKEN"
    assert "0 to 100" in str(refusal)

def failure(call):
    try:
        call()
    except (DeviceError, InvalidInputError) as error:
        return error
    raise AssertionError("no error")

with VisionAI(transport=httpx.MockTransport(respond)) as module:
    check(module.set_light(brightness=40, color_name="white"), module.get_device_info(),
          failure(lambda: module.set_light(brightness=100)),
          failure(lambda: module.set_light(brightness=101)))

async def main():
    async def failure(call):
        try:
            await call
        except (DeviceError, InvalidInputError) as error:
            return error
        raise AssertionError("no error")

    async with AsyncVisionAI(transport=httpx.MockTransport(respond)) as module:
        check(await module.set_light(brightness=40, color_name="white"), await module.get_device_info(),
              await failure(module.set_light(brightness=100)),
              await failure(module.set_light(brightness=101)))

asyncio.run(main())
print("supported")
"""


@pytest.fixture(scope="module")
def new_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package that is generated from the edited contract."""
    folder = tmp_path_factory.mktemp("new_firmware")
    contract = folder / "vision-ai.yaml"
    YAML().dump(add_new_firmware(load(CONTRACT)), contract)
    assert generate(contract, folder / PACKAGE.name, CONTRACT_V2) == []
    return folder


@pytest.mark.slow
def test_new_firmware_needs_only_an_edit_of_the_contract(new_package: Path) -> None:
    program = PROGRAM.format(package=str(new_package))
    path = f"import sys; sys.path[:0] = [{str(new_package)!r}, {str(ROOT / 'overrides')!r}]\n"
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", path + program], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "supported\n"


def test_the_committed_package_does_not_support_the_new_firmware() -> None:
    program = PROGRAM.format(package="")
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode != 0
    assert "vision_ai_generated.models.light" in result.stderr


@pytest.mark.slow
def test_the_new_method_is_typed(new_package: Path, tmp_path: Path) -> None:
    (tmp_path / "till.py").write_text(
        "from typing import assert_type\n"
        "from vision_ai import AsyncVisionAI, SyncMode, VisionAI\n"
        "from vision_ai_generated.models.light import Light\n"
        "def sync(module: VisionAI) -> None:\n"
        "    assert_type(module.set_light(brightness=1), Light)\n"
        "    assert_type(module.get_device_info().temperature, float | None)\n"
        "    print(SyncMode.MESH)\n"
        "async def asynchronous(module: AsyncVisionAI) -> None:\n"
        "    assert_type(await module.set_light(brightness=1, color_name='white'), Light)\n"
    )
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(new_package), str(ROOT / "overrides")]})
    )
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stdout
