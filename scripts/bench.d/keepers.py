"""Ways to keep successive checkpoints: capimg's, and those of tools for files and backups."""

import os
import sys

from measure import quietly


def stored(directory):
    return sum(os.path.getsize(os.path.join(place, name))
               for place, _, names in os.walk(directory) for name in names)


class Kept:
    """What it took to keep all checkpoints of all workloads in one way."""

    def __init__(self):
        self.bytes = []
        self.seconds = 0
        self.resident = self.anonymous = 0

    def add(self, run):
        self.seconds += run.seconds
        self.resident = max(self.resident, run.resident)
        self.anonymous = max(self.anonymous, run.anonymous)


class Keeper:
    """Keeps the files of one workload in a directory, in order."""

    def __init__(self, bench):
        self.bench = bench

    def run(self, kept, command):
        kept.add(self.bench.watch.run(command, codes=(0,)))

    def keep(self, kept, files, directory):
        for n, file in enumerate(files):
            self.next(kept, files, n, file, lambda i, d=directory: os.path.join(d, str(i)))
        kept.bytes.append(stored(directory))

    def next(self, kept, files, n, file, path):
        raise NotImplementedError


class Images(Keeper):
    """Whole images, or each one inheriting from those before it."""

    def __init__(self, bench, *options, delta=False):
        super().__init__(bench)
        self.options = options
        self.delta = delta

    def next(self, kept, files, n, file, path):
        parents = [option for i in reversed(range(n if self.delta else 0))
                   for option in ("--parent", path(i))]
        self.run(kept, [self.bench.capimg, "import", file, "--no-search", "--no-sync", *self.options,
                        *parents, "-o", path(n)])

    def keep(self, kept, files, directory):
        super().keep(kept, files, directory)
        if self.delta:
            self._check(files, directory)

    def _check(self, files, directory):
        """The last delta and those before it are what an image of the last core is."""
        images = [os.path.join(directory, str(n)) for n in reversed(range(len(files)))]
        squashed, whole = images[0] + ".squashed", images[0] + ".whole"
        quietly([self.bench.capimg, "squash", *images, "--no-sync", "-o", squashed])
        quietly([self.bench.capimg, "import", files[-1], "--no-search", "--no-sync", *self.options,
                 "--sequence", str(len(files) - 1), "-o", whole])
        with open(squashed, "rb") as a, open(whole, "rb") as b:
            if a.read() != b.read():
                sys.exit(f"bench: {files[-1]}: its chain of deltas is not what its image is")


class Zstd(Keeper):
    """zstd, each file alone or as a patch of the one before it."""

    def __init__(self, bench, level, patch=False):
        super().__init__(bench)
        self.level = level
        self.patch = patch

    def next(self, kept, files, n, file, path):
        patch = [f"--patch-from={files[n - 1]}"] if self.patch and n else []
        self.run(kept, ["zstd", "-q", "-f", f"-{self.level}", "-T2", *patch, file, "-o", path(n)])


class Xdelta3(Keeper):
    def next(self, kept, files, n, file, path):
        source = ["-s", files[n - 1]] if n else []
        self.run(kept, ["xdelta3", "-e", "-1", "-f", *source, file, path(n)])


class Casync(Keeper):
    def next(self, kept, files, n, file, path):
        self.run(kept, ["casync", "make", f"--store={path('store')}", path(f"{n}.caibx"), file])


class Borg(Keeper):
    """A repository without encryption."""

    def __init__(self, bench, *options):
        super().__init__(bench)
        self.options = options

    def keep(self, kept, files, directory):
        # its cache and configuration belong to the run, and are not what is stored
        os.environ["BORG_BASE_DIR"] = directory + ".borg"
        os.environ["BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK"] = "yes"
        self.run(kept, ["borg", "init", "--encryption=none", os.path.join(directory, "repository")])
        super().keep(kept, files, directory)

    def next(self, kept, files, n, file, path):
        self.run(kept, ["borg", "create", "--files-cache=disabled", *self.options,
                        f"{path('repository')}::{n}", file])
