"""Successive checkpoints of processes that work: bytes stored, time and memory."""

import glob
import os
import shutil

import keepers
import working
from tables import markdown, mib, seconds

COUNT = 10
MOST = 64 << 20


def ways(bench):
    images = lambda *options, **named: keepers.Images(bench, *options, **named)
    zstd = lambda *options, **named: keepers.Zstd(bench, *options, **named)
    return (
        ("capimg raw, no dedup, each whole", images("--dedup", "0")),
        ("capimg raw, each whole", images()),
        ("capimg raw, deltas", images(delta=True)),
        ("capimg lz4, each whole", images("--codec", "lz4")),
        ("capimg lz4, deltas", images("--codec", "lz4", delta=True)),
        ("capimg lz4, blocks of 4 KiB, deltas", images("--codec", "lz4", "--block", "4K", delta=True)),
        ("capimg zstd, each whole", images("--codec", "zstd")),
        ("capimg zstd, deltas", images("--codec", "zstd", delta=True)),
        ("capimg zstd, blocks of 4 KiB, deltas", images("--codec", "zstd", "--block", "4K", delta=True)),
        ("zstd -1 -T2, each whole", zstd(1)),
        ("zstd -1 -T2 --patch-from", zstd(1, patch=True)),
        ("zstd -3 -T2 --patch-from", zstd(3, patch=True)),
        ("xdelta3 -1", keepers.Xdelta3(bench)),
        ("casync", keepers.Casync(bench)),
        ("borg, lz4", keepers.Borg(bench, "--compression", "lz4")),
        ("borg, zstd,1", keepers.Borg(bench, "--compression", "zstd,1")),
        ("borg, zstd,1, chunks of 64 KiB", keepers.Borg(bench, "--compression", "zstd,1",
                                                        "--chunker-params", "buzhash,10,23,16,4095")),
    )


def series(bench, directory):
    """Files of each workload."""
    found = {}
    for number, (name, command) in enumerate(working.WORKLOADS.items()):
        path = lambda n, w=number: os.path.join(directory, f"core-{w}-{n}")
        found[name] = working.checkpoints(command, min(MOST, bench.size // 32), COUNT, path)
    found["Genode"] = sorted(glob.glob(os.path.join(bench.source,
                                                    "tests/data/fixtures/foc-churn-?.core")))
    return found


def run(bench):
    directory = bench.fast("checkpoints")
    os.mkdir(directory)
    files = series(bench, directory)
    rows = [["the cores themselves", *(mib(sum(map(os.path.getsize, f))) for f in files.values()), "–",
             "–", "–"]]
    for name, keeper in ways(bench):
        kept = keepers.Kept()
        for paths in files.values():
            place = bench.fast("kept")
            os.mkdir(place)
            keeper.keep(kept, paths, place)
            for made in (place, place + ".borg"):
                shutil.rmtree(made, ignore_errors=True)
        rows.append([name, *map(mib, kept.bytes), seconds(kept.seconds), mib(kept.resident),
                     mib(kept.anonymous)])

    what = (f"{COUNT} cores of each of three processes, taken with gcore while they go on: records in Python of which 1 % "
            "change or go between two checkpoints, a window of events in Perl that moves by 2 %, an SQLite database in "
            "memory with 0.5 % of its rows changed; and three cores of a Genode component, the third of another boot. "
            "Bytes are those of all files that are kept. Time is that of keeping all of them, one program start for "
            "each; resident memory has pages of mapped files in it. Every chain of deltas was squashed and compared "
            "with the image of the last core, byte for byte. capimg does not look for capabilities here "
            "(`--no-search`), which the others cannot.")
    return what, markdown(("kept as", *files, "time", "peak resident", "own memory"), rows), []
