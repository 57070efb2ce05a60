"""inspect, import and verify."""

import os
import shutil

import cores
from measure import RUNS, compare, mib, quietly, table


def run(tools, directory, size):
    path = lambda name: os.path.join(directory, name)
    core = cores.Core(path("big.core"), size, tools.make_core)
    big, image, packed = core.path, path("big.img"), path("big.zst.img")
    copy, compressed, small = path("copy"), path("copy.zst"), path("small.img")
    small_core = os.path.join(tools.source, "tests/data/fixtures/foc-server-1.core")

    capimg = tools.capimg
    imports = [capimg, "import", big, "--no-sync", "-o"]
    zstd = ["zstd", "-q", "-f", "-1", "-T2", big, "-o", compressed]
    quietly([*imports, image, "--no-search"])
    quietly([capimg, "import", small_core, "--no-sync", "-o", small])

    inspect = [capimg, "inspect", image]
    rows = [
        ("inspect", "capimg --version", "2",
         compare(inspect, [capimg, "--version"], runs=4 * RUNS)),
        ("inspect", "eu-readelf -h -l", "",
         compare(inspect, ["eu-readelf", "-h", "-l", big], runs=4 * RUNS)),
        (f"inspect {mib(size)}", "inspect 0.7 MiB", "1",
         compare(inspect, [capimg, "inspect", small], runs=4 * RUNS)),
        ("import raw, no search", "cp --reflink=never", "1.1",
         compare([*imports, image, "--no-search"], ["cp", "--reflink=never", big, copy],
                 (image, copy))),
        ("import raw, no search, no dedup", "cp --reflink=never", "",
         compare([*imports, image, "--no-search", "--dedup", "0"],
                 ["cp", "--reflink=never", big, copy], (image, copy))),
        ("import raw with search", "import raw, no search", "",
         compare([*imports, image], [*imports, image, "--no-search"], (image, image))),
        ("import zstd, no search", "zstd -1 -T2", "1",
         compare([*imports, packed, "--no-search", "--codec", "zstd"], zstd,
                 (packed, compressed))),
    ]
    quietly([*imports, image, "--no-search"])
    quietly([*imports, packed, "--no-search", "--codec", "zstd"])
    quietly(zstd)
    shutil.copy(image, copy)
    rows += [
        ("verify raw", "cmp of two equal copies", "1",
         compare([capimg, "verify", image], ["cmp", image, copy])),
        ("verify zstd", "zstd -t", "",
         compare([capimg, "verify", packed], ["zstd", "-q", "-t", compressed])),
    ]
    sizes = [("image, raw", image), ("image, zstd", packed), ("zstd -1", compressed), ("core", big)]
    files = ["| file | size |", "|---|---:|"]
    files += [f"| {name} | {mib(os.path.getsize(file))} |" for name, file in sizes]
    return core.description() + ".", table(rows) + [""] + files
