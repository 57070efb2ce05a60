"""The engines that write and load images on Genode (tests/bench/engines.cc, engine_read.cc)."""

import json
import statistics
import subprocess
import sys

from measure import RUNS, Comparison
from tables import Ratios, markdown, mib, seconds, size

# and about the most that an image may have; runs of each
CAPABILITIES = {"10": RUNS, "100": RUNS, "1000": RUNS, "4000": RUNS, "65536": 3, "262144": 1, "900000": 1}
PAGES = ["0", "10", "100", "1000", "10000"]
PATIENCE = 180

MOST_WORK = 256 << 10


def results(command):
    """The objects that a program prints; None if it takes too long."""
    try:
        run = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    if run.returncode:
        sys.exit(f"{command}: {run.stderr.decode()}")
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def must(command):
    run = results(command)
    if not run:
        sys.exit(f"{command}: no result within {PATIENCE} s")
    return run


def middle(nanoseconds):
    return seconds(statistics.median(nanoseconds) / 1e9)


def compared(run, work, against):
    return Comparison([t / 1e9 for t in run[work]], [t / 1e9 for t in run[against]])


def throughput(bench, count):
    command = [bench.engines, str(RUNS), "throughput", str(count >> 20)]
    run = must(command)[0]
    table = Ratios()
    for work, of, peer, goal in (
            ("paused", "memory", "copy_all", None), ("take", "memory", "copy_all", None),
            ("write", "memory", "copy_all", None), ("verify", "nonZero", "copy_non_zero", None),
            ("restore", "nonZero", "copy_non_zero", 1.2)):
        result = compared(run, work, peer)
        table.add(f"{work}, {run[of] / result.ours / 1e9:.1f} GB/s", f"memcpy of {mib(run[of])}", result,
                  goal, command)
    table.add("working memory of a restore", "256 KiB",
              Comparison([run["restoreWork"]], [MOST_WORK]), 1, show=size)
    table.add("working memory of a checkpoint", "256 KiB",
              Comparison([run["checkpointWork"]], [MOST_WORK]), show=size)
    return table


def growth(bench):
    works = ("paused", "take", "write", "verify", "restore")
    rows = []
    for wanted, runs in CAPABILITIES.items():
        found = results([bench.engines, str(runs), "capabilities", wanted])
        if not found:
            rows.append([wanted, f"not ended after {PATIENCE} s", *["–"] * (len(works) + 2)])
            continue
        run = found[0]
        rows.append([run["capabilities"], mib(run["memory"]), *(middle(run[w]) for w in works),
                     size(run["manifestSize"]), size(run["badgesSize"])])
    return markdown(("capabilities", "memory", *works, "manifest", "badges"), rows, left=0)


def deltas(bench, count):
    works = ("paused", "take", "write")
    rows = [[run["pages"], *(middle(run[w]) for w in works), mib(run["image"])]
            for run in must([bench.engines, str(RUNS), "delta", str(count >> 20), *PAGES])]
    return markdown(("pages changed", *works, "image"), rows, left=0)


def chains(bench, count):
    rows = []
    for run in must([bench.engine_read, str(RUNS), str(count >> 20)]):
        row = [run["images"], middle(run["memcpy"])]
        for work in ("read", "verify"):
            row += [middle(run[work]), f"{compared(run, work, 'memcpy').ratio:.2f}"]
        rows.append(row)
    return markdown(("images in the chain", "memcpy", "read", "ratio", "verify", "ratio"), rows,
                    left=0)


def run(bench):
    count = min(bench.size, 1 << 30)
    table = throughput(bench, count)
    what = (f"{count >> 20} MiB of random bytes, 2 % of the pages zero, and a generated component of foc "
            "25.02 with 4096 capabilities; sources, sinks and both systems are plain memory that was touched "
            "before. *Paused* is the part of *take* for which the component stands still, copying included; "
            "*verify* reads and checks everything before an object is created, *restore* reads and checks "
            "it again. New badges descend, so that every tree is re-seated. Besides the working memory an engine "
            "needs the directory (32 bytes for 4 MiB), the manifest, and for a restore what the column "
            "*badges* says.")
    return what, [*table.lines(), "", *growth(bench), "", *deltas(bench, count), "",
                  *chains(bench, min(count, 1 << 28))], table.summary()
