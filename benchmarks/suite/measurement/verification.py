"""Compare what a contender returned, wrote or sent with the fixture data."""

from __future__ import annotations

import filecmp

from ..registry import Workload
from ..setup.workspace import Workspace
from .errors import ContenderFailedError
from .processes import Startup, WorkerProcess


def verify_output(workload: Workload, worker: WorkerProcess, workspace: Workspace) -> int | None:
    """Run the action once. Return the growth of the process in bytes, where the workload transfers a file."""
    server, data = workspace.server, workspace.data
    equal_before = server.equal_uploads()
    if workload.action == "upload":
        server.compare_next_upload()
    reply = worker.verify()
    output = reply["output"]
    if workload.action == "get_result" and output != data.recognition():
        raise ContenderFailedError(f"wrong recognition: {output}")
    if workload.action == "get_image" and output["sha256"] != data.picture_hash():
        raise ContenderFailedError("wrong picture")
    if workload.action == "download" and not filecmp.cmp(worker.target, data.backup, shallow=False):
        raise ContenderFailedError(f"wrong file, of {output['size']:,} bytes")
    if workload.action == "upload" and server.equal_uploads() != equal_before + 1:
        raise ContenderFailedError("the server received another file than the backup")
    return reply["memory"] if workload.unit == "bytes per second" else None


def verify_startup(startup: Startup, workspace: Workspace) -> None:
    if startup.sid != workspace.data.recognition()["sid"]:
        raise ContenderFailedError(f"wrong recognition: {startup.sid}")
