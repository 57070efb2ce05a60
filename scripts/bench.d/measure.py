"""Runs of two commands in turns, and what came of them."""

import os
import statistics
import subprocess
import sys
import threading
import time

RUNS = int(os.environ.get("RUNS", "5"))


class Run:
    """One run of a command: seconds, and peak of memory that is its own."""

    def __init__(self, command, stdout=None):
        self.peak = 0
        with open(stdout or os.devnull, "wb") as output:
            start = time.monotonic()
            with subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE) as process:
                poll = threading.Thread(target=self.watch, args=(process.pid,))
                poll.start()
                message = process.stderr.read()
                process.wait()
            self.seconds = time.monotonic() - start
        poll.join()
        # cmp -l, diff and eu-readelf use 1 for what they were asked to find
        if process.returncode not in (0, 1):
            sys.exit(f"{command}: {message.decode()}")

    def watch(self, pid):
        """Anonymous memory: pages of mapped files belong to the page cache."""
        try:
            while True:
                with open(f"/proc/{pid}/status", encoding="ascii") as file:
                    for line in file:
                        if line.startswith("RssAnon:"):
                            self.peak = max(self.peak, int(line.split()[1]) * 1024)
                time.sleep(0.002)
        except (OSError, ProcessLookupError):
            pass


def file_system(path):
    """Type of the file system that holds 'path'."""
    output = subprocess.run(["stat", "-f", "-c", "%T", path], check=True, capture_output=True)
    return output.stdout.decode().strip()


def prepare(outputs):
    """New files for each run, and none of the other's still on its way to the disk."""
    for path in outputs:
        if path and os.path.exists(path):
            os.unlink(path)
    if any(path and file_system(os.path.dirname(path)) != "tmpfs" for path in outputs):
        os.sync()


def compare(ours, theirs, outputs=(None, None), runs=RUNS, stdout=None):
    """
    Medians of both, of the ratio run by run, and our peak memory

    outputs  files that ours and theirs write
    stdout   file that takes what they print: cmp does less if it prints to /dev/null
    """
    a, b = [], []
    for i in range(runs + (runs > 1)):
        prepare(outputs)
        first = Run(ours, stdout)
        prepare(outputs)
        second = Run(theirs, stdout)
        if i or runs == 1:  # the first pair warms up
            a.append(first)
            b.append(second)
    prepare(outputs)
    return {"ours": statistics.median(r.seconds for r in a),
            "theirs": statistics.median(r.seconds for r in b),
            "ratio": statistics.median(x.seconds / y.seconds for x, y in zip(a, b)),
            "peak": max(r.peak for r in a),
            "runs": runs}


def quietly(command):
    """A step that prepares something; says what failed."""
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{command}: {run.stderr.decode()}")
    return run.stdout


def mib(size):
    return f"{size / (1 << 20):.1f} MiB"


def table(rows):
    """A Markdown table of (work, against, goal, comparison)."""
    lines = ["| work | against | ours | theirs | ratio | goal | own memory |",
             "|---|---|---:|---:|---:|---:|---:|"]
    for work, against, goal, r in rows:
        once = " (one run)" if r["runs"] == 1 else ""
        digits = 2 if r["ratio"] >= 0.1 else 4
        lines.append(f"| {work} | {against}{once} | {r['ours'] * 1000:.1f} ms | "
                     f"{r['theirs'] * 1000:.1f} ms | {r['ratio']:.{digits}f} | {goal} | "
                     f"{mib(r['peak'])} |")
    return lines
