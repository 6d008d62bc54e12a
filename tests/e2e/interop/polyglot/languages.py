"""The requirements and commands of each language. The commands are those of the README in its folder."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import frozen

from polyglot.steps import Api

HERE = Path(__file__).resolve().parents[1]


@frozen
class Requirement:
    """A tool that must be installed, and a command that fails if it is not."""

    name: str
    probe: str


@frozen
class Pin:
    """The file with the version of a generator, and a pattern whose first group is the version."""

    file: str
    pattern: str

    def version(self, folder: Path) -> str:
        found = re.search(self.pattern, (folder / self.file).read_text(encoding="utf-8"))
        if found is None:
            raise ValueError(f"{folder / self.file} has no match of {self.pattern}")
        return found[1]


@frozen(kw_only=True)
class Language:
    """The commands of a language, which run in its folder. `URL` is a placeholder for the URL of the
    module. The clients for both versions of the API are generated and compiled together; `run` and
    `run_v2` run the program of each."""

    name: str
    generator: str
    pin: Pin
    requirements: tuple[Requirement, ...]
    generate: tuple[str, ...]
    compile: tuple[str, ...] = ()
    run: str
    run_v2: str = ""
    folder: Path

    @property
    def scenarios(self) -> dict[Api, str]:
        """Return the command that runs the program of each version of the API."""
        commands: dict[Api, str] = {"v1": self.run, "v2": self.run_v2}
        return {api: command for api, command in commands.items() if command}

    @property
    def generator_and_version(self) -> str:
        return f"{self.generator} {self.pin.version(self.folder)}"


MAVEN = Requirement("Maven", "mvn --version")
JAVA = Requirement("a Java development kit, 17 or newer", "javac --version")
PYTHON = Requirement("Python 3.11 or newer", "python3 --version")

MAVEN_PLUGIN = Pin("pom.xml", r"openapi-generator-maven-plugin</artifactId>\s*<version>(.+)</version>")
OPENAPI_GENERATOR = Pin("../requirements.txt", r"openapi-generator-cli==(\S+)")
NODE = (Requirement("Node.js 20 or newer", "node --version"), Requirement("npm", "npm --version"))
GENERATE = (
    "python3 -m venv build/generator",
    "build/generator/bin/pip install --quiet -r ../requirements.txt",
    "build/generator/bin/openapi-generator-cli batch openapi-generator.yaml openapi-generator-v2.yaml",
)

# The slowest first (measured without caches), so that no language runs alone at the end.
LANGUAGES = (
    Language(
        name="go",
        folder=HERE / "go",
        generator="oapi-codegen",
        pin=Pin("go.mod", r"oapi-codegen/oapi-codegen/v2 v(\S+)"),
        requirements=(Requirement("Go 1.25 or newer", "go version"),),
        generate=("go generate",),
        compile=("go vet", "go build -o build/quickstart"),
        run="build/quickstart URL",
        run_v2="build/quickstart URL v2",
    ),
    Language(
        name="rust",
        folder=HERE / "rust",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        requirements=(JAVA, PYTHON, Requirement("Rust 1.85 or newer", "cargo --version")),
        generate=GENERATE,
        compile=("cargo build --quiet",),
        run="cargo run --quiet -- URL",
        run_v2="cargo run --quiet --bin quickstart_v2 -- URL",
    ),
    Language(
        name="cpp",
        folder=HERE / "cpp",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        requirements=(
            JAVA,
            PYTHON,
            Requirement("CMake", "cmake --version"),
            Requirement(
                "a C++ compiler with the C++ REST SDK", "c++ -E -x c++ -include cpprest/version.h /dev/null"
            ),
        ),
        generate=GENERATE,
        compile=("cmake -S . -B build/cmake", "cmake --build build/cmake --parallel 2"),
        run="build/cmake/quickstart URL",
        run_v2="build/cmake/quickstart_v2 URL",
    ),
    Language(
        name="java",
        folder=HERE / "java",
        generator="openapi-generator",
        pin=MAVEN_PLUGIN,
        requirements=(JAVA, MAVEN),
        generate=("mvn --quiet generate-sources",),
        compile=("mvn --quiet compile",),
        run="mvn --quiet exec:java -Dexec.args=URL",
        run_v2="mvn --quiet exec:java -Dexec.args=URL -Dexec.mainClass=quickstart.QuickstartV2",
    ),
    Language(
        name="python",
        folder=HERE / "python",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        requirements=(JAVA, PYTHON),
        generate=GENERATE,
        compile=(
            "python3 -m venv build/venv",
            "build/venv/bin/pip install --quiet -r requirements.txt",
            "build/venv/bin/pip install --quiet --no-build-isolation ./build/client ./build/client_v2",
        ),
        run="build/venv/bin/python quickstart.py URL",
        run_v2="build/venv/bin/python quickstart_v2.py URL",
    ),
    Language(
        name="kotlin",
        folder=HERE / "kotlin",
        generator="openapi-generator",
        pin=MAVEN_PLUGIN,
        requirements=(JAVA, MAVEN),
        generate=("mvn --quiet generate-sources",),
        compile=("mvn --quiet kotlin:compile",),
        run="mvn --quiet exec:java -Dexec.args=URL",
        run_v2="mvn --quiet exec:java -Dexec.args=URL -Dexec.mainClass=quickstart.QuickstartV2",
    ),
    Language(
        name="csharp",
        folder=HERE / "csharp",
        generator="NSwag",
        pin=Pin("package.json", r'"nswag-portable": "([\d.]+)'),
        requirements=(
            *NODE,
            Requirement("Mono", "mono --version"),
            Requirement("Mono's compiler", "mcs --version"),
        ),
        generate=("npm ci", "npm run generate", "npm run library"),
        compile=(
            "mcs @compile.rsp build/VisionAiClient.cs build/VisionAiClientV2.cs"
            " Quickstart.cs QuickstartV2.cs Responses.cs",
        ),
        run="mono build/quickstart.exe URL",
        run_v2="mono build/quickstart.exe URL v2",
    ),
    Language(
        name="php",
        folder=HERE / "php",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        requirements=(
            JAVA,
            PYTHON,
            Requirement("PHP 8.1 or newer with Guzzle", "php -r \"require 'GuzzleHttp/autoload.php';\""),
        ),
        generate=GENERATE,
        run="php quickstart.php URL",
        run_v2="php quickstart_v2.php URL",
    ),
    Language(
        name="ruby",
        folder=HERE / "ruby",
        generator="openapi-generator",
        pin=OPENAPI_GENERATOR,
        requirements=(JAVA, PYTHON, Requirement("Ruby with Typhoeus", "ruby -e \"require 'typhoeus'\"")),
        generate=GENERATE,
        run="ruby -I build/client/lib quickstart.rb URL",
        run_v2="ruby -I build/client_v2/lib quickstart_v2.rb URL",
    ),
    Language(
        name="typescript",
        folder=HERE / "typescript",
        generator="openapi-typescript",
        pin=Pin("package.json", r'"openapi-typescript": "(.+)"'),
        requirements=NODE,
        generate=("npm ci", "npm run generate"),
        compile=("npm run build",),
        run="npm start -- URL",
        run_v2="npm run start:v2 -- URL",
    ),
)
