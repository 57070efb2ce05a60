"""The engines that write and load images on Genode (tests/bench/engines.cc, engine_read.cc)."""

import json
import subprocess

from measure import RUNS

CAPABILITIES = ["10", "100", "1000", "4000", "65536"]
PAGES = ["0", "10", "100", "1000", "10000"]


def results(command):
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
    return [json.loads(line) for line in lines.splitlines()]


def milliseconds(nanoseconds):
    return f"{nanoseconds / 1e6:.2f} ms" if nanoseconds < 1e7 else f"{nanoseconds / 1e6:.0f} ms"


def mib(size):
    return f"{size / (1 << 20):.1f} MiB"


def kib(size):
    return f"{size / 1024:.0f} KiB"


def throughput(tools, size):
    run = results([tools.engines, str(RUNS), "throughput", str(size >> 20)])[0]
    lines = ["| work | bytes | time | GB/s | against | ratio | goal |",
             "|---|---:|---:|---:|---|---:|---:|"]
    for work, of, against, goal in (
            ("paused", "memory", "copy_all", ""), ("take", "memory", "copy_all", ""),
            ("write", "memory", "copy_all", ""), ("verify", "nonZero", "copy_non_zero", ""),
            ("restore", "nonZero", "copy_non_zero", "1.2")):
        lines.append(f"| {work} | {mib(run[of])} | {milliseconds(run[work])} | "
                     f"{run[of] / run[work]:.1f} | memcpy, {milliseconds(run[against])} | "
                     f"{run[work] / run[against]:.2f} | {goal} |")
    return lines


def growth(tools):
    lines = ["| capabilities | memory | paused | take | write | verify | restore | manifest | badges |",
             "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for run in results([tools.engines, str(RUNS), "capabilities", *CAPABILITIES]):
        times = " | ".join(milliseconds(run[w])
                           for w in ("paused", "take", "write", "verify", "restore"))
        lines.append(f"| {run['capabilities']} | {mib(run['memory'])} | {times} | "
                     f"{kib(run['manifestSize'])} | {kib(run['badgesSize'])} |")
    return lines


def deltas(tools, size):
    lines = ["| pages changed | paused | take | write | image |", "|---:|---:|---:|---:|---:|"]
    for run in results([tools.engines, str(RUNS), "delta", str(size >> 20), *PAGES]):
        times = " | ".join(milliseconds(run[w]) for w in ("paused", "take", "write"))
        lines.append(f"| {run['pages']} | {times} | {mib(run['image'])} |")
    return lines


def chains(tools, size):
    lines = ["| images in the chain | memcpy | read | ratio | verify | ratio |",
             "|---:|---:|---:|---:|---:|---:|"]
    for run in results([tools.engine_read, str(RUNS), str(size >> 20)]):
        lines.append(f"| {run['images']} | {milliseconds(run['memcpy'])} | "
                     f"{milliseconds(run['read'])} | {run['read'] / run['memcpy']:.2f} | "
                     f"{milliseconds(run['verify'])} | {run['verify'] / run['memcpy']:.2f} |")
    return lines


def run(tools, _directory, size):
    size = min(size, 1 << 30)
    what = (f"{size >> 20} MiB of random bytes, 2 % of the pages zero, and a generated component of foc "
            "25.02 with 4096 capabilities; sources, sinks and both systems are plain memory that was touched "
            "before. *Paused* is the part of *take* for which the component stands still, copying included; "
            "*verify* reads and checks everything before an object is created, *restore* reads and checks "
            "it again. New badges descend, so that every tree is re-seated. Working memory: 128 KiB for a "
            "checkpoint, 240 KiB for a restore; besides these the directory (32 bytes for 4 MiB), the "
            "manifest, and for a restore what the column *badges* says.")
    return what, [*throughput(tools, size), "", *growth(tools), "", *deltas(tools, size), "",
                  *chains(tools, min(size, 1 << 28))]
