"""Checks an install without extras; .ci/run runs it in a virtual environment that has nothing else."""

from importlib.metadata import distributions

from vision_ai import InvalidInputError, UnreachableError, VisionAI

ALLOWED = {
    "anyio",
    "attrs",
    "certifi",
    "h11",
    "httpcore",
    "httptools",
    "httpx",
    "idna",
    "pip",
    "setuptools",
    "sniffio",
}
ALLOWED |= {"typing-extensions", "vision-ai-module"}

installed = {each.metadata["Name"].lower().replace("_", "-") for each in distributions()}
assert installed <= ALLOWED, f"the bare install brings {sorted(installed - ALLOWED)}"

try:
    VisionAI("emulator:")
except InvalidInputError as error:
    assert "pip install 'vision-ai-module[emulator]'" in str(error), error
else:
    raise AssertionError("the emulator works without what it needs?")

with VisionAI("http://127.0.0.1:9", timeout=2, retries=0) as module:
    try:
        module.get_result()
    except UnreachableError as error:
        print(f"as it should be: {error}")
    else:
        raise AssertionError("something answers on the discard port")
