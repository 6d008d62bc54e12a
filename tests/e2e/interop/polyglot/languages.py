"""What each language needs and runs. The commands are those of its folder's README."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import frozen

HERE = Path(__file__).resolve().parents[1]


@frozen
class Need:
    """Something that has to be on the machine, and the command that fails where it is not."""

    what: str
    probe: str


@frozen
class Pin:
    """Where the version of a generator is fixed: the first group of the pattern."""

    file: str
    pattern: str

    def version(self, folder: Path) -> str:
        found = re.search(self.pattern, (folder / self.file).read_text(encoding="utf-8"))
        if found is None:
            raise ValueError(f"{folder / self.file} has nothing like {self.pattern}")
        return found[1]


@frozen(kw_only=True)
class Language:
    """The commands run in the language's folder, one after the other; `URL` stands for the module's."""

    name: str
    generator: str
    pin: Pin
    needs: tuple[Need, ...]
    generate: tuple[str, ...]
    compile: tuple[str, ...] = ()
    run: str
    folder: Path

    @property
    def generator_and_version(self) -> str:
        return f"{self.generator} {self.pin.version(self.folder)}"


JAVA = Need("a Java development kit, 17 or newer", "javac --version")
PYTHON = Need("Python 3.11 or newer", "python3 --version")

OPENAPI_GENERATOR = Pin("../requirements.txt", r"openapi-generator-cli==(\S+)")
GENERATE = (
    "python3 -m venv build/generator",
    "build/generator/bin/pip install --quiet -r ../requirements.txt",
    "build/generator/bin/openapi-generator-cli generate -c openapi-generator.yaml",
)

# The slowest first, as measured without caches: in the end nobody waits for a single one.
LANGUAGES = (
    Language(
        name="go",
        folder=HERE / "go",
        generator="oapi-codegen",
        pin=Pin("go.mod", r"oapi-codegen/oapi-codegen/v2 v(\S+)"),
        needs=(Need("Go 1.25 or newer", "go version"),),
        generate=("go generate",),
        compile=("go vet", "go build -o build/quickstart"),
        run="build/quickstart URL",
    ),
    Language(
        name="rust",
        folder=HERE / "rust",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        needs=(JAVA, PYTHON, Need("Rust 1.85 or newer", "cargo --version")),
        generate=GENERATE,
        compile=("cargo build --quiet",),
        run="cargo run --quiet -- URL",
    ),
    Language(
        name="cpp",
        folder=HERE / "cpp",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        needs=(
            JAVA,
            PYTHON,
            Need("CMake", "cmake --version"),
            Need(
                "a C++ compiler with the C++ REST SDK", "c++ -E -x c++ -include cpprest/version.h /dev/null"
            ),
        ),
        generate=GENERATE,
        compile=("cmake -S . -B build/cmake", "cmake --build build/cmake --parallel 2"),
        run="build/cmake/quickstart URL",
    ),
    Language(
        name="java",
        folder=HERE / "java",
        generator="openapi-generator",
        pin=Pin("pom.xml", r"openapi-generator-maven-plugin</artifactId>\s*<version>(.+)</version>"),
        needs=(JAVA, Need("Maven", "mvn --version")),
        generate=("mvn --quiet generate-sources",),
        compile=("mvn --quiet compile",),
        run="mvn --quiet exec:java -Dexec.args=URL",
    ),
    Language(
        name="python",
        folder=HERE / "python",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        needs=(JAVA, PYTHON),
        generate=GENERATE,
        compile=(
            "python3 -m venv build/venv",
            "build/venv/bin/pip install --quiet -r requirements.txt",
            "build/venv/bin/pip install --quiet --no-build-isolation ./build/client",
        ),
        run="build/venv/bin/python quickstart.py URL",
    ),
    Language(
        name="typescript",
        folder=HERE / "typescript",
        generator="openapi-typescript",
        pin=Pin("package.json", r'"openapi-typescript": "(.+)"'),
        needs=(Need("Node.js 20 or newer", "node --version"), Need("npm", "npm --version")),
        generate=("npm ci", "npm run generate"),
        compile=("npm run build",),
        run="npm start -- URL",
    ),
)
