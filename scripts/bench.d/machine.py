"""Machine and versions that the figures are of."""

import os
import platform
import re
import subprocess
import time

import measure

PACKAGES = ("elfutils", "criu", "coreutils", "diffutils", "zstd", "xdelta3", "bsdiff", "sqlite3", "casync",
            "borgbackup", "gdb", "python3", "perl", "g++")


def first_line(command):
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return ""


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        match = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    return match[1] if match else platform.machine()


def memory():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)


def versions():
    """Of packages that are installed."""
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES], check=False,
                           capture_output=True).stdout.decode().splitlines()
    return ", ".join(line for line in found if " " in line and not line.endswith(" "))


def system():
    with open("/etc/os-release", encoding="utf-8") as file:
        match = re.search(r'^PRETTY_NAME="(.*)"$', file.read(), re.M)
    return match[1] if match else platform.system()


def description(bench, started, names):
    """Of a run of some sections that began at 'started' (seconds since the epoch)."""
    source = bench.source
    commit = first_line(["git", "-C", source, "describe", "--always", "--dirty", "--exclude=*"])
    minutes = (time.time() - started) / 60
    return [f"Last run on {time.strftime('%Y-%m-%d', time.localtime(started))} ({', '.join(names)}): {bench.size / (1 << 30):g} GiB of memory, "
            f"{measure.RUNS} runs, {minutes:.0f} minutes, at most "
            f"{bench.places.most / (1 << 30):.1f} GiB of files at any moment; {bench.places.description()}.",
            "",
            f"- machine: {platform.machine()}, {processor()}, {os.cpu_count()} cores, {memory():.0f} GiB of "
            "memory",
            f"- system: {system()}, Linux {re.match('[0-9.]+', platform.release())[0]}",
            f"- {first_line([bench.capimg, '--version'])}, commit {commit or 'unknown'}",
            f"- packages: {versions()}"]
