"""inspect of an image on a slow medium: what it reads of it."""

import os
import re
import statistics
import time

from measure import RUNS, quietly
from tables import markdown, mib, seconds, size

# of 'strace -y': the call, the file that its first descriptor stands for, what it returned
CALL = re.compile(r"(read|pread64)\(\d+<([^>]*)>.*= (\d+)$")


def evict(path):
    """Out of the page cache: the medium has to be read. Whether that was possible."""
    with open(path, "r+b") as file:
        for _ in range(10):
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            if not cached(path):
                return True
            time.sleep(0.1)
    return False


def cached(path):
    """Bytes in the page cache."""
    return int(quietly(["fincore", "--bytes", "--noheadings", "--output", "RES", path]))


def asked_for(command, path, trace):
    """Bytes that a command reads from a file with system calls."""
    quietly(["strace", "-f", "-y", "-e", "trace=read,pread64", "-o", trace, *command])
    with open(trace, encoding="utf-8", errors="replace") as file:
        calls = [CALL.search(line) for line in file]
    return sum(int(c[3]) for c in calls if c and c[2] == os.path.realpath(path))


def cold(bench, command, path):
    """Time, bytes brought into the page cache, bytes the device was read for."""
    times, read, brought = [], [], []
    for turn in range(RUNS + 1):
        if not evict(path):
            return None
        seen = bench.watch.run(command)
        if turn:
            times.append(seen.seconds)
            read.append(seen.read)
            brought.append(cached(path))
    return statistics.median(times), max(read), max(brought)


def rows(bench, core, image):
    for name, command in (("capimg inspect", [bench.capimg, "inspect", image]),
                          ("capimg inspect objects", [bench.capimg, "inspect", image, "objects"]),
                          ("eu-readelf -h -l", ["eu-readelf", "-h", "-l", core])):
        path = core if name.startswith("eu") else image
        whole = os.path.getsize(path)
        calls = asked_for(command, path, bench.disk("trace"))
        found = cold(bench, command, path)
        if not found:
            yield mib(whole), name, size(calls), "cannot be evicted", "–", "–", "–"
            continue
        taken, read, brought = found
        yield (mib(whole), name, size(calls), size(brought), size(read), f"{100 * brought / whole:.3f} %",
               seconds(taken))


def run(bench):
    found = []
    for count in (1 << 26, 1 << 30, bench.size):
        if count > bench.size:
            continue
        core = bench.core().part(bench.disk("part.core"), count)
        image = bench.disk("part.img")
        quietly([bench.capimg, "import", core.path, "-o", image])
        found += rows(bench, core.path, image)
        os.unlink(core.path)
    what = ("Before each run the file is evicted from the page cache. *Calls* is what read and pread ask for of the "
            "file (strace); *brought in* what is in the page cache afterwards, the kernel's reading ahead "
            "included (fincore), so no less than the program touched; *device* what the block device was read "
            "for, of any file.")
    return what, markdown(("file", "command", "calls", "brought in", "device", "of the file", "time"),
                          found, left=2), []
