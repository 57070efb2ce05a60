"""Processes that work, stage by stage, and a core of each after each stage."""

import sys

from processes import await_ready, gcore, living

# Each has so many bytes, does a stage of work for each line of its input, and says when it is done.
RECORDS = r"""
import json, random, sys
want, chance = int(sys.argv[1]), random.Random(1)
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
records, last = {}, 0
def add():
    global last
    last += 1
    records[last] = {"id": last, "name": f"unit {last * 7919 % 100003}", "tags": [str(last % n) for n in (3, 5, 7)],
                     "values": [chance.random() for _ in range(6)], "note": "x" * chance.randrange(80)}
while resident() < want:
    add()
print("ready", flush=True)
for line in sys.stdin:
    for key in chance.sample(sorted(records), len(records) // 100):
        if key % 3:
            records[key]["values"][key % 6] += 1
            records[key]["note"] = f"changed {key} " + "y" * chance.randrange(80)
        else:
            del records[key]
            add()
    text = json.dumps([records[key] for key in sorted(records)[:2000]])
    print("ready", flush=True)
"""

EVENTS = r"""
use strict;
my ($want, @window, %users, $serial) = @ARGV;
sub resident { open(my $f, "<", "/proc/self/statm"); return (split / /, <$f>)[1] * 4096; }
sub event {
    my $user = "user" . $serial * 7919 % 30011;
    push @window, { serial => ++$serial, user => $user, text => "event $serial of $user: " . "z" x ($serial % 60) };
    $users{$user}{count}++;
    $users{$user}{last} = $serial;
}
event() while $serial % 1000 || resident() < $want;
$| = 1;
print "ready\n";
while (<STDIN>) {
    for (1 .. @window / 50) { shift @window; event(); }
    print "ready\n";
}
"""

ROWS = r"""
import random, sqlite3, sys
want, chance = int(sys.argv[1]), random.Random(1)
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
database = sqlite3.connect(":memory:")
database.execute("create table item (id integer primary key, name text, price real, note text)")
database.execute("create index by_name on item (name)")
count = 0
def fill(number):
    global count
    database.executemany("insert into item values (?, ?, ?, ?)",
                         [(count + n, f"item {(count + n) * 7919 % 1000003}", chance.random() * 100, "n" * chance.randrange(60))
                          for n in range(number)])
    count += number
while resident() < want:
    fill(1000)
print("ready", flush=True)
for line in sys.stdin:
    with database:
        keys = [(chance.randrange(count),) for _ in range(count // 200)]
        database.executemany("update item set price = price + 1, note = note || '+' where id = ?", keys)
        database.executemany("delete from item where id = ?", keys[:len(keys) // 5])
        fill(len(keys) // 5)
    database.execute("select name, sum(price) from item group by name order by 2 limit 10").fetchall()
    print("ready", flush=True)
"""

WORKLOADS = {"Python records": (sys.executable, "-c", RECORDS), "Perl events": ("perl", "-e", EVENTS),
             "SQLite rows": (sys.executable, "-c", ROWS)}


def checkpoints(command, size, count, path):
    """Take 'count' cores, at path(0), path(1), …, with work between them."""
    with living([*command, str(size)]) as process:
        await_ready(process)
        for n in range(count):
            gcore(process.pid, path(n))
            process.stdin.write(b"\n")
            process.stdin.flush()
            await_ready(process)
    return [path(n) for n in range(count)]
