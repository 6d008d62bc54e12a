"""The command line in Russian and Chinese."""

from __future__ import annotations

import gettext
import json
import re
import string
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from shared_cli import PROGRAM, TIMEOUT, Result, make_environment, run_cli
from shared_error_texts import find_error_texts

import vision_ai
from vision_ai_tools.cli import usage_errors
from vision_ai_tools.cli.commands.doctor import STEPS
from vision_ai_tools.cli.english_messages import FILES, LESSON, SDK, SYSTEM, translate_message
from vision_ai_translations import Language, set_language, translate, translate_key

UNREACHABLE = "http://127.0.0.1:9"
CYRILLIC, CHINESE = re.compile("[\u0400-\u04ff]"), re.compile("[\u3400-\u9fff]")
ENGLISH = re.compile(r"(?<![\w/.'-])[A-Za-z]?[a-z]+(?: [a-z]+){2,}")
"""Three or more English words in a row."""
COMMAND = re.compile(r"vision-ai [^\n.]*|--[a-z-]+( [A-Z]+)?|pip install .*|\$ .*")


@pytest.fixture(autouse=True)
def process_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a run in another language changes in the process."""
    monkeypatch.setattr("vision_ai_tools.cli.app.break_lines_between_ideographs", lambda: None)
    domain = gettext.textdomain()
    yield
    gettext.textdomain(domain)
    set_language("en")


def run(*arguments: object, **options: Any) -> Result:
    return run_cli(*arguments, **{"url": UNREACHABLE, **options})


def check_language(text: str, language: str) -> None:
    """Check that a text is in a language: no sentence in English, no letter of the other one."""
    without_commands = COMMAND.sub("", text)
    assert ENGLISH.findall(without_commands) == []
    own, other = (CYRILLIC, CHINESE) if language == "ru" else (CHINESE, CYRILLIC)
    assert own.search(text) and not other.search(text)


@pytest.fixture(scope="module")
def module_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "plu.csv").write_text("id,name\n001,Яблоко\n002,苹果\n", encoding="utf-8")
    (folder / "bad.csv").write_text("number,name\n1,Apple\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", ["ru", "zh"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("info",), 3),
        (("errors", "-6103"), 0),
        (("errors", "-1"), 0),
        (("errors", "nonsense"), 2),
        (("doctor",), 3),
        (("nonsense",), 2),
        (("infx",), 2),
        (("info", "--nope"), 2),
        (("info", "--api", "v3"), 2),
        (("info", "--timeout", "0"), 2),
        (("info", "extra"), 2),
        (("image",), 2),
        (("image", "pan.png"), 2),
        (("image", "/no/such/folder/pan.jpg"), 1),
        (("calib", "set", "1", "2", "3"), 2),
        (("calib", "set", "1", "2", "3", "4000"), 2),
        (("calib", "set", "x"), 2),
        (("items", "teach"), 2),
        (("items", "teach", "--missing"), 2),
        (("items", "clear"), 2),
        (("items", "list", "--catalog", "bad.csv"), 2),
        (("items", "check", "missing.csv"), 1),
        (("feedback", "sid", "009", "--catalog", "plu.csv"), 2),
        (("clock", "set", "1969-01-01"), 2),
        (("journal", "prune"), 2),
        (("journal", "show", "--since", "yesterday"), 2),
        (("conformance",), 3),
        (("doctor", "--watch"), 2),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else None,
)
def test_what_goes_wrong_is_said_in_the_language(
    language: str, arguments: tuple[str, ...], status: int, module_files: Path
) -> None:
    arguments = tuple(
        str(module_files / each) if each.endswith(".csv") and "missing" not in each else each
        for each in arguments
    )
    done = run("--lang", language, *arguments)
    assert done.status == status, done.err
    check_language((done.out + done.err).replace(str(module_files), ""), language)


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_what_goes_right_is_said_in_the_language(language: str, module_files: Path, tmp_path: Path) -> None:
    for arguments in (
        ("info",),
        ("items", "list"),
        ("items", "pending"),
        ("items", "teach", "001", "Яблоко" if language == "ru" else "苹果", "--pictures", "2"),
        ("items", "register", "001", "7"),
        ("calib", "get"),
        ("learn-mode", "get"),
        ("image", "pan.jpg"),
        ("backup",),
    ):
        done = run("--lang", language, *arguments, url="emulator:", cwd=tmp_path)
        assert done.status == 0, done.err
        check_language((done.out + done.err).replace("Fruit Store Name", ""), language)


@pytest.mark.parametrize(
    ("arguments", "environment", "pattern"),
    [
        (("--lang", "ru"), {}, CYRILLIC),
        (("--lang=zh",), {}, CHINESE),
        (("--lang", "ru", "--lang", "zh"), {}, CHINESE),
        ((), {"LC_ALL": "", "LANG": "ru_RU.UTF-8"}, CYRILLIC),
        ((), {"LC_ALL": "", "LANGUAGE": "zh:en", "LANG": "ru_RU.UTF-8"}, CHINESE),
        (("--lang", "en"), {"LC_ALL": "", "LANG": "ru_RU.UTF-8"}, re.compile("Find the cause")),
        ((), {"LC_ALL": "", "LANG": "fr_FR.UTF-8"}, re.compile("Find the cause")),
    ],
    ids=str,
)
def test_the_option_or_the_environment_chooses_the_language(
    arguments: tuple[str, ...], environment: dict[str, str], pattern: re.Pattern[str]
) -> None:
    assert pattern.search(run("info", *arguments, **environment).err)


def test_the_installed_program_speaks_the_language_of_the_environment() -> None:
    done = subprocess.run(
        [PROGRAM, "info"],
        capture_output=True,
        encoding="utf-8",
        env=make_environment(UNREACHABLE, LC_ALL="", LANG="ru_RU.UTF-8", PYTHONUTF8="1"),
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 3
    check_language(done.stderr, "ru")


def test_an_unknown_language_is_refused() -> None:
    done = run("info", "--lang", "de")
    assert done.status == 2 and "'de' is not one of" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("info",), ("errors", "-6103"), ("errors",), ("doctor",), ("info", "--nope"), ("nonsense",)],
    ids=str,
)
def test_json_is_the_same_in_each_language(arguments: tuple[str, ...]) -> None:
    english = run(*arguments, "--json")
    for language in ("ru", "zh"):
        other = run(*arguments, "--json", "--lang", language)
        assert (other.status, _drop_times(other.out)) == (
            english.status,
            _drop_times(english.out),
        )
        assert other.err == english.err
    assert all(json.loads(line) for line in english.out.splitlines())


def _drop_times(text: str) -> str:
    return re.sub(r"\d+\.\d+ s\b", "", text)


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_names_and_values_are_aligned(language: str) -> None:
    lines = run("--lang", language, "errors", "-6103").out.splitlines()
    values = ("-6103", "CAMERA_LOST")
    starts = {
        cell_len(line.partition(value)[0])
        for line, value in zip(lines[:2], values, strict=True)
        if value in line
    }
    assert len(starts) == 1
    labels = [re.split(r" {2,}", line)[0] for line in lines]
    assert starts == {max(map(cell_len, labels)) + 2}


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_the_doctors_texts_are_aligned(language: Language) -> None:
    texts = (
        translate_key("doctor", "proxy.none", language, scheme="http"),
        translate_key("doctor", "skipped.no_cable", language),
        translate_key("doctor", "skipped.no_connection", language),
    )
    lines = run("--lang", language, "doctor").out.splitlines()
    starts = {cell_len(line.partition(text)[0]) for text in texts for line in lines if text in line}
    longest = max(cell_len(translate(step, language)) for step in STEPS.values())
    assert starts == {len("✓ ") + longest + len(" …") + 1}


def test_messages_of_the_sdk_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these is what the SDK says, with another value inside."""
    from vision_ai import VisionAI, VisionAIError

    def fail(action: object) -> str:
        with pytest.raises(VisionAIError) as caught:
            action()  # type: ignore[operator]
        return str(caught.value)

    with VisionAI("emulator:") as module:
        messages = [
            fail(lambda: VisionAI(UNREACHABLE).get_device_info()),
            fail(lambda: VisionAI(timeout=0)),
            fail(lambda: VisionAI("http://")),
            fail(lambda: VisionAI("ftp://127.0.0.1")),
            fail(lambda: module.set_calib(left=0, top=0, width=0, height=5)),
            fail(lambda: module.set_calib(left=1000, top=0, width=1000, height=5)),
            fail(lambda: module.register_item(id="", name="x")),
            fail(lambda: module.set_time(sec=1, usec=1)),
        ]
    set_language("ru")
    try:
        for message in messages:
            check_language(translate_message(message).replace(UNREACHABLE, ""), "ru")
    finally:
        set_language("en")
    assert translate_message(messages[0]) == messages[0]


