import gc, random, time, sys
import pytest
sys.path.insert(0, "/work/main/tests/unit/overrides/runtime")
import test_interrupts as t
from vision_ai import VisionAI
pytestmark = t.pytestmark

@pytest.mark.parametrize("seed", range(300))
def test_try(seed):
    with t.serve(t.respond(t.ok(t.GOOD))) as server, VisionAI(server.url, retries=0, timeout=5, concurrency=3) as module, t.Interrupter(seed=seed) as i:
        s=time.perf_counter(); module.get_calib(); longest=(time.perf_counter()-s)*1.5
        while i.count < 2000:
            i.interrupt(module.get_calib, longest)
        module.get_calib()
        tr = module._pipeline.transport
        gc.collect()
        idle=tr._connections.idle
        for c in list(tr._connections.open):
            if c not in idle:
                print("LOST", c)
                def show(o, depth, seen):
                    for r in gc.get_referrers(o):
                        if id(r) in seen or r is sys._getframe() or type(r).__name__=="frame" and r.f_code.co_name in ("show","test_try"): continue
                        seen.add(id(r))
                        print("  "*depth, type(r), repr(r)[:300])
                        if depth<6: show(r, depth+1, seen)
                show(c,1,{id(c)})
                assert 0
