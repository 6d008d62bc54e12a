"""The fleet's command lines in Russian and Chinese: sentences, plurals, tables, errors; JSON stays as it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from shared_cli import Result, run_cli
from shared_error_texts import find_error_texts
from shared_fleet_cli import NOW, OPERATOR, Command, FakeFleet, make_test_scale

import vision_ai_fleet
from vision_ai_fleet.agent.install import InstallPlan
from vision_ai_fleet.cli.formats import format_counts, format_progress, format_size, format_state
from vision_ai_fleet.cli.job_results import describe_result
from vision_ai_fleet.cli.message_templates import ERRORS, OUTCOMES
from vision_ai_fleet.cli.messages import translate_message
from vision_ai_fleet.cli.scale_views import describe_total
from vision_ai_fleet.cli.selection import describe_scales
from vision_ai_fleet.cli.times import format_age
from vision_ai_fleet.jobs import Execution, State
from vision_ai_fleet.names import ScaleId
from vision_ai_translations import LANGUAGES, Language, set_language

ERROR_CLASSES = {
    *(
        "FleetError",
        "InvalidInputError",
        "NotFoundError",
        "ConflictError",
        "NotPermittedError",
        "InstallError",
    ),
    *("CenterUnreachableError", "ScaleOfflineError", "JobFailedError", "DigestError"),
}
FOLDERS_WITHOUT_PEOPLE = {"page", "observability", "cli", "events"}
"""The page translates its own texts; webhooks and exports are for programs; the commands translate theirs."""
FOR_PROGRAMS = {
    # Said to a program that sent what the SDK never sends.
    *("a message of the queue is not a job", "an entry of the bucket executions is not an execution"),
    *("a call is not a request of the SDK", "a call with this effect needs an id"),
    "{} {} is not the operation {} with the effect {}",
    # Refused before by the options of the command, which have no such value.
    *("a desired state has no {}; it has {}", "calibration must have left, top, width and height"),
    *("enforce must be true or false", "calibration needs the whole number {}, in pixels"),
    *("order must be spread, store or within-store, not {}", "name the store of the scale too"),
    *("a code is valid for 1 to {} seconds, not {}", "{} is already a center's folder"),
    *(
        "Use it, or name another one: --folder.",
        "the calibration area lacks {}",
        "mode must be 0 or 1, not {}",
    ),
    "this is not the manifest of a file",
    # Faults of the center, with names of its inside.
    *("the list of scales of the rollout {} is missing or forged", "the rollout {} was removed"),
    *("the center stopped sending the stream {}", "the center cannot read the stream {} now"),
    *("the engine did not accept the list of void identities", "these credentials do not permit {}"),
    *("these credentials do not permit reading {}", "a file cannot be named {}"),
}


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """Let no other test of this process find another language."""
    yield
    set_language("en")


@pytest.fixture
def run(fleet: FakeFleet, tmp_path: Path) -> Command:
    """Run `vision-ai fleet …` in a language."""
    OPERATOR.write(tmp_path / "operator.creds")

    def run(language: Language, *arguments: object) -> Result:
        return run_cli("--lang", language, "fleet", *arguments, cwd=tmp_path, VISION_AI_FLEET=str(tmp_path))

    return run


def make_scales(count: int) -> list[ScaleId]:
    return [ScaleId("0042", f"{number:02}") for number in range(count)]


@pytest.mark.parametrize(
    ("count", "russian", "chinese"),
    [
        (1, "1 весы (0042/00)", "1 台秤 (0042/00)"),
        (2, "2 весов (0042/00, 0042/01)", "2 台秤 (0042/00, 0042/01)"),
        (5, "5 весов в 1 магазине", "1 家门店的 5 台秤"),
        (21, "21 весы в 1 магазине", "1 家门店的 21 台秤"),
    ],
)
def test_numbers_of_scales_have_their_plural(count: int, russian: str, chinese: str) -> None:
    set_language("ru")
    assert describe_scales(make_scales(count)) == russian
    set_language("zh")
    assert describe_scales(make_scales(count)) == chinese


def test_stores_have_their_plural() -> None:
    set_language("ru")
    assert (
        describe_scales([ScaleId(f"{number:04}", "01") for number in range(22)]) == "22 весов в 22 магазинах"
    )


def test_a_number_of_scales_is_written_as_it_is_typed_to_confirm() -> None:
    """Its digits have no separators in any language."""
    scales = make_scales(99) * 20
    for language in ("en", "ru", "zh"):
        set_language(language)
        assert "1980" in describe_scales(scales)


def test_the_total_says_how_many_are_shown() -> None:
    scales = [make_test_scale("0042/07"), make_test_scale("0042/08", online=False)]
    set_language("ru")
    assert describe_total(scales, 2) == "2 весов, на связи 1"
    assert describe_total(scales, 1) == "2 весов, на связи 1; показано 1 (--limit)"
    set_language("zh")
    assert describe_total(scales, 1) == "2 台秤，在线 1 台；显示 1 台（--limit）"


def test_a_list_is_in_the_language_of_the_page(run: Command, fleet: FakeFleet) -> None:
    result = run("ru", "list")
    lines = result.out.splitlines()
    assert lines[0].split()[:4] == ["Весы", "Состояние", "Модуль", "Движок"]
    assert "режим обучения" in lines[1] and "нет камеры (-6103)" in lines[2] and "нет связи" in lines[3]
    assert result.err.strip() == "5 весов, на связи 4"


def test_columns_are_aligned_in_chinese(run: Command) -> None:
    """A Chinese character takes two columns of a terminal."""
    lines = run("zh", "list").out.splitlines()
    starts = {cell_len(line[: line.index(text)]) for line in lines[1:] for text in ("9.5.0",)}
    assert starts == {cell_len(lines[0][: lines[0].index("引擎")])}


def test_json_is_the_same_in_each_language(run: Command, fleet: FakeFleet) -> None:
    fleet.outcomes[ScaleId("0042", "08")] = Execution(
        State.FAILED, "backup", "x", time=NOW, message="withheld"
    )
    assert run("en", "run", "backup", "--yes").status == 1
    [id] = fleet.entries
    for arguments in (
        *(("list",), ("show", "0042/07"), ("jobs",), ("status", id), ("backups",), ("schedule", "list")),
        *(("show", "0042/77"), ("run", "restore"), ("list", "--where", "color=red"), ("set",)),
    ):
        english = run("en", *arguments, "--json")
        assert english.out and run("ru", *arguments, "--json") == english == run("zh", *arguments, "--json")


def test_errors_and_hints_are_translated(run: Command) -> None:
    assert run("ru", "show", "0042/77").failure == ("нет весов 0042/77", "См. vision-ai fleet list")
    assert run("zh", "show", "0042/77").failure == ("没有秤 0042/77", "请查看：vision-ai fleet list")
    assert (
        run("ru", "list", "--where", "color=red")
        .failure[0]
        .startswith("у весов нет поля 'color'; есть store")
    )
    assert "нет учётных данных" in run("ru", "list", "--folder", "none").failure[0]
    message, hint = run("ru", "set", "--store", "0042", "--learn-mode", "on").failure
    assert "3 весов (0042/07, 0042/08, 0042/09). Нет терминала" in message and "--yes" in hint


def test_the_doctor_is_translated(run: Command, fleet: FakeFleet) -> None:
    fleet.buckets["alerts"] = {"camera_lost.0042.08": object()}
    out = run("ru", "doctor").out
    assert "контроллер      ПРОБЛЕМА   контроллер не работает" in out and "1: нет камеры" in out
    assert "控制器  有问题  控制器未运行" in run("zh", "doctor").out


def test_a_job_is_confirmed_followed_and_shown_in_the_language(run: Command, fleet: FakeFleet) -> None:
    fleet.outcomes[ScaleId("0043", "01")] = Execution(
        State.FAILED, "backup", "x", time=NOW, message="the module did not come back: no response"
    )
    result = run("ru", "run", "backup", "--store", "0043", "--yes")
    assert "Резервное копирование: 2 весов (0043/01, 0043/02)." in result.err
    assert "этап 1 из" in result.err and "отказ: 1" in result.err
    assert "выполнено: 1, отказ: 1" in result.out and "остановлено\n" in result.out
    assert "модуль не вышел на связь: no response" in result.out


def test_a_schedule_is_one_sentence(run: Command) -> None:
    arguments = ("schedule", "backup", "--at", "02:30", "--where", "online=true")
    assert run("ru", *arguments).out == (
        "расписание backup: backup, каждый день с 02:30 UTC, в течение 3 ч, все весы, где online=true\n"
    )
    assert run("zh", "schedule", "list").out.splitlines()[0].split() == [
        *("名称", "任务", "时间", "执行日", "分散时长", "秤", "保留")
    ]


def test_states_sizes_and_results_are_words_of_the_language() -> None:
    findings = [{"state": "wrong", "code": "usb.unseen", "what": "English", "values": {}}]
    own = [{"state": "wrong", "code": "of a newer agent", "what": "Its own words", "values": {}}]
    set_language("ru")
    assert format_counts({"SUCCEEDED": 3, "FAILED": 1}) == "выполнено: 3, отказ: 1"
    assert format_size(2.5e8) == "250 МБ"
    assert format_state("OF_A_NEWER_CENTER") == "of_a_newer_center"
    assert "English" not in (describe_result("doctor", {"findings": findings}) or "English")
    assert describe_result("doctor", {"findings": own}) == "Its own words"
    set_language("zh")
    assert format_counts({"SUCCEEDED": 3, "FAILED": 1}) == "成功 3、失败 1"


def test_the_progress_of_a_job_and_the_time_since_are_translated() -> None:
    set_language("ru")
    assert format_progress({"phase": "download", "done": 4, "total": 10}) == "скачивание 40%"
    assert format_progress({"phase": "of a newer agent"}) == "of a newer agent"
    assert format_age(time.time() - 7200) == "2 ч"
    set_language("zh")
    assert format_age(time.time() - 3 * 86400) == "3 天"


def test_a_plan_says_in_a_comment_what_is_removed(tmp_path: Path) -> None:
    plan = InstallPlan(tmp_path / "agent.service", None)
    assert plan.describe() == f"# {plan.path} is removed\n"
    set_language("ru")
    assert plan.describe() == f"# {plan.path}: будет удалён\n"


def test_values_of_a_message_that_are_messages_are_translated_too() -> None:
    set_language("ru")
    text = "The first scale, 0042/07, failed: the backup was made by another version of the recognition engine (-6143)"
    assert translate_message(text) == (
        "Отказ на первых весах (0042/07): копия сделана другой версией движка распознавания (-6143)"
    )
    text = "the module did not come back: no response. Check the module's power and cable, or run the job `doctor`."
    assert translate_message(text) == (
        "модуль не вышел на связь: no response. Проверьте питание и кабель модуля или запустите задание `doctor`."
    )


def test_messages_of_the_sdk_on_a_scale_are_translated() -> None:
    set_language("ru")
    text = "the agent failed: get_calib: no complete response within 5 s. The module may have carried out the request."
    assert translate_message(text) == (
        "сбой агента: get_calib: за 5 с нет полного ответа. Возможно, модуль выполнил запрос."
    )


@pytest.mark.parametrize(
    "text",
    [
        *("what a module says", "The module needs a restart. Its lamp blinks.", ""),
        pytest.param("a. " * 100_000, id="long"),
        pytest.param("a. " * 600, id="many sentences"),
    ],
)
def test_a_message_of_somebody_else_stays_as_it_is(text: str) -> None:
    for language in LANGUAGES:
        set_language(language)
        assert translate_message(text) == text


def test_the_agents_commands_are_translated(tmp_path: Path) -> None:
    result = run_cli("--lang", "ru", "agent", "run", cwd=tmp_path)
    assert result.failure[0].startswith("агенту нужны учётные данные его весов")
    (tmp_path / "scale.creds").touch()
    result = run_cli("--lang", "ru", "agent", "enrol", "http://center", "x", cwd=tmp_path)
    assert result.failure[0] == "scale.creds уже существует: возможно, эти весы уже зарегистрированы"
    (tmp_path / "scale.creds").unlink()
    result = run_cli("--lang", "zh", "agent", "enrol", "http://center", "x", cwd=tmp_path)
    assert "代码输入有误" in result.failure[0]


def test_each_error_that_a_person_may_read_has_a_template() -> None:
    set_language("ru")
    root = Path(vision_ai_fleet.__file__).parent
    texts = dict(
        find_error_texts(root, ERROR_CLASSES, skip=lambda place: place.parts[0] in FOLDERS_WITHOUT_PEOPLE)
    )
    assert len(texts) > 80
    missing = [
        f"{place}: {text}"
        for text, place in texts.items()
        if text not in FOR_PROGRAMS and translate_message(text) == text
    ]
    assert missing == []


def test_each_template_is_recognized_as_itself() -> None:
    """No template takes the messages of another one."""
    set_language("ru")
    for template in (*ERRORS, *OUTCOMES):
        text = template.replace("{", "<").replace("}", ">")
        names = [part.partition(">")[0] for part in text.split("<")[1:]]
        translated = translate_message(text)
        assert translated != text, template
        assert all(f"<{name}>" in translated for name in names), template