ERROR_CLASSES = {
    *("InvalidInputError", "UnreachableError", "InvalidAnswerError", "RecordingError", "VisionAIError"),
    *(
        "NotOurFileError",
        "_invalid",
        "ConnectError",
        "ConnectTimeout",
        "ReadTimeout",
        "WriteTimeout",
        "WriteError",
    ),
}
ARGUMENT_ERROR = re.compile(r" must (be|have) |needs an? |needs only|journal_pictures needs|only_catalog")
"""What only programs read: the wrong type of an argument, and arguments that do not fit together."""
PARTS_ONLY = re.compile(r"[{}\s:,….]*")
"""Texts that are put together of other ones."""
FOR_PROGRAMS = {
    *("this client is closed; make a new one", "this response belongs to the parent process"),
    *("{} cannot use {}", "{}… cannot be requested: {}", "not a JPEG picture in base64: {}"),
    "the catalog has no name or Product for {}, but {}",
    "the catalog has the product {} under the id {}",
    "{}: not written by this process, because it was forked during the transfer. The parent process goes on.",
    # Their last part is the end of one template, or of another.
    *("{}: the module cannot be reached ({}).{}", "the request was not accepted in time{}"),
    "while the request was sent{}",
    *("{} needs more than is installed ({}){}", "the module was not ready within {} s. {}"),
    *(
        "{}: given up, the response has more than {} bytes{}",
        "{} is not a text file but {}: save the list as CSV",
    ),
}


