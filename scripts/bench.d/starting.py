"""Start-up of the program itself."""

import re
import statistics
import sys

from measure import RUNS, quietly
from tables import markdown, mib, seconds


def libraries(program):
    """Shared libraries that a program is loaded with."""
    return [line for line in quietly(["ldd", program], (0, 1)).decode().splitlines() if "=>" in line]


def initialisers(program):
    """Entries of .init_array: static constructors, and one of the C library's."""
    match = re.search(r"\.init_array\s+\S+\s+\S+\s+\S+\s+([0-9a-f]+)",
                      quietly(["readelf", "-SW", program]).decode())
    return int(match[1], 16) // 8 if match else 0


def relocations(program):
    """Those that the dynamic loader applies."""
    return sum(int(count) for count in re.findall(r"contains (\d+) entr",
                                                  quietly(["readelf", "-rW", program]).decode()))


def run(bench):
    program = bench.capimg
    which = lambda name: quietly(["which", name]).decode().strip()
    peers = (("capimg --version", [program, "--version"]), ("capimg verify --list",
             [program, "verify", "--list"]), ("capimg --help", [program, "--help"]),
             ("true", [which("true")]), ("eu-readelf --version", [which("eu-readelf"), "--version"]),
             ("zstd --version", [which("zstd"), "--version"]),
             ("xdelta3 -V", [which("xdelta3"), "-V"]),
             ("python3 -c pass", [sys.executable, "-c", "pass"]))

    runs = {name: [] for name, _ in peers}
    for turn in range(8 * RUNS + 1):
        for name, command in peers:  # in turns, as everywhere
            seen = bench.watch.run(command)
            if turn:
                runs[name].append(seen)

    middle = statistics.median
    rows = [(name, seconds(middle(r.seconds for r in runs[name])),
             seconds(min(r.seconds for r in runs[name])), len(libraries(command[0])),
             initialisers(command[0]), relocations(command[0]),
             f"{middle(r.faults for r in runs[name]):.0f}",
             mib(max(r.resident for r in runs[name]))) for name, command in peers]
    what = ("From fork to the end of the process, starting and ending included: *true* is what any program "
            "takes.")
    return what, markdown(("command", "median", "fastest", "shared libraries", "initialisers",
                           "relocations", "page faults", "resident"), rows), []
