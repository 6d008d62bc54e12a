"""What may be forwarded, the rules, and the unit. tests/e2e/link/test_forward.py uses them in the kernel."""

from __future__ import annotations

import shlex
import sys
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from shared_cli import run_cli

from vision_ai_tools import link
from vision_ai_tools.link.forwarding import iptables, nftables, other_rules, unit
from vision_ai_tools.link.forwarding.iptables import Iptables
from vision_ai_tools.link.forwarding.memory import Memory
from vision_ai_tools.link.forwarding.settings import EVERYBODY

UNIT = "etc/systemd/system/vision-ai-forward.service"
LINKS = [
    f"etc/systemd/system/{each}.wants/vision-ai-forward.service"
    for each in ("docker.service", "multi-user.target", "nftables.service")
]


@pytest.mark.parametrize(
    ("sources", "networks"),
    [
        (["192.168.10.0/24"], ["192.168.10.0/24"]),
        (["192.168.10.7"], ["192.168.10.7/32"]),
        ([" 10.0.0.0/255.0.0.0 "], ["10.0.0.0/8"]),
        (["10.1.0.0/16", "10.0.0.0/8", "10.1.2.3"], ["10.0.0.0/8"]),
        (["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8"]),
        (["172.22.1.0/24"], ["172.22.1.0/24"]),
        (["Any"], ["0.0.0.0/0"]),
        (["none"], []),
    ],
)
def test_networks(sources: list[str], networks: list[str]) -> None:
    assert [str(each) for each in link.make_forwarding(sources).networks] == networks


@pytest.mark.parametrize(
    ("sources", "what", "advice"),
    [
        ([], "not said who", "--from any"),
        ([""], "not an IPv4 network", "--from 192.168.10.0/24"),
        (["10.1.2.3/16"], "in the network 10.1.0.0/16", "--from 10.1.0.0/16"),
        (["fd00::/8"], "not an IPv4 network", "no IPv6"),
        (["10.0.0.0/33"], "not an IPv4 network", "For example"),
        (["10.0.0.0/"], "not an IPv4 network", "For example"),
        (["10.0.0"], "not an IPv4 network", "For example"),
        (["010.0.0.0/8"], "not an IPv4 network", "For example"),
        (["shop.example"], "not an IPv4 network", "For example"),
        (["10.0.0.0/8; flush ruleset"], "not an IPv4 network", "For example"),
        (["10.0.0.0/8,10.2.0.0/16"], "not an IPv4 network", "For example"),
        (["0.0.0.0/0"], "everybody", "--from any"),
        (["10.0.0.0/8", "any"], "leaves nothing to add", "Leave"),
        (["none", "10.0.0.0/8"], "leaves nothing to add", "Leave"),
        (["127.0.0.1"], "this computer itself", "For example"),
        (["239.1.1.1"], "multicast", "For example"),
        (["172.22.0.6"], "module's own network", "For example"),
    ],
)
def test_impossible_networks(sources: list[str], what: str, advice: str) -> None:
    with pytest.raises(link.InvalidArgumentError) as raised:
        link.make_forwarding(sources)
    assert what in raised.value.what
    assert advice in raised.value.advice


@pytest.mark.parametrize(("config", "sync"), [(0, 7443), (7080, 65536), (-1, 7443), (7080, 7080)])
def test_impossible_ports(config: int, sync: int) -> None:
    with pytest.raises(link.InvalidArgumentError):
        link.make_forwarding(["any"], config_port=config, sync_port=sync)