def test_each_error_that_a_person_may_read_has_a_template() -> None:
    set_language("ru")
    texts = dict(find_error_texts(Path(vision_ai.__file__).parent, ERROR_CLASSES))
    assert len(texts) > 120
    missing = [
        f"{place}: {text}"
        for text, place in texts.items()
        if not (text in FOR_PROGRAMS or ARGUMENT_ERROR.search(text) or PARTS_ONLY.fullmatch(text))
        and translate_message(text.removeprefix("{}: ")) == text.removeprefix("{}: ")
        and translate_message(text) == text
    ]
    assert missing == []


@pytest.mark.parametrize("template", [*SDK, *FILES, *LESSON, *SYSTEM])
def test_no_template_hides_another_one(template: str) -> None:
    """A message is translated by its own template, not by an earlier one that matches it too."""
    values = {name: "7" for _, name, _, _ in string.Formatter().parse(template) if name}
    set_language("ru")
    assert translate_message(translate(template, "en", **values)) == translate(template, "ru", **values)


@pytest.mark.parametrize("template", usage_errors.TEMPLATES)
def test_no_template_of_typer_hides_another_one(template: str) -> None:
    values = {name: "7" for _, name, _, _ in string.Formatter().parse(template) if name}
    set_language("ru")
    message = usage_errors.translate_usage_error(translate(template, "en", **values))
    assert message == translate(template, "ru", **values)
