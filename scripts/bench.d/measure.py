"""Runs of two commands in turns, and what came of them."""

import json
import os
import statistics
import subprocess
import sys

RUNS = int(os.environ.get("RUNS", "5"))


class Run:
    """One run of a command, as tests/bench/timed.cc saw it."""

    def __init__(self, seen):
        self.seconds = seen["seconds"]
        self.processor = seen["user"] + seen["system"]
        self.system = seen["system"]
        self.resident = seen["resident"]
        self.anonymous = seen["anonymous"]
        self.faults = seen["faults"]
        self.read = seen["read"]


class Comparison:
    """Seconds of both, run by run; runs of ours where they are known."""

    def __init__(self, ours, theirs, runs=()):
        self.ours = statistics.median(ours)
        self.theirs = statistics.median(theirs)
        self.ratios = [a / b for a, b in zip(ours, theirs)]
        self.ratio = statistics.median(self.ratios)
        self.anonymous = max((run.anonymous for run in runs), default=0)
        self.resident = max((run.resident for run in runs), default=0)
        self.runs = list(runs)


class Stopwatch:
    """Starts commands and takes their times."""

    def __init__(self, timed):
        self.timed = timed

    def run(self, command, stdout=None, codes=(0, 1)):
        """
        One run

        stdout  file that takes what it prints: cmp does less if it prints to /dev/null
        codes   exit codes of success: cmp -l, diff use 1 for what they were asked to find
        """
        process = subprocess.run([self.timed, stdout or os.devnull, *command],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        seen = json.loads(process.stdout) if process.stdout else {"exit": process.returncode}
        if seen["exit"] not in codes:
            sys.exit(f"{command}: exit code {seen['exit']}: {process.stderr.decode()}")
        return Run(seen)

    def compare(self, ours, theirs, outputs=(None, None), runs=RUNS, stdout=None):
        """
        Ours, theirs, ours, theirs, …

        outputs  files that ours and theirs write
        """
        a, b = [], []
        for i in range(runs + (runs > 1)):
            prepare(outputs)
            first = self.run(ours, stdout)
            prepare(outputs)
            second = self.run(theirs, stdout)
            if i or runs == 1:  # the first pair warms up
                a.append(first)
                b.append(second)
        prepare(outputs)
        return Comparison([run.seconds for run in a], [run.seconds for run in b], a)


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


def quietly(command, codes=(0, 1), **options):
    """A step that prepares something; says what failed."""
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                         **options)
    if run.returncode not in codes:
        sys.exit(f"{command}: {run.stderr.decode()}")
    return run.stdout