@pytest.mark.parametrize("name", ["", 'eth0" accept', "a name", "sixteen-letters-", "-o", "eth0\n"])
def test_impossible_upstream(name: str) -> None:
    with pytest.raises(link.InvalidArgumentError):
        link.make_forwarding(["any"], upstream=name)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "--from"),
        (("--from", "10.1.2.3/16"), "10.1.0.0/16"),
        (("--from", "any", "--config", "7443"), "Both ports are 7443"),
        (("--from", "any", "--config", "0"), "0 is not a port"),
        (("off", "--from", "any"), "Leave --from out"),
        (("--until-restart", "--from", "any", "--root", "."), "only the unit"),
    ],
)
def test_impossible_arguments_are_usage_errors(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    result = run_cli("link", "forward", "--yes", *words, cwd=tmp_path)
    assert result.status == 2, result.err
    assert message in result.err


FORWARDINGS = [
    link.Forwarding((IPv4Network("10.0.0.0/8"),)),
    link.Forwarding((IPv4Network("10.0.0.0/8"), IPv4Network("192.168.10.7/32")), 8070, 8443, "eth0"),
    link.Forwarding((EVERYBODY,), upstream="wwan0"),
    link.Forwarding(()),
]


@pytest.mark.parametrize("forwarding", FORWARDINGS)
@pytest.mark.parametrize("memory", [Memory(False, ""), Memory(True, "1a2b3c4d", ("nat", "nat.PREROUTING"))])
def test_rules_are_read_back(forwarding: link.Forwarding, memory: Memory) -> None:
    ruleset = nftables.make_ruleset(forwarding, memory)
    assert nftables.parse_table(ruleset) == forwarding
    assert Memory.parse(ruleset) == memory
    rules = iptables.make_nat_table(forwarding) + iptables.make_filter_table(forwarding, memory)
    assert iptables.parse_rules(rules) == forwarding
    assert Memory.parse(rules) == memory
    arguments = dict(zip(forwarding.options[::2], forwarding.options[1::2], strict=True))
    assert arguments["--config"] == str(forwarding.config_port)
    assert link.make_forwarding(forwarding.sources).networks == forwarding.networks


def test_rules_that_somebody_changed_are_no_forwarding() -> None:
    assert nftables.parse_table("table ip vision_ai_forward {\n}\n") is None
    assert iptables.parse_rules("-A VISION-AI-DNAT -p tcp -j RETURN\n") is None


@pytest.mark.parametrize(
    ("rules", "drops"),
    [
        (":FORWARD ACCEPT [0:0]", False),
        (":FORWARD DROP [0:0]", True),
        (":FORWARD ACCEPT [0:0]\n-A FORWARD -j REJECT --reject-with icmp-host-prohibited", True),
        (":FORWARD ACCEPT [0:0]\n-A FORWARD -j mine\n-A mine -g deep\n-A deep -i eth9 -j DROP", True),
        (":FORWARD ACCEPT [0:0]\n-A INPUT -j mine\n-A mine -j DROP", False),
        (":FORWARD ACCEPT [0:0]\n-A FORWARD -j VISION-AI-FORWARD\n-A VISION-AI-FORWARD -j DROP", False),
        ("", False),
    ],
)
def test_rules_that_drop_what_is_forwarded(monkeypatch: pytest.MonkeyPatch, rules: str, drops: bool) -> None:
    monkeypatch.setattr(Iptables, "save", lambda self, table: rules)  # type: ignore[misc]
    assert iptables.drops_forwarded(Iptables("iptables", "nft")) == drops


def write(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def list_entries(root: Path) -> list[str]:
    return sorted(
        str(each.relative_to(root)) for each in root.rglob("*") if not each.is_dir() or each.is_symlink()
    )


def test_image_gets_a_unit_that_is_enabled(tmp_path: Path) -> None:
    write(tmp_path, "usr/local/bin/vision-ai")
    words = ("--from", "10.0.0.0/8", "--from", "192.168.10.7", "--root", str(tmp_path), "--yes", "--json")
    result = run_cli("link", "forward", *words).value
    assert result["warnings"] == []
    assert list_entries(tmp_path) == sorted((UNIT, *LINKS, "usr/local/bin/vision-ai"))
    text = (tmp_path / UNIT).read_text(encoding="utf-8")
    (command,) = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert command == (
        "ExecStart=/usr/local/bin/vision-ai link forward --until-restart --config 7080 --sync 7443"
        " --from 10.0.0.0/8 --from 192.168.10.7"
    )
    assert {str((tmp_path / each).readlink()) for each in LINKS} == {f"/{UNIT}"}
    status = run_cli("link", "forward", "status", "--root", str(tmp_path), "--json").value
    assert {file["written_by"] for file in status["files"]} == {"this program"}
    assert len(status["files"]) == 4
    assert (status["active"], status["at_start"]["from"]) == (None, ["10.0.0.0/8", "192.168.10.7"])

    assert run_cli("link", "forward", *words).value["files"] == []
    run_cli("link", "forward", "off", "--root", str(tmp_path))
    assert list_entries(tmp_path) == ["usr/local/bin/vision-ai"]
    assert [each.name for each in (tmp_path / "etc/systemd/system").iterdir()] == []


def test_image_without_the_program_is_a_warning(tmp_path: Path) -> None:
    result = run_cli("link", "forward", "--from", "any", "--root", str(tmp_path), "--yes", "--json").value
    assert "/usr/local/bin/vision-ai is not installed" in result["warnings"][0]


def test_unit_of_somebody_else_is_kept(tmp_path: Path) -> None:
    write(tmp_path, UNIT, "[Unit]\n")
    for words in (("--from", "any"), ("off",)):
        result = run_cli("link", "forward", *words, "--root", str(tmp_path), "--yes")
        assert result.status == 1 and "--force" in result.err
    assert list_entries(tmp_path) == [UNIT]
    assert run_cli("link", "forward", "off", "--root", str(tmp_path), "--force", "--yes").status == 0
    assert list_entries(tmp_path) == []


def test_links_do_not_lead_out_of_the_image(tmp_path: Path) -> None:
    (tmp_path / "root/etc/systemd").mkdir(parents=True)
    (tmp_path / "root/etc/systemd/system").symlink_to(tmp_path)
    result = run_cli("link", "forward", "--from", "any", "--root", str(tmp_path / "root"), "--yes")
    assert result.status == 1
    assert [each.name for each in tmp_path.iterdir()] == ["root"]


@pytest.mark.parametrize("path", ["/opt/my till/vision-ai", "/opt/100%/vision-ai", '/opt/"x"/$y/vision-ai'])
def test_unit_quotes_the_path_as_systemd_reads_it(path: str) -> None:
    text = unit.make_unit(FORWARDINGS[0], path).text
    (command,) = [line.removeprefix("ExecStart=") for line in text.splitlines() if "ExecStart" in line]
    words = shlex.split(command.replace("%%", "%").replace("$$", "$"))
    assert words[: words.index("link")][-1] == path


@pytest.mark.parametrize("forwarding", FORWARDINGS)
def test_unit_is_read_back(forwarding: link.Forwarding, tmp_path: Path) -> None:
    assert unit.read_unit(tmp_path) is None
    write(tmp_path, UNIT, unit.make_unit(forwarding, "/opt/my $ till/vision-ai").text)
    assert unit.read_unit(tmp_path) == forwarding
    for change in (("--config", "--konfig"), ("--from ", ""), ("ExecStart", "ExecStop")):
        write(tmp_path, UNIT, unit.make_unit(forwarding, "/usr/bin/vision-ai").text.replace(*change))
        assert unit.read_unit(tmp_path) is None


def test_uninstall_keeps_forwarding(tmp_path: Path) -> None:
    run_cli("link", "forward", "--from", "any", "--root", str(tmp_path), "--yes")
    assert run_cli("link", "uninstall", "--root", str(tmp_path), "--yes").out == "Nothing was installed.\n"


@pytest.mark.parametrize(
    ("platform", "words"), [("win32", "netsh interface portproxy add v4tov4"), ("darwin", "pfctl")]
)
def test_other_systems_say_what_to_do_by_hand(
    monkeypatch: pytest.MonkeyPatch, platform: str, words: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for function in (
        lambda: link.plan_forward(FORWARDINGS[0]),
        link.plan_forward_off,
        link.read_forward_status,
    ):
        with pytest.raises(link.LinkError, match=words):
            function()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0100007F", "127.0.0.1"),
        ("070016AC", "172.22.0.7"),
        ("00000000000000000000000001000000", "::1"),
        ("0000000000000000FFFF00000100007F", "127.0.0.1"),
        ("00000000000000000000000000000000", "::"),
    ],
)
@pytest.mark.skipif(sys.byteorder != "little", reason="the numbers are those of such a computer")
def test_addresses_of_listening_programs(text: str, address: str) -> None:
    assert str(other_rules._parse_address(text)) == address
