"""The messages of `vision-ai link` and of other commands in Russian and Chinese. Programs still read English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shared_cli import run_cli
from shared_journal import SimulatedTill

from vision_ai import VisionAI
from vision_ai_emulator import Emulator
from vision_ai_tools import link
from vision_ai_tools.link.discovery import find_module_interface
from vision_ai_tools.link.errors import LinkError, NoInterfaceError
from vision_ai_tools.link.network import Interface, Network
from vision_ai_translations import Message, translate

NETWORK = Network(
    interfaces=(Interface(index=1, name="eth0", up=True, carrier=True, loopback=False, addresses=()),),
    routes=(),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root folder of a system with NetworkManager."""
    pid = tmp_path / "root/run/NetworkManager/NetworkManager.pid"
    pid.parent.mkdir(parents=True)
    pid.touch()
    return tmp_path / "root"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "already",
                "Written: ",
                "with the address 172.22.0.7/24",
                "written by this program",
                "Removed: ",
            ),
        ),
        (
            "ru",
            ("уже установлен", "Записан: ", "с адресом 172.22.0.7/24", "создан этой программой", "Удалён: "),
        ),
        ("zh", ("已安装", "已写入：", "地址为 172.22.0.7/24", "由本程序写入", "已删除：")),
    ],
)
def test_an_installation_is_described(root: Path, language: str, words: tuple[str, ...]) -> None:
    again, written, address, owner, removed = words
    options = ("--root", str(root), "--lang", language)
    installed = run_cli("link", "install", *options, "--yes")
    assert written in installed.out and address in installed.out
    assert "# Written by 'vision-ai link install'" in installed.err  # the files are for programs
    assert again in run_cli("link", "install", *options, "--yes").out
    assert owner in run_cli("link", "status", *options).out
    assert removed in run_cli("link", "uninstall", *options, "--yes").out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ru",
            ("Порт 7080 ведёт", "(настройка)", "При каждом запуске", "вкл., доступ: 10.0.0.0/8", "Удалён: "),
        ),
        ("zh", ("端口 7080 转到", "（配置）", "每次启动时", "开，允许访问：10.0.0.0/8", "已删除：")),
    ],
)
def test_forwarding_is_described(root: Path, language: str, words: tuple[str, ...]) -> None:
    port, purpose, at_start, sources, removed = words
    options = ("--root", str(root), "--lang", language)
    opened = run_cli("link", "forward", "--from", "10.0.0.0/8", *options, "--yes")
    assert port in opened.out and purpose in opened.out
    state = run_cli("link", "forward", "status", *options).out
    assert at_start in state and sources in state
    assert removed in run_cli("link", "forward", "off", *options, "--yes").out


@pytest.mark.parametrize(
    ("arguments", "ru", "zh"),
    [
        (
            ("forward", "--from", "any", "--from", "none"),
            "К --from any нечего добавить.",
            "使用 --from any 时",
        ),
        (
            ("forward", "--from", "127.0.0.1"),
            "127.0.0.1 относится к самому этому компьютеру",
            "127.0.0.1 属于本机自身",
        ),
        (
            ("install", "--name", "eth0"),
            "Интерфейс модуля нельзя назвать 'eth0'",
            "模块的接口不能命名为 'eth0'",
        ),
        (
            ("install", "--manager", "connman"),
            "Менеджера сети 'connman' нет.",
            "没有网络管理器 'connman'。",
        ),
    ],
)
def test_an_error_is_described(root: Path, arguments: tuple[str, ...], ru: str, zh: str) -> None:
    command = ("link", *arguments, "--root", str(root))
    russian, chinese = (run_cli(*command, "--lang", language) for language in ("ru", "zh"))
    assert russian.failure[0].startswith(ru) and re.search("[а-я]", russian.failure[1])
    assert chinese.failure[0].startswith(zh) and re.search("[\u4e00-\u9fff]", chinese.failure[1])
    english = run_cli(*command)
    assert english.failure[0].isascii()
    error = run_cli(*command, "--json", "--lang", "ru").error
    assert (error["message"], error["hint"]) == english.failure


