"""A client's downloads over the direct transport: how they end, and when."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from samples import CALIB
from scripted_transport import success_response
from shared_socket_server import Peer, head, ok, respond, serve

from vision_ai import AnswerLostError, AnswerTimeoutError

GOOD = success_response(CALIB).content
FILE = bytes(range(256)) * 1200


def test_a_byte_after_a_file_is_detected_and_does_not_affect_the_next_call(connect: Any) -> None:
    def more_than_announced(peer: Peer) -> None:
        peer.read_request()
        peer.send(head(len(FILE)) + FILE)
        time.sleep(0.015)
        peer.send(b"X")
        peer.read_request()

    with serve(more_than_announced, respond(ok(GOOD))) as server:
        module = connect(server.url, retries=0)
        with pytest.raises(AnswerLostError, match="more came"):
            module.download_backup(filename="a.evo")
        assert module.get_calib().left == 444
        module.close()


def test_an_endless_download_ends_at_its_timeout(connect: Any, tmp_path: Path) -> None:
    def plenty(peer: Peer) -> None:
        peer.read_request()
        peer.send(head(200_000_000))
        peer.trickle(b"x" * 1_000_000, pause=0)

    with serve(plenty) as server:
        module = connect(server.url, retries=0)
        with pytest.raises(AnswerTimeoutError):
            module.save_backup("a.evo", tmp_path, timeout=0.3, progress=lambda _: time.sleep(0.05))
        assert not list(tmp_path.iterdir())
        module.close()
