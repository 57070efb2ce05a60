"""rewrite --in-place, against committed transactions of SQLite; both wait for the disk."""

import json
import os
import random
import shutil

from measure import RUNS, quietly
from rewrites import shuffle
from tables import Ratios, mib

OPTION = "--in-place"


def transaction(bench, name, rows):
    """A database, and a command that changes so many of its rows and commits."""
    database = bench.disk(f"{name}.db")
    quietly(["sqlite3", database, "create table page (id integer primary key, content blob); "
             "with recursive n(i) as (select 1 union all select i + 1 from n where i < 4096) "
             "insert into page select i, randomblob(3900) from n;"])
    return ["sqlite3", database, "pragma synchronous = full; begin; update page set content = "
            f"randomblob(3900) where id <= {rows}; commit;"]


def there_and_back(bench, image, pairs):
    """
    A command that rewrites an image in place, and can be run again and again

    Swapping badges twice is what was there before, so one map does for all runs.
    """
    with open(pairs, encoding="utf-8") as file:
        old = list(json.load(file))
    random.Random(2).shuffle(old)
    swaps = {}
    for a, b in zip(old[::2], old[1::2]):
        swaps[a], swaps[b] = b, a
    with open(pairs, "w", encoding="utf-8") as file:
        json.dump(swaps, file)
    return len(swaps), [bench.capimg, "rewrite", image, OPTION, "--map", pairs]


def run(bench):
    if not bench.has("rewrite", OPTION):
        return "This capimg has no `rewrite --in-place`.", [], []
    # shared blocks are refused: an image that was not deduplicated
    core, image, pairs = bench.core(), bench.disk("big.img"), bench.disk("map.json")
    fast = bench.fast("fast.img")
    quietly([bench.capimg, "import", core.path, "--dedup", "0", "--no-sync", "-o", fast])
    if fast != image:
        shutil.move(fast, image)
    os.sync()
    shuffle(bench.capimg, image, pairs)
    count, command = there_and_back(bench, image, pairs)
    dry = json.loads(quietly([*command[:3], "--map", pairs, "--dry-run", "--json"]))
    blocks = int(str(dry["blocksTouched"]), 0)

    compare = bench.watch.compare
    table = Ratios()
    work = f"{count} badges in place, {blocks} blocks of {mib(os.path.getsize(image))}"
    table.add(work, "sqlite3, a commit of one row", compare(command, transaction(bench, "one", 1)), 2,
              command)
    table.add(work, f"sqlite3, a commit of {blocks} rows of a page each",
              compare(command, transaction(bench, "all", blocks)), 2, command)
    few = [*command[:4], "--map", bench.disk("few.json")]
    with open(pairs, encoding="utf-8") as file:
        swaps = json.load(file)
    one = next(iter(swaps))
    with open(few[-1], "w", encoding="utf-8") as file:
        json.dump({one: swaps[one], swaps[one]: one}, file)
    table.add("2 badges in place", "sqlite3, a commit of one row",
              compare(few, transaction(bench, "two", 1)), 2, few)
    out = bench.disk("out.img")
    table.add(work, "rewrite -o, synced as well",
              compare(command, [bench.capimg, "rewrite", image, "--map", pairs, "-o", out],
                      (None, out), runs=min(RUNS, 3)))
    what = (f"{core.description()}, on a disk. Both are programs that start, change, sync and end; SQLite in its "
            "default mode (rollback journal, synchronous=FULL). Swapping twice gives the first image again.")
    return what, table.lines(), table.summary()
