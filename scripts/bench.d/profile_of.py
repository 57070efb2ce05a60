"""Where the time of a command goes: processor time, and the functions it is spent in."""

import os
import re
import subprocess
import tempfile

FUNCTIONS = 5
LINE = re.compile(r"^\s*([0-9.]+)%\s+(\S+)\s+\[(.)\]\s+(.+?)(?:\s+-\s+-)?\s*$")


def split(run):
    """What one run says of itself."""
    kernel = run.system / run.processor if run.processor else 0
    return (f"{run.processor / run.seconds:.1f} cores busy, {100 * kernel:.0f} % of it in the "
            f"kernel, {run.faults} page faults")


def functions(command):
    """Those with the largest part of the samples; empty where perf is not allowed to look."""
    with tempfile.TemporaryDirectory(prefix="capimg-perf-") as directory:
        data = os.path.join(directory, "data")
        try:
            subprocess.run(["perf", "record", "-q", "-F", "997", "-o", data, "--", *command],
                           check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            report = subprocess.run(["perf", "report", "-q", "-i", data, "--stdio", "--sort",
                                     "dso,symbol"], check=True, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL).stdout.decode()
        except (OSError, subprocess.CalledProcessError):
            return []
    found = [LINE.match(line) for line in report.splitlines()]
    return [(float(m[1]), m[4].strip() if not m[4].startswith("0x") else f"in {m[2]}", m[3] == "k")
            for m in found if m][:FUNCTIONS]


def reason(result, command):
    """A line on a comparison whose goal was missed."""
    parts = []
    if result.runs:
        parts.append(split(sorted(result.runs, key=lambda run: run.seconds)[len(result.runs) // 2]))
    if command:
        spent = [f"`{short(name)}`{' (kernel)' if kernel else ''} {share:.0f} %"
                 for share, name, kernel in functions(command)]
        if spent:
            parts.append("samples: " + ", ".join(spent))
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else "See the notes on this section."


def short(name):
    """A function's name without its arguments and namespace."""
    depth, kept = 0, ""
    for character in name.replace("(anonymous namespace)", "").replace("Capimg::", ""):
        depth += character in "(<"
        if not depth:
            kept += character
        depth -= character in ")>"
    return kept.strip(" :") or name
