"""Sequences of calls that change the templates of a V2 device, compared with a model."""

from __future__ import annotations

import json
from typing import Any

from emulator_support import connect, create_emulator
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

ITEMS = st.sampled_from(["1", "2", "3"])
MAX_TEMPLATES = 30


class Templates(RuleBasedStateMachine):
    """Adds and deletes templates in any order, with restarts, changes of the learn mode and state files."""

    def __init__(self) -> None:
        super().__init__()
        self.emulator = create_emulator(api="v2", reboot_seconds=0)
        self.client = connect(self.emulator)
        self.model: dict[str, list[str]] = {}
        self.learns = True

    def change(self, operation: str, body: Any, expected: int) -> Any:
        response = self.client.call(operation, body)
        assert response["code"] == (expected if self.learns else -6217)
        return response["data"]

    @rule(id=ITEMS, count=st.integers(1, 12))
    def add(self, id: str, count: int) -> None:
        for _ in range(count):
            is_full = len(self.model.get(id, ())) == MAX_TEMPLATES
            added = self.change("add_item_template", {"id": id}, -6203 if is_full else 0)
            if added:
                assert not any(added["sid"] in sids for sids in self.model.values())
                self.model.setdefault(id, []).append(added["sid"])

    @rule(id=ITEMS, position=st.integers(0, MAX_TEMPLATES))
    def delete_template(self, id: str, position: int) -> None:
        sids = self.model.get(id, [])
        sid = sids[position] if position < len(sids) else "center"
        self.change("delete_item_template", {"id": id, "sid": sid}, 0 if sid in sids else -6202)
        if self.learns and sid in sids:
            sids.remove(sid)
            if not sids:
                del self.model[id]

    @rule(id=ITEMS)
    def delete_item(self, id: str) -> None:
        self.change("delete_item", {"id": id}, 0 if id in self.model else -6202)
        if self.learns:
            self.model.pop(id, None)

    @rule()
    def clear(self) -> None:
        self.change("clear_all_template", None, 0)
        if self.learns:
            self.model.clear()

    @rule(mode=st.sampled_from([0, 1]))
    def switch_learning(self, mode: int) -> None:
        self.emulator.learn_mode = mode
        self.learns = mode == 1

    @rule()
    def restart(self) -> None:
        self.emulator.device.reboot()

    @rule(sec=st.integers(0, 2**32 - 1))
    def set_time(self, sec: int) -> None:
        assert self.client.call_code("set_time", {"sec": sec, "usec": 0}) == 0

    @rule()
    def save_and_load(self) -> None:
        state = json.loads(json.dumps(self.emulator.state()))
        self.emulator = create_emulator()
        self.emulator.load_state(state)
        self.client = connect(self.emulator)

    @invariant()
    def the_lists_are_those_of_the_model(self) -> None:
        expected = [{"count": len(sids), "id": id} for id, sids in self.model.items()]
        assert self.client.call_data("get_item_list") == expected
        assert self.client.call_data("get_device_info")["item_count"] == len(self.model)
        for id in ("1", "2", "3"):
            answer = self.client.call("get_item_template_list", {"id": id})
            if id in self.model:
                assert answer == {"code": 0, "data": [*self.model[id], "center"], "max": MAX_TEMPLATES}
            else:
                assert answer == {"code": -6202, "data": None}


test_templates = Templates.TestCase
test_templates.settings = settings(max_examples=6, stateful_step_count=15, deadline=None, derandomize=True)
