"""Processes whose memory is measured with, and cores of them taken with gcore."""

import contextlib
import os
import shutil
import subprocess
import sys

# Each grows until so many bytes of it are resident, says so, and waits for the end of its input. All
# read what every Debian system has. A second round over the files makes other objects.
SYNTAX_TREES = r"""
import ast, gc, glob, sys
want, kept = int(sys.argv[1]), []
gc.disable()
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
names = sorted(glob.glob("/usr/lib/python3*/**/*.py", recursive=True))
while resident() < want:
    for name in names:
        try:
            text = open(name, encoding="utf-8").read()
            kept.append((name, text, ast.parse(text)))
        except (OSError, SyntaxError, ValueError):
            continue
        if resident() >= want:
            break
print("ready", flush=True)
sys.stdin.read()
"""

WORD_INDEX = r"""
use strict;
my ($want, %index, $round) = @ARGV;
sub resident { open(my $f, "<", "/proc/self/statm"); return (split / /, <$f>)[1] * 4096; }
my @names = split /\n/, `find /usr/include /usr/lib/python3* /usr/share/perl /usr/share/doc -type f -size -1024k | LC_ALL=C sort`;
ROUND: for ($round = 0;; $round++) {
    for my $name (@names) {
        open(my $file, "<", $name) or next;
        while (<$file>) { push @{$index{$_}}, "$round $name:$." for split /\W+/; }
        last ROUND if resident() >= $want;
    }
}
$| = 1;
print "ready\n";
<STDIN>;
"""

DATABASE = r"""
import glob, sqlite3, sys
want = int(sys.argv[1])
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
database = sqlite3.connect(":memory:")
database.execute("create table line (round int, file text, number int, text text)")
database.execute("create index by_text on line (text, file)")
names = sorted(glob.glob("/usr/include/**/*.h*", recursive=True) +
               glob.glob("/usr/lib/python3*/**/*.py", recursive=True))
turn = 0
while resident() < want:
    for name in names:
        try:
            with open(name, encoding="utf-8") as file:
                rows = [(turn, name, number, text) for number, text in enumerate(file)]
        except (OSError, ValueError):
            continue
        database.executemany("insert into line values (?, ?, ?, ?)", rows)
        database.commit()
        if resident() >= want:
            break
    turn += 1
print("ready", flush=True)
sys.stdin.read()
"""

FILE_CACHE = r"""
import os, sys
want, kept = int(sys.argv[1]), {}
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
def names():
    for place in ("/usr/bin", "/usr/lib", "/usr/share"):
        for directory, below, files in os.walk(place):
            below.sort()
            yield from (os.path.join(directory, name) for name in sorted(files))
turn = 0
while resident() < want:
    for name in names():
        try:
            if os.path.isfile(name) and not os.path.islink(name):
                with open(name, "rb") as file:
                    kept[turn, name] = file.read(64 << 20)
        except OSError:
            continue
        if resident() >= want:
            break
    turn += 1
print("ready", flush=True)
sys.stdin.read()
"""

# program, percent of the memory, what it is
GROWING = (
    ((sys.executable, "-c", SYNTAX_TREES), 30, "syntax trees in Python"),
    (("perl", "-e", WORD_INDEX), 25, "a word index in Perl"),
    ((sys.executable, "-c", DATABASE), 20, "an SQLite database in memory"),
    ((sys.executable, "-c", FILE_CACHE), 25, "files as read, half of them programs"),
)


@contextlib.contextmanager
def living(command):
    """A process that says when it is ready, or ends with this one; its input and output are pipes."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def await_ready(process):
    line = process.stdout.readline()
    if line != b"ready\n":
        sys.exit(f"bench: a process to measure with ended or said {line!r}")


def gcore(pid, path):
    """An ELF core of a living process, which goes on."""
    run = subprocess.run(["gcore", "-o", path, str(pid)], check=False, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE)
    if run.returncode:
        sys.exit(f"bench: gcore: {run.stderr.decode()}")
    os.rename(f"{path}.{pid}", path)


def grown(total, path):
    """Cores of processes that have 'total' bytes together, one after the other; all grow at a time."""
    with contextlib.ExitStack() as stack:
        # gcore leaves out what was mapped from files and not written: some more is needed
        running = [stack.enter_context(living([*command, str(total * share // 100 + (24 << 20))]))
                   for command, share, _ in GROWING]
        for process in running:
            await_ready(process)
            gcore(process.pid, path)
            process.kill()
            yield path
            os.unlink(path)


def missing():
    """Programs that measuring needs and that are not there."""
    return [name for name in ("gcore", "perl") if not shutil.which(name)]
