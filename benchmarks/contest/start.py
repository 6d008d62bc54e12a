"""A process whose import and first call are timed. It loads nothing before that it can do without.

start ENTRY sync|async URL CORE|-
→   seconds of the import, seconds of the first call, modules loaded, kilobytes held, sid
"""

import os
import sys
import time

entry, kind_of_calls, url, core = sys.argv[1:]
if core != "-":
    os.sched_setaffinity(0, {int(core)})
module_name, _, class_name = entry.partition(":")
modules_before = len(sys.modules)

begun = time.perf_counter()
try:
    kind = getattr(__import__(module_name, fromlist=[class_name]), class_name)
except ModuleNotFoundError as error:
    if (error.name or "").startswith(("vision_ai.", "vision_ai_generated.")):
        raise  # no library that somebody did not install
    print(error, file=sys.stderr)
    sys.exit(3)
imported = time.perf_counter()


async def first_asynchronous_call():
    client = kind(url, 1)
    answer = await client.get_result()
    return client, answer


if kind_of_calls == "async":
    import asyncio

    with asyncio.Runner() as runner:
        client, answer = runner.run(first_asynchronous_call())
        called = time.perf_counter()
        runner.run(client.close())
else:
    client = kind(url, 1)
    answer = client.get_result()
    called = time.perf_counter()
    client.close()

modules = len(sys.modules) - modules_before
with open("/proc/self/status") as status:  # noqa: PTH123  # pathlib would be one module more
    held = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
model = client.read(answer) if hasattr(client, "read") else answer
print(imported - begun, called - imported, modules, held, model.sid, flush=True)
os._exit(0)  # how a library takes its threads down with the interpreter is not what is measured
