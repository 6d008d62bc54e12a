"""Tables and base chains that iptables creates in nf_tables, read and removed without nft."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

FAMILIES = {"inet": 1, "ip": 2}
FORWARD_HOOK, DROP = 2, 0


def list_tables() -> set[str]:
    """List the IPv4 tables, as "nat", and their chains, as "nat.PREROUTING"; none where there is no nf_tables."""
    try:
        with _open() as nft:
            tables = {str(each.get_attr("NFTA_TABLE_NAME")) for each in nft.get_tables()}
            return tables | {_name(each) for each in nft.get_chains()}
    except OSError:
        return set()


def list_dropping_chains() -> list[str]:
    """List the chains whose policy drops what is forwarded, as "inet filter forward"."""
    found: list[str] = []
    for family, number in FAMILIES.items():
        try:
            with _open(number) as nft:
                for each in nft.get_chains():
                    hook = each.get_attr("NFTA_CHAIN_HOOK")
                    if (
                        hook is not None
                        and hook.get_attr("NFTA_HOOK_HOOKNUM") == FORWARD_HOOK
                        and each.get_attr("NFTA_CHAIN_POLICY") == DROP
                    ):
                        found.append(f"{family} {_name(each).replace('.', ' ', 1)}")
        except OSError:  # there is no nf_tables
            continue
    return found


def remove_empty(names: Sequence[str]) -> None:
    """Remove those of these chains and tables in which there is nothing by now."""
    try:
        with _open() as nft:
            for name in (each for each in names if "." in each):
                table, _, chain = name.partition(".")
                if name in {_name(each) for each in nft.get_chains()} - set(_list_rules(nft)):
                    nft.chain("del", table=table, name=chain)
            for name in (each for each in names if "." not in each):
                if not any(_name(each).startswith(f"{name}.") for each in nft.get_chains()):
                    nft.table("del", name=name)
    except OSError:  # somebody else uses them since
        return


def _list_rules(nft: Any) -> list[str]:
    return [
        f"{each.get_attr('NFTA_RULE_TABLE')}.{each.get_attr('NFTA_RULE_CHAIN')}" for each in nft.get_rules()
    ]


def _name(chain: Any) -> str:
    return f"{chain.get_attr('NFTA_CHAIN_TABLE')}.{chain.get_attr('NFTA_CHAIN_NAME')}"


@contextmanager
def _open(family: int = FAMILIES["ip"]) -> Generator[Any]:
    pyroute2: Any = import_module("pyroute2")
    main: Any = import_module("pyroute2.nftables.main")
    try:
        with main.NFTables(nfgen_family=family) as nft:
            yield nft
    except pyroute2.NetlinkError as error:
        raise OSError(error.code, str(error)) from error
