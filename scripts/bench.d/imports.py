"""import and verify."""

import os
import shutil

from measure import RUNS, Comparison, quietly
from tables import Ratios, markdown, mib


def run(bench):
    core = bench.core()
    image, packed = bench.fast("big.img"), bench.fast("big.zst.img")
    copied, compressed = bench.fast("copy"), bench.fast("copy.zst")
    compare = bench.watch.compare

    imports = [bench.capimg, "import", core.path, "--no-sync", "-o"]
    raw = [*imports, image, "--no-search"]
    zstd_image = [*imports, packed, "--no-search", "--codec", "zstd"]
    cp = ["cp", "--reflink=never", core.path, copied]
    zstd = ["zstd", "-q", "-f", "-1", "-T2", core.path, "-o", compressed]

    table = Ratios()
    table.add("import raw, no search", "cp --reflink=never", compare(raw, cp, (image, copied)), 1.1,
              raw)
    table.add("import raw, no search, no dedup", "cp --reflink=never",
              compare([*raw, "--dedup", "0"], cp, (image, copied), runs=min(RUNS, 3)))
    table.add("import raw with search", "import raw, no search",
              compare([*imports, image], raw, (image, image), runs=min(RUNS, 3)))
    table.add("import zstd, no search", "zstd -1 -T2",
              compare(zstd_image, zstd, (packed, compressed), runs=min(RUNS, 3)), 1, zstd_image)

    bench.watch.run([*imports, image])
    bench.watch.run(zstd_image)
    bench.watch.run(zstd)
    sizes = {name: os.path.getsize(path) for name, path in (
        ("core", core.path), ("image, raw", image), ("image, zstd", packed), ("zstd -1", compressed))}
    table.add("size of the zstd image", "size of zstd -1's",
              Comparison([sizes["image, zstd"]], [sizes["zstd -1"]]), 1, show=mib)

    shutil.copy(image, copied)
    verify = [bench.capimg, "verify", image]
    table.add("verify raw", "cmp of two equal copies", compare(verify, ["cmp", image, copied]), 1,
              verify)
    table.add("verify raw", "summing its words, all cores",
              compare(verify, [bench.read_file, image]), 1, verify)
    table.add("verify zstd", "zstd -t",
              compare([bench.capimg, "verify", packed], ["zstd", "-q", "-t", compressed],
                      runs=min(RUNS, 3)))

    stored = quietly([bench.capimg, "inspect", image]).decode().split("memory")[1].split("\n")[0]
    files = markdown(("file", "size"), [(name, mib(count)) for name, count in sizes.items()])
    what = (f"{core.description()} ({stored.strip()}). Nothing is synced by either side. *Summing* is the "
            "limit: a program that maps the file and only adds up its words (tests/bench/read_file.cc).")
    return what, [*table.lines(), "", *files], table.summary()
