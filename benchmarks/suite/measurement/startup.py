"""The program of a process whose import and first call are timed. It imports as little as it can before that.

startup ENTRY sync|async URL CORE|-
→   seconds of the import, seconds of the first call, modules imported, peak kilobytes, sid
"""

import os
import sys
import time

entry, flavor, url, core = sys.argv[1:]
if core != "-":
    os.sched_setaffinity(0, {int(core)})
module_name, _, class_name = entry.partition(":")
modules_before = len(sys.modules)

start = time.perf_counter()
try:
    contender = getattr(__import__(module_name, fromlist=[class_name]), class_name)
except ModuleNotFoundError as error:
    if "." in (error.name or ""):  # an installed library lacks a part: see loading.is_missing_library
        raise
    print(error, file=sys.stderr)
    sys.exit(3)
import_end = time.perf_counter()


async def call_once():
    client = contender(url, 1)
    response = await client.get_result()
    return client, response


if flavor == "async":
    import asyncio

    with asyncio.Runner() as runner:
        client, response = runner.run(call_once())
        call_end = time.perf_counter()
        runner.run(client.close())
else:
    client = contender(url, 1)
    response = client.get_result()
    call_end = time.perf_counter()
    client.close()

modules = len(sys.modules) - modules_before
with open("/proc/self/status") as status:  # noqa: PTH123  # pathlib would be one more module
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
model = client.decode(response) if hasattr(client, "decode") else response
print(import_end - start, call_end - import_end, modules, peak, model.sid, flush=True)
os._exit(0)  # the interpreter's shutdown is not measured
