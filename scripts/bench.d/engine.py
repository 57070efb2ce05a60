"""Core's work on capabilities alone (tests/bench/reseat.cc)."""

import json

from measure import RUNS, quietly


def microseconds(nanoseconds):
    return f"{nanoseconds / 1000:.1f} µs" if nanoseconds < 1e6 else f"{nanoseconds / 1e6:.1f} ms"


def run(tools, _directory, _size):
    lines = ["| capabilities | nodes of the tree | std::sort | core's sort | re-seating the tree | ratio "
             "| all of the rewrite | ratio |",
             "|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for line in quietly([tools.reseat, str(RUNS)]).decode().splitlines():
        r = json.loads(line)
        lines.append(f"| {r['entries']} | {r['nodes']} | {microseconds(r['sort'])} | "
                     f"{microseconds(r['order'])} | {microseconds(r['reseat'])} | "
                     f"{r['reseat'] / r['sort']:.1f} | {microseconds(r['memory'])} | "
                     f"{r['memory'] / r['sort']:.1f} |")
    return ("Generated components, badges shuffled; the keys of std::sort are the new badges, in another "
            "order each time. *All of the rewrite* is Badge_rewrite::memory: comparison with "
            "the manifest, entries, the map's tree and two Object_pools of a quarter as many "
            "nodes. Goal: 3."), lines
