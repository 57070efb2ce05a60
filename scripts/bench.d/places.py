"""Where files go: a disk, and memory where the medium must not matter."""

import os
import shutil
import signal
import sys
import tempfile
import threading

import measure

GIB = 1 << 30
MOST = 25 * GIB


def stop(number, _frame):
    """Leave as with an exception, so that directories are removed and commands end."""
    sys.exit(128 + number)


def free(path):
    return shutil.disk_usage(path).free


def available():
    """Memory that files may take."""
    with open("/proc/meminfo", encoding="ascii") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 0


def used(path):
    """Bytes that files below 'path' occupy."""
    total = 0
    for directory, _, names in os.walk(path):
        for name in names:
            try:
                total += os.lstat(os.path.join(directory, name)).st_blocks * 512
            except OSError:
                pass
    return total


class Places:
    """
    Two temporary directories, removed at the end and on signals

    BENCH_DIR     for files on a disk (default: /var/tmp)
    BENCH_MEMORY  for files in memory (default: /dev/shm); not used if empty or too small
    """

    def __init__(self, size):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, stop)
        self.most = 0
        self._stopped = threading.Event()
        self._made = []

        # core, image and what is compared with them: four files of the whole size
        need = 4 * size + size // 4 + GIB // 4
        self.disk = self._make(os.environ.get("BENCH_DIR") or "/var/tmp")
        memory = os.environ.get("BENCH_MEMORY", "/dev/shm")
        fits = memory and os.path.isdir(memory) and \
            min(free(memory), available() - 2 * GIB) >= need
        self.fast = self._make(memory) if fits else self.disk
        if not fits and free(self.disk) < need:
            sys.exit(f"bench: {self.disk} needs {need / GIB:.0f} GiB of room; see SIZE_GIB, BENCH_DIR")

    def _make(self, parent):
        self._made.append(tempfile.TemporaryDirectory(prefix="capimg-bench-", dir=parent))
        return self._made[-1].name

    def room(self, count):
        """A directory for 'count' bytes, in memory if they fit."""
        if self.fast != self.disk and min(free(self.fast), available() - 2 * GIB) >= count:
            return self.fast
        if free(self.disk) < count:
            sys.exit(f"bench: {self.disk} has no room for {count / GIB:.1f} GiB; see SIZE_GIB, BENCH_DIR")
        return self.disk

    def clear(self, *kept):
        """Remove all files but those that others need."""
        for made in self._made:
            for name in os.listdir(made.name):
                path = os.path.join(made.name, name)
                if path in kept:
                    continue
                if os.path.isdir(path):
                    shutil.rmtree(path)
                else:
                    os.unlink(path)

    def _watch(self):
        while not self._stopped.wait(0.5):
            self.most = max(self.most, sum(used(made.name) for made in self._made))

    def __enter__(self):
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        for made in self._made:
            made.cleanup()

    def description(self):
        if self.fast == self.disk:
            return f"files on {measure.file_system(self.disk)}"
        return (f"files on {measure.file_system(self.fast)}, where the medium matters on "
                f"{measure.file_system(self.disk)}")
