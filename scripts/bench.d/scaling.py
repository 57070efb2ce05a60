"""How time and memory grow: with the size of memory, with capabilities, with cores."""

import os

import cores
from measure import RUNS, quietly
from tables import markdown, mib, number, seconds

MIB, GIB = 1 << 20, 1 << 30
DENSE = (MIB, 16 * MIB, 256 * MIB, GIB, 4 * GIB, 8 * GIB)
SPARSE = (16 * GIB, 64 * GIB)
CAPABILITIES = (10, 100, 1000, 4096, 16384, 65536, 262144, 1 << 20)

WORKS = ("import", "inspect", "verify", "rewrite", "diff")


def human(count):
    return f"{count / GIB:g} GiB" if count >= GIB else f"{count / MIB:g} MiB"


class Walk:
    """All commands on one core, one after the other; as few files at a time as possible."""

    def __init__(self, bench, core, directory, runs):
        self.bench, self.runs = bench, runs
        self.core = core
        self.image = os.path.join(directory, "scaled.img")
        self.out = os.path.join(directory, "rewritten.img")
        capimg = bench.capimg
        self.commands = {
            "import": [capimg, "import", core, "--no-sync", "-o", self.image],
            "inspect": [capimg, "inspect", self.image],
            "verify": [capimg, "verify", self.image],
            "rewrite": [capimg, "rewrite", self.image, "--fresh", "0x10000", "--no-sync", "-o", self.out],
            "diff": [capimg, "diff", self.image, self.out],
        }

    def measure(self):
        """The median run of each; keeps neither core nor images."""
        middle = {}
        for work in WORKS:
            runs = [self.bench.watch.run(self.commands[work]) for _ in range(self.runs)]
            middle[work] = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
            if work == "import":
                os.unlink(self.core)
                self.size = os.path.getsize(self.image)
        os.unlink(self.image)
        os.unlink(self.out)
        return middle

    def times(self, middle):
        return [seconds(middle[work].seconds) for work in WORKS]


def memory_rows(bench):
    """Real memory up to 8 GiB; beyond, a GiB of it and zeros that the file system does not store."""
    whole = bench.core()
    most = max(size for size in DENSE if size <= 2 * bench.size)
    for size in DENSE:
        if size > most:
            break
        directory = bench.places.room(2 * size + size // 8)
        part = whole.part(os.path.join(directory, "scaled.core"), size)
        yield row(human(size), size, Walk(bench, part.path, directory, runs(size)))
    real = min(GIB, bench.size)
    for size in SPARSE:
        if size > 16 * bench.size:
            break
        directory = bench.places.disk  # files in memory have no holes for those who map them
        part = whole.part(os.path.join(directory, "scaled.core"), real, size - real)
        yield row(f"{human(size)}, {human(real)} not zero", size, Walk(bench, part.path, directory, 1))


def runs(size):
    return RUNS if size <= 256 * MIB else min(RUNS, 3) if size <= GIB else 1


def row(name, size, walk):
    middle = walk.measure()
    return [name, *walk.times(middle), f"{size / middle['import'].seconds / 1e9:.1f} GB/s",
            f"{size / middle['verify'].seconds / 1e9:.1f} GB/s", mib(middle["import"].anonymous),
            mib(middle["inspect"].resident), mib(max(middle[w].anonymous for w in WORKS)),
            mib(walk.size)]


def capability_rows(bench):
    for count in CAPABILITIES:
        core = cores.component_core(bench.make_core, bench.fast("scaled.core"), count)
        size = os.path.getsize(core)
        walk = Walk(bench, core, bench.places.fast, 1 if count > 300000 else min(RUNS, 3))
        middle = walk.measure()
        yield [count, mib(size), *walk.times(middle), mib(max(middle[w].anonymous for w in WORKS)),
               mib(walk.size)]


def processor_rows(bench):
    """On 1, 2, 4, … cores, as many as there are."""
    core = bench.core().part(bench.fast("scaled.core"), min(GIB, bench.size))
    image, packed, out = bench.fast("scaled.img"), bench.fast("packed.img"), bench.fast("out.img")
    capimg = bench.capimg
    imports = [capimg, "import", core.path, "--no-sync", "--no-search", "-o"]
    quietly([*imports, image])
    quietly([*imports, packed, "--codec", "zstd"])
    commands = {
        "import raw": [*imports, out], "import lz4": [*imports, out, "--codec", "lz4"],
        "import zstd": [*imports, out, "--codec", "zstd"],
        "import with search": [capimg, "import", core.path, "--no-sync", "-o", out],
        "verify raw": [capimg, "verify", image], "verify zstd": [capimg, "verify", packed],
        "caps --scan": [capimg, "caps", image, "--scan"],
        "convert to raw": [capimg, "convert", packed, "--codec", "raw", "--no-sync", "-o", out],
    }
    processors = sorted(os.sched_getaffinity(0))
    counts = sorted({1 << n for n in range(8) if 1 << n <= len(processors)} | {len(processors)})

    times = {work: {count: [] for count in counts} for work in commands}
    for _ in range(min(RUNS, 3)):
        for work, command in commands.items():
            for count in counts:
                pinned = ["taskset", "-c", ",".join(map(str, processors[:count])), *command]
                times[work][count].append(bench.watch.run(pinned).seconds)

    middle = lambda samples: sorted(samples)[len(samples) // 2]
    rows = []
    for work, of in times.items():
        found = [middle(of[count]) for count in counts]
        rows.append([work, *map(seconds, found), number(found[0] / found[-1])])
    titles = ["1 core" if count == 1 else f"{count} cores" for count in counts]
    return ["work", *titles, "times as fast"], rows


def run(bench):
    lines = markdown(("memory", *WORKS, "import", "verify", "import's own", "inspect, resident",
                      "most of own memory", "image"), list(memory_rows(bench)))
    bench.clear()
    lines += ["", *markdown(("capabilities", "core", *WORKS, "most of own memory", "image"),
                            list(capability_rows(bench)), left=0)]
    bench.clear()
    lines += ["", *markdown(*processor_rows(bench))]
    what = ("A generated component with 4400 capabilities, and real memory behind it, twice over at twice the size with "
            "each page changed; import looks for capabilities, rewrite gives all of them fresh badges, diff compares the "
            "rewritten image. Beyond, memory is sparse. The second table is of components with so many capabilities, "
            "and next to no other memory. The third one is pinned with taskset, "
            f"{human(min(GIB, bench.size))}.")
    return what, lines, []
