"""rewrite and squash: an image of the wanted size, and one with a million of capabilities."""

import json
import os
import random

import cores
from measure import RUNS, quietly
from tables import Ratios, mib

MILLION = 1 << 20


def shuffle(capimg, image, path):
    """A badge map that gives each object another one's badge; number of pairs."""
    rows = json.loads(quietly([capimg, "caps", image, "--json"]))["capabilities"]
    old = sorted({int(row["badge"], 16) for row in rows
                  if row["object"] and row["badge"] != "0x1" and not row.get("foreign")})
    new = random.Random(1).sample(old, len(old))
    with open(path, "w", encoding="utf-8") as file:
        json.dump({hex(a): hex(b) for a, b in zip(old, new)}, file)
    return len(old)


def rewrite_rows(bench, table, image, runs, goal=None):
    out, copied, pairs = bench.fast("out.img"), bench.fast("copy"), bench.fast("map.json")
    count = shuffle(bench.capimg, image, pairs)
    name = mib(os.path.getsize(image))
    copying = ["cp", "--reflink=auto", image, copied]
    command = [bench.capimg, "rewrite", image, "--no-sync", "-o", out]
    for how, options in ((f"{count} badges shuffled", ["--map", pairs]),
                         ("--fresh", ["--fresh", "0x10000"])):
        result = bench.watch.compare([*command, *options], copying, (out, copied), runs)
        table.add(f"rewrite of {name}, {how}", "cp --reflink=auto", result, goal,
                  goal and [*command, *options])


def run(bench):
    core = bench.core()
    image, delta = bench.fast("big.img"), bench.fast("delta.img")
    out, copied = bench.fast("out.img"), bench.fast("copy")
    table = Ratios()
    quietly([bench.capimg, "import", core.path, "--no-sync", "-o", image])
    rewrite_rows(bench, table, image, RUNS, 1.1)

    cores.change_pages(core.path, core.start, core.pages, 100)
    quietly([bench.capimg, "import", core.path, "--parent", image, "--no-sync", "-o", delta])
    cores.change_pages(core.path, core.start, core.pages, 100)  # and back
    # a copy of the parent has the result's size up to the delta's
    squash = [bench.capimg, "squash", delta, image, "--no-sync", "-o", out]
    table.add("squash of a delta, 1 % of pages, and its parent", "cp --reflink=auto of the result",
              bench.watch.compare(squash, ["cp", "--reflink=auto", image, copied], (out, copied),
                                  min(RUNS, 3)))

    million = cores.component_core(bench.make_core, bench.fast("million.core"), MILLION)
    quietly([bench.capimg, "import", million, "--no-sync", "-o", image])
    rewrite_rows(bench, table, image, 1)
    what = (f"{core.description()}. The last image is a component with a million of capabilities: 256 times "
            "what one can have on foc.")
    return what, table.lines(), table.summary()

