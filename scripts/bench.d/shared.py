"""What the sections of one run share."""

import os

import cores
import measure


class Bench:
    """Programs, places for files, and the core that most sections measure with."""

    def __init__(self, source, build, size, where):
        self.source = source
        self.size = size
        self.places = where
        self.capimg = os.path.join(build, "tools/capimg")
        for name in ("engines", "engine_read", "make_core", "read_file", "reseat", "timed"):
            setattr(self, name, os.path.join(build, "tests", name))
        self.watch = measure.Stopwatch(self.timed)
        self._core = None

    def core(self):
        """Made once: it takes a while."""
        if not self._core:
            directory = self.places.room(self.size + self.size // 3)
            self._core = cores.Core(os.path.join(directory, "big.core"), self.size, self.source,
                                    self.make_core)
        return self._core

    def clear(self):
        """Before each section: the core stays, all other files go."""
        self.places.clear(*([self._core.path] if self._core else []))

    def fast(self, name):
        """A path where the medium must not matter."""
        return os.path.join(self.places.fast, name)

    def disk(self, name):
        return os.path.join(self.places.disk, name)

    def has(self, command, option):
        """Whether this capimg has an option."""
        return option.encode() in measure.quietly([self.capimg, command, "--help"])

