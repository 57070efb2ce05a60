"""rewrite and squash: one image of the wanted size, and one with a million of capabilities."""

import json
import os
import random

import cores
from measure import compare, mib, quietly, table


def shuffle(capimg, image, path):
    """A badge map that gives each object another one's badge; number of pairs."""
    rows = json.loads(quietly([capimg, "caps", image, "--json"]))["capabilities"]
    old = sorted({int(row["badge"], 16) for row in rows
                  if row["object"] and row["badge"] != "0x1" and not row.get("foreign")})
    new = random.Random(1).sample(old, len(old))
    with open(path, "w", encoding="utf-8") as file:
        json.dump({hex(a): hex(b) for a, b in zip(old, new)}, file)
    return len(old)


def rewrite_rows(capimg, directory, image, name):
    path = lambda name: os.path.join(directory, name)
    out, copy, pairs = path("out.img"), path("copy"), path("map.json")
    count = shuffle(capimg, image, pairs)
    copying = ["cp", "--reflink=auto", image, copy]
    command = [capimg, "rewrite", image, "--no-sync", "-o", out]
    return [
        (f"rewrite {name}, {count} badges shuffled", "cp --reflink=auto", "1.1",
         compare([*command, "--map", pairs], copying, (out, copy))),
        (f"rewrite {name}, --fresh", "cp --reflink=auto", "1.1",
         compare([*command, "--fresh", "0x10000"], copying, (out, copy))),
    ]


def run(tools, directory, size):
    path = lambda name: os.path.join(directory, name)
    capimg = tools.capimg
    image, delta, out, copy = path("big.img"), path("delta.img"), path("out.img"), path("copy")
    core = cores.Core(path("big.core"), size, tools.make_core)
    quietly([capimg, "import", core.path, "--no-sync", "-o", image])
    cores.change_pages(core.path, core.start, core.pages, 100)
    quietly([capimg, "import", core.path, "--parent", image, "--no-sync", "-o", delta])
    os.unlink(core.path)  # there may be no room for it and what follows

    rows = rewrite_rows(capimg, directory, image, f"of {mib(os.path.getsize(image))}")
    rows.append(("squash of a delta, 1 % of pages, and its parent", "cp --reflink=auto of the result",
                 "", squash(capimg, image, delta, out, copy)))
    os.unlink(image)

    million = cores.component_core(tools.make_core, path("million.core"), 1 << 20)
    quietly([capimg, "import", million, "--no-sync", "-o", image])
    rows += rewrite_rows(capimg, directory, image, f"of {mib(os.path.getsize(image))}")
    return core.description() + "; a generated component with more than 4096 capabilities among it.", table(rows)


def squash(capimg, image, delta, out, copy):
    """Against a copy of the parent, which has the result's size up to the delta's."""
    return compare([capimg, "squash", delta, image, "--no-sync", "-o", out],
                   ["cp", "--reflink=auto", image, copy], (out, copy))
