"""What a TLS connection logs."""

from __future__ import annotations

import logging

import pytest

from vision_ai_fleet.connection import make_tls_context
from vision_ai_fleet.credentials import Credentials


def test_a_remark_of_asyncio_about_each_connection_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    make_tls_context(Credentials("tls://center:4222", "viewer"))
    logger = logging.getLogger("asyncio")
    logger.warning("returning true from eof_received() has no effect when using ssl")
    logger.warning("another remark")
    assert [each.message for each in caplog.records] == ["another remark"]
