"""diff, with 0 %, 1 % and 100 % of the pages changed."""

import os
import shutil

import cores
from measure import RUNS, compare, quietly, table

BSDIFF_SIZE = 64 << 20


class Pair:
    """Two cores of one component and images of them; the second one changes."""

    def __init__(self, tools, directory, size):
        self.capimg = tools.capimg
        self.name = lambda name: os.path.join(directory, name)
        self.core = cores.Core(self.name("a.core"), size, tools.make_core)
        self.cores = [self.core.path, self.name("b.core")]
        self.images = [self.name("a.img"), self.name("b.img")]
        shutil.copy(*self.cores)
        self._import(0)
        self._import(1)

    def _import(self, which):
        quietly([self.capimg, "import", self.cores[which], "--no-sync", "-o", self.images[which]])
        os.sync()

    def change(self, *each):
        """Doing the same once more changes back."""
        for every in each:
            cores.change_pages(self.cores[1], self.core.start, self.core.pages, every)
        self._import(1)

    def against(self, command, outputs=(None, None), runs=RUNS):
        return compare([self.capimg, "diff", *self.images], command, outputs, runs,
                       self.name("printed"))

    def cmp(self):
        return self.against(["cmp", "-l", *self.cores])

    def xdelta3(self):
        out = self.name("out")
        return self.against(["xdelta3", "-e", "-1", "-f", "-s", *self.cores, out], (None, out),
                            runs=1)

    def bsdiff(self):
        out = self.name("out")
        return self.against(["bsdiff", *self.cores, out], (None, out), runs=1)

    def compress(self):
        for image in self.images:
            packed = self.name("packed")
            quietly([self.capimg, "convert", image, "--codec", "zstd", "--no-sync", "-o", packed])
            os.rename(packed, image)

    def remove(self):
        for path in (*self.cores, *self.images, self.name("printed")):
            os.unlink(path)


def run(tools, directory, size):
    pair = Pair(tools, directory, size)
    rows = [("diff, nothing changed", "cmp -l of the cores", "", pair.cmp())]

    pair.change(100)
    rows += [("diff, 1 % of pages changed", "cmp -l of the cores", "0.02", pair.cmp()),
             ("diff, 1 % of pages changed", "xdelta3 -e -1", "", pair.xdelta3())]

    pair.change(100, 1)
    rows += [("diff, all pages changed", "cmp -l of the cores", "", pair.cmp()),
             ("diff, all pages changed", "xdelta3 -e -1", "", pair.xdelta3())]
    pair.remove()

    small = Pair(tools, directory, BSDIFF_SIZE)
    small.change(100)
    rows += [("diff of 64 MiB, 1 % of pages changed", "cmp -l of the cores", "", small.cmp()),
             ("diff of 64 MiB, 1 % of pages changed", "bsdiff", "", small.bsdiff())]
    small.compress()
    rows.append(("diff of 64 MiB, 1 % of pages changed, zstd", "cmp -l of the cores", "",
                 small.cmp()))
    return (pair.core.description() + "; a generated component with more than 4096 capabilities among it. "
            "A changed page has one word changed, all of its 8 bytes. The images are "
            "raw, others read the cores. bsdiff needs 17 times the memory: 64 MiB."), \
        table(rows)