def test_an_exception_is_english_and_describes_itself_in_each_language(tmp_path: Path) -> None:
    with pytest.raises(NoInterfaceError) as caught:
        find_module_interface(NETWORK, tmp_path, "usb0")
    error = caught.value
    assert str(error) == "There is no network interface 'usb0'.\nAvailable: eth0"
    assert error.describe("en") == (error.what, error.advice)
    assert error.describe("ru") == ("Сетевого интерфейса 'usb0' нет.", "Есть: eth0")
    assert error.describe("zh") == ("没有网络接口 'usb0'。", "现有：eth0")


@pytest.mark.parametrize(
    "code",
    ["cable.windows", "cable.macos", "cable.forward_windows", "cable.forward_macos", "cable.no_pyroute2"],
)
def test_an_error_with_a_code_has_its_advice_in_each_language(code: str) -> None:
    error = LinkError.of(code)
    assert str(error) == f"{error.what}\n{error.advice}"
    descriptions = [error.describe(language) for language in ("en", "ru", "zh")]
    assert descriptions[0] == (error.what, error.advice)
    assert len(set(descriptions)) == 3
    assert all(what and advice for what, advice in descriptions)


def test_messages_inside_messages_are_translated_too() -> None:
    message = Message("Available: {names}", names=Message("none"))
    assert message == "Available: none"
    assert translate(message, "ru") == "Есть: нет"


def test_conflicting_files_are_described(root: Path) -> None:
    rule = root / "etc/udev/rules.d/90-own.rules"
    rule.parent.mkdir(parents=True)
    rule.write_text('SUBSYSTEM=="net", ATTRS{idVendor}=="2207", NAME="scale0"\n')
    [warning] = link.plan_install(root=root, name="visionai0").warnings
    assert warning == f"{rule} names the same interface scale0. Keep one of the two: remove that rule."
    result = run_cli("link", "install", "--root", str(root), "--lang", "ru", "--yes")
    assert f"Внимание: {rule} даёт тому же интерфейсу имя scale0" in result.err
    assert "удалите это правило" in result.err


@pytest.mark.parametrize(
    ("language", "nothing", "confirmed", "score"),
    [("ru", "Товар не распознан.", "подтверждён", "Оценка"), ("zh", "未识别到商品。", "已确认", "分数")],
)
def test_a_recognition_is_described(
    emulator: Emulator, url: str, language: str, nothing: str, confirmed: str, score: str
) -> None:
    assert run_cli("recognize", "--lang", language, url=url).out == f"{nothing}\n"
    with VisionAI(url) as module:
        module.learn(id="001", name="Apple", pictures=1)
    result = run_cli("recognize", "--confirm", "001", "--lang", language, url=url).out
    assert confirmed in result and score in result


@pytest.mark.parametrize(
    ("language", "restored", "ready"),
    [
        ("ru", "модуль восстановлен из ", "модуль 12345678 готов"),
        ("zh", "模块已从 ", "模块 12345678 已就绪"),
    ],
)
def test_the_end_of_a_command_is_described(
    emulator: Emulator, url: str, tmp_path: Path, language: str, restored: str, ready: str
) -> None:
    with VisionAI(url) as module:
        file = module.backup(tmp_path, poll=0.01)
    options = ("--yes", "12345678", "--poll", "0.01", "--lang", language)
    assert run_cli("restore", file, *options, url=url).out.startswith(restored)
    assert run_cli("wait", "--lang", language, url=url).out == f"{ready}\n"


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ("Взвешивания", "Верный первым", "из")), ("zh", ("称重次数", "正确商品排第一", "次中"))],
)
def test_a_report_is_summarized(tmp_path: Path, language: str, words: tuple[str, ...]) -> None:
    SimulatedTill(seed=1).write(tmp_path / "till.db")
    (tmp_path / "broken.db").write_text("this is no journal")
    result = run_cli("report", "till.db", "broken.db", "--lang", language, cwd=tmp_path)
    assert result.status == 1
    for word in words:
        assert word in result.out
    assert re.search("файл не является журналом|文件不是日志", result.err)
