"""diff, with 0 %, 1 % and 100 % of the pages changed."""

import os
import shutil

import cores
from measure import RUNS, quietly
from tables import Ratios

BSDIFF_MOST = 64 << 20


class Pair:
    """Two cores of one component and images of them; the second one changes."""

    def __init__(self, bench, core, name):
        self.bench = bench
        self.core = core
        path = lambda which, kind: bench.fast(f"{name}-{which}.{kind}")
        self.cores = [core.path, path("b", "core")]
        self.images = [path("a", "img"), path("b", "img")]
        self.printed, self.out = path("diff", "text"), path("out", "delta")
        shutil.copy(*self.cores)
        self._import(0)
        self._import(1)

    def _import(self, which):
        if os.path.exists(self.images[which]):  # no room for both: an output replaces when it is done
            os.unlink(self.images[which])
        quietly([self.bench.capimg, "import", self.cores[which], "--no-sync", "-o",
                 self.images[which]])

    def change(self, *each):
        """Doing the same once more changes back."""
        for every in each:
            cores.change_pages(self.cores[1], self.core.start, self.core.pages, every)
        self._import(1)

    @property
    def diff(self):
        return [self.bench.capimg, "diff", *self.images]

    def against(self, command, outputs=(None, None), runs=RUNS):
        return self.bench.watch.compare(self.diff, command, outputs, runs, self.printed)

    def cmp(self, runs=RUNS):
        return self.against(["cmp", "-l", *self.cores], runs=runs)

    def xdelta3(self):
        return self.against(["xdelta3", "-e", "-1", "-f", "-s", *self.cores, self.out],
                            (None, self.out), runs=1)

    def bsdiff(self):
        return self.against(["bsdiff", *self.cores, self.out], (None, self.out), runs=1)

    def compress(self):
        for image in self.images:
            packed = self.out + ".img"
            quietly([self.bench.capimg, "convert", image, "--codec", "zstd", "--no-sync", "-o",
                     packed])
            os.rename(packed, image)

    def remove(self):
        for path in (self.cores[1], *self.images, self.printed):
            os.unlink(path)


def run(bench):
    pair = Pair(bench, bench.core(), "big")
    table = Ratios()
    cmp, few = "cmp -l of the cores", min(RUNS, 3)
    table.add("diff, nothing changed", cmp, pair.cmp(few))

    pair.change(100)
    table.add("diff, 1 % of pages changed", cmp, pair.cmp(), 0.02, pair.diff)
    table.add("diff, 1 % of pages changed", "xdelta3 -e -1", pair.xdelta3())

    pair.change(100, 1)
    table.add("diff, all pages changed", cmp, pair.cmp(few))
    table.add("diff, all pages changed", "xdelta3 -e -1", pair.xdelta3())
    pair.remove()

    part = bench.core().part(bench.fast("small-a.core"), min(BSDIFF_MOST, bench.size // 16))
    small = Pair(bench, part, "small")
    small.change(100)
    work = f"diff of {part.size >> 20} MiB, 1 % of pages changed"
    table.add(work, cmp, small.cmp())
    table.add(work, "bsdiff", small.bsdiff())
    small.compress()
    table.add(f"{work}, zstd", cmp, small.cmp())
    what = (f"{bench.core().description()}. A changed page has one word changed, all of its 8 bytes. The images "
            "are raw, others read the cores. bsdiff needs 17 times the memory: 64 MiB.")
    return what, table.lines(), table.summary()
