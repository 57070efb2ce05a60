"""inspect, against the bare start of the program and other tools."""

import json
import os
import subprocess

import cores
from measure import RUNS, Comparison, quietly
from tables import Ratios, mib

MOST_RESIDENT = 16 << 20


def pagemap(path, core):
    """CRIU's table of pages for the same memory; made with crit, as criu's dump needs a kernel for it."""
    with open(core.path, "rb") as file:
        segments = [h for h in cores.program_headers(file.read(cores.PAGE)) if h[0] == cores.LOAD]
    entries = [{"pages_id": 1}]
    entries += [{"vaddr": hex(h[3]), "nr_pages": h[6] // cores.PAGE, "flags": "PE_PRESENT"}
                for h in segments]
    document = json.dumps({"magic": "PAGEMAP", "entries": entries})
    subprocess.run(["crit", "encode", "-o", path], input=document.encode(), check=True)
    return path


def run(bench):
    core = bench.core()
    image, small = bench.fast("big.img"), bench.fast("small.img")
    little = core.part(bench.fast("small.core"), 1 << 20)
    quietly([bench.capimg, "import", core.path, "--no-sync", "-o", image])
    quietly([bench.capimg, "import", little.path, "--no-sync", "-o", small])

    runs = 8 * RUNS
    inspect = [bench.capimg, "inspect", image]
    against = lambda command, n=runs: bench.watch.compare(inspect, command, runs=n)
    size = f"{bench.size / (1 << 30):g} GiB"

    table = Ratios()
    bare = against([bench.capimg, "--version"])
    table.add(f"inspect {size}", "capimg --version", bare, 2, inspect)
    table.add(f"inspect {size}", "inspect of 1 MiB, same component",
              against([bench.capimg, "inspect", small]), 1.1, inspect)
    table.add(f"inspect {size}", "eu-readelf -h -l", against(["eu-readelf", "-h", "-l", core.path]))
    table.add(f"inspect {size}", "crit show pagemap.img",
              against(["crit", "show", pagemap(bench.fast("pagemap-1.img"), core)], RUNS))
    table.add("resident memory of inspect", "16 MiB",
              Comparison([bare.resident], [MOST_RESIDENT]), 1, show=mib)
    table.add("inspect objects, all", "inspect",
              bench.watch.compare([bench.capimg, "inspect", image, "objects"], inspect, runs=runs))
    what = (f"Image of {mib(os.path.getsize(image))}: {core.description()}. Independent of size is taken to be "
            "within a tenth, which is what runs differ by. crit shows the table of pages of the same memory, as "
            "CRIU keeps it.")
    return what, table.lines(), table.summary()
