"""Core's work on capabilities alone (tests/bench/reseat.cc)."""

import json

from measure import RUNS, Comparison, quietly
from tables import Ratios

GOAL = 3


def run(bench):
    table = Ratios()
    command = [bench.reseat, str(RUNS)]
    for line in quietly(command).decode().splitlines():
        r = json.loads(line)
        nanoseconds = lambda work: [sample / 1e9 for sample in r[work]]
        against = lambda work: Comparison(nanoseconds(work), nanoseconds("sort"))
        # those that take longest, to be profiled alone where the goal is missed
        one = [bench.reseat, "3", str(r["entries"])] if r["entries"] >= 4096 else None
        name = f"{r['entries']} capabilities, {r['nodes']} in the tree"
        table.add(f"{name}: re-seating", "std::sort", against("reseat"), GOAL, one)
        table.add(f"{name}: all of the rewrite", "std::sort", against("memory"), GOAL, one)
        table.add(f"{name}: core's sort alone", "std::sort", against("order"))
    return ("Generated components, badges shuffled; the keys of std::sort are the new badges, in another "
            "order each time. *Re-seating* is one tree: walk, keys, sort, links. *All of the rewrite* is "
            "Badge_rewrite::memory: comparison with the manifest, entries, the map's tree and two "
            "Object_pools of a quarter as many nodes. A profile covers the whole program, making the "
            "component included."), table.lines(), table.summary()
