"""Rewriting badges from the shell, checked with a decoder of its own."""

import json
import os
import random
import struct
import subprocess

import schema_check
from program import CAPIMG, FIXTURES, Case, capimg


class Memory:
    """Captured memory as 'capimg cat' gives it, with nothing that the program knows of it."""

    def __init__(self, image, case):
        self.regions = []
        for region in case.json("inspect", image, "regions")["regions"]:
            address, size = int(region["address"], 16), int(region["size"], 16)
            data = capimg("cat", image, "--vaddr", hex(address), "--size", hex(size))
            if data.returncode == 0:
                self.regions.append((address, data.stdout))

    def read(self, address, size):
        for start, data in self.regions:
            if start <= address < start + len(data):
                return data[address - start:address - start + size]
        raise LookupError(hex(address))

    def word(self, address):
        return struct.unpack("<Q", self.read(address, 8))[0]

    def id(self, entry, linux):
        return self.word(entry + 8) if linux else struct.unpack("<I", self.read(entry + 36, 4))[0]


def find_entry(memory, root, badge, linux):
    """Avl_tree: left child of the tree object, then right for higher ids."""
    node = memory.word(root)
    while node:
        entry = node - (24 if linux else 0)
        here = memory.id(entry, linux)
        if here == badge:
            return entry
        node = memory.word(node + (8 if badge > here else 0))
    return None


def find_object(memory, tree, badge, linux):
    node = memory.word(tree)
    while node:
        here = memory.id(memory.word(node + 32), linux)
        if here == badge:
            return node
        node = memory.word(node + (8 if badge > here else 0))
    return None


class Rewrite(Case):
    def badges(self, image):
        rows = self.json("caps", image)["capabilities"]
        return sorted({int(row["badge"], 16) for row in rows
                       if row["object"] and row["badge"] != "0x1" and not row.get("foreign")})

    def write_map(self, pairs, name="map.json"):
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({hex(old): hex(new) for old, new in pairs.items()}, file)
        return path

    def check_lookups(self, before, after, pairs):
        """Every entry and every object is found by its new badge, stale twins follow."""
        memory = Memory(after, self)
        caps = self.json("caps", before)
        linux = "socket" in caps["capabilities"][0]
        root = int(caps["map"]["root"], 16)
        badge_of = {}
        for row in caps["capabilities"]:
            old = int(row["badge"], 16)
            new = old if row.get("foreign") else pairs.get(old, old)
            slot = int(row["slot"], 16)
            self.assertEqual(memory.id(slot, linux), new)
            badge_of[row["object"]] = new
            if row["inTree"]:
                self.assertEqual(find_entry(memory, root, new, linux), slot)
        for pool in caps["pools"]:
            for member in pool["members"]:
                self.assertEqual(
                    find_object(memory, int(pool["tree"], 16), badge_of[member["object"]], linux),
                    int(member["node"], 16))

    def test_fixtures(self):
        chance = random.Random(1)
        for name in ("foc-counter", "foc-server-1", "foc-churn-2", "linux-server"):
            image = self.fixture(name)
            old = self.badges(image)
            maps = {"reverse": old[::-1], "shuffle": chance.sample(old, len(old)),
                    "cycle": old[1:] + old[:1], "far": [0x8000000 + 4 * b for b in old]}
            for kind, new in maps.items():
                with self.subTest(name=name, kind=kind):
                    pairs = dict(zip(old, new))
                    out, undo, back = self.path("o.img"), self.path("u.json"), self.path("b.img")
                    report = self.json("rewrite", image, "--map", self.write_map(pairs), "-o", out,
                                       "--undo", undo)
                    schema_check.check(report)
                    self.assertEqual(report["rewritten"], sum(a != b for a, b in pairs.items()))
                    self.assertEqual(report["orderKept"], kind == "far")
                    self.assertEqual(bool(report["treesReseated"]), kind != "far")
                    self.check_lookups(image, out, pairs)
                    self.ok("verify", out)
                    self.ok("caps", out)

                    with open(undo, encoding="utf-8") as file:
                        self.assertEqual(json.load(file), report["undo"])
                    self.ok("rewrite", out, "--map", undo, "-o", back)
                    with open(image, "rb") as a, open(back, "rb") as b:
                        self.assertEqual(a.read(), b.read())

    def test_compressed(self):
        for codec in ("zstd", "lz4"):
            image = self.fixture("foc-server-1", "--codec", codec)
            old = self.badges(image)
            pairs = dict(zip(old, old[::-1]))
            out, undo = self.path("o.img"), self.path("u.json")
            self.ok("rewrite", image, "--map", self.write_map(pairs), "-o", out, "--undo", undo)
            self.check_lookups(image, out, pairs)
            self.ok("rewrite", out, "--map", undo, "-o", self.path("b.img"))
            with open(image, "rb") as a, open(self.path("b.img"), "rb") as b:
                self.assertEqual(a.read(), b.read())

    def test_dry_run_says_the_same_and_writes_nothing(self):
        image = self.fixture("foc-server-1")
        before = sorted(os.listdir(self.directory))
        undo = self.path("u.json")
        dry = self.json("rewrite", image, "--fresh", "0x40000", "--dry-run", "--undo", undo)
        schema_check.check(dry)
        self.assertEqual(sorted(os.listdir(self.directory)), before)
        wet = self.json("rewrite", image, "--fresh", "0x40000", "-o", self.path("o.img"))
        for key in dry:
            if key not in ("written", "stateDigest", "fileSize"):
                self.assertEqual(dry[key], wet[key], key)
        self.assertFalse(dry["written"])
        self.assertTrue(wet["written"])

    def test_fresh(self):
        image, out = self.fixture("foc-server-1"), self.path("o.img")
        old = self.badges(image)
        self.ok("rewrite", image, "--fresh", "0x40000", "-o", out)
        self.assertEqual(self.badges(out), [0x40000 + 4 * i for i in range(len(old))])

    def test_scan_finds_what_nobody_declared(self):
        full = self.fixture("foc-server-1")
        array = self.json("caps", full)["map"]["array"]
        core = os.path.join(FIXTURES, "foc-server-1.core")
        bare = self.path("bare.img")
        self.ok("import", core, "-o", bare, "--no-search", "--cap-map", array)
        self.assertEqual(self.json("caps", bare)["pools"], [])

        old = self.badges(full)
        pairs = dict(zip(old, old[::-1]))
        path, out = self.write_map(pairs), self.path("o.img")
        result = capimg("rewrite", bare, "--map", path, "-o", out)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--scan", result.stderr.decode())

        report = self.json("rewrite", bare, "--map", path, "-o", out, "--scan")
        schema_check.check(report)
        pools = self.json("caps", full)["pools"]
        self.assertEqual(report["foundTrees"], [pool["tree"] for pool in pools])
        self.assertTrue(report["foundParentWord"])
        self.check_lookups(full, out, pairs)
        self.ok("caps", out, "--scan")
        again = self.json("rewrite", out, "--fresh", "0x40000", "--dry-run", "--scan")
        self.assertEqual(again["foundTrees"], [])

        # which is what the search is for: without it the pools are out of order
        self.ok("rewrite", bare, "--map", path, "-o", out, "--unscanned")
        self.assertEqual(self.json("caps", out, "--scan")["scan"]["pools"], [])

    def test_in_place(self):
        """The file that -o writes, and back; the report says the same."""
        for name in ("foc-counter", "foc-server-1", "foc-churn-2", "linux-server"):
            with self.subTest(name=name):
                image, out, undo = self.fixture(name), self.path("o.img"), self.path("u.json")
                before = self.read(image)
                step = "0x40000"
                wet = self.json("rewrite", image, "--fresh", step, "-o", out)
                dry = self.json("rewrite", image, "--fresh", step, "--in-place", "--dry-run")
                self.assertEqual(self.read(image), before)
                report = self.json("rewrite", image, "--fresh", step, "--in-place", "--undo", undo)
                schema_check.check(report)
                self.assertEqual(self.read(image), self.read(out))
                for key in report:
                    if key != "inPlace":
                        self.assertEqual(report[key], wet[key], key)
                self.assertEqual((wet["inPlace"], dry["inPlace"], report["inPlace"]),
                                 (False, True, True))
                self.assertFalse(dry["written"])
                self.ok("verify", image)

                self.ok("rewrite", image, "--map", undo, "--in-place")
                self.assertEqual(self.read(image), before)
                self.assertEqual([n for n in os.listdir(self.directory) if "journal" in n], [])

    def test_in_place_refusals_change_nothing(self):
        raw = self.fixture("foc-server-1")
        small = self.path("small.img")
        self.ok("convert", raw, "--codec", "zstd", "-o", small)
        twin, twice = self.path("twin.img"), self.path("twice.img")
        self.ok("convert", raw, "-o", twin)
        os.link(twin, twice)
        cases = [
            ([small], "compressed"), ([twin], "hard links"), (["-"], "standard input"),
            ([raw, "-o", self.path("o.img")], "-o"), ([raw, "--undo", raw], "--undo"),
            ([self.path("none.img")], "none.img"), ([self.directory], "directory"),
        ]
        for arguments, message in cases:
            with self.subTest(message=message):
                path = arguments[0]
                before = self.read(path) if os.path.isfile(path) else None
                result = capimg("rewrite", *arguments, "--fresh", "0x40000", "--in-place")
                self.assertEqual(result.returncode, 2)
                self.assertIn(message, result.stderr.decode().lower())
                if before is not None:
                    self.assertEqual(self.read(path), before)

    def test_in_place_once_at_a_time(self):
        """Eight at once: each waits for the others, or is refused; never a mix."""
        image = self.fixture("foc-server-1")
        commands = [[CAPIMG, "rewrite", image, "--fresh", hex(0x40000 * (i + 1)), "--in-place"]
                    for i in range(8)]
        running = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                   for c in commands]
        readers = [capimg("verify", image) for _ in range(4)]
        for process in running:
            message = process.communicate(timeout=120)[1].decode()
            self.assertIn(process.returncode, (0, 2), message)
            if process.returncode:
                self.assertIn("open", message)
        for result in readers:
            self.assertIn(result.returncode, (0, 2), result.stdout.decode())
        self.ok("verify", image)
        self.ok("caps", image)

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def test_a_delta_stays_one(self):
        """Blocks that are touched are stored, all others go on being inherited."""
        parent = self.fixture("foc-churn-1")
        core = os.path.join(FIXTURES, "foc-churn-2.core")
        delta, whole = self.path("delta.img"), self.path("whole.img")
        self.ok("import", core, "-o", delta, "--parent", parent)
        self.ok("import", core, "-o", whole, "--sequence", "1")
        old = self.badges(whole)
        path = self.write_map(dict(zip(old, old[::-1])))

        out, undo = self.path("o.img"), self.path("u.json")
        result = capimg("rewrite", delta, "--map", path, "-o", out)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--parent", result.stderr.decode())

        self.ok("rewrite", delta, "--map", path, "-o", out, "--parent", parent, "--undo", undo)
        self.ok("verify", out, "--parent", parent)
        self.ok("squash", out, parent, "-o", self.path("squashed.img"))
        self.ok("rewrite", whole, "--map", path, "-o", self.path("direct.img"))
        squashed, direct = self.path("squashed.img"), self.path("direct.img")
        self.assertEqual(self.json("inspect", squashed)["stateDigest"],
                         self.json("inspect", direct)["stateDigest"])

        # the same state again; blocks that were inherited are stored now
        back = self.path("b.img")
        self.ok("rewrite", out, "--map", undo, "-o", back, "--parent", parent)
        self.assertEqual(self.json("inspect", back)["stateDigest"],
                         self.json("inspect", delta)["stateDigest"])

    def test_refusals_leave_nothing(self):
        image = self.fixture("foc-server-1")
        a, b = self.badges(image)[10:12]
        files = {
            "twice.json": f'{{"{hex(a)}": "0x2004", "{hex(a)}": "0x2008"}}',
            "broken.json": f'{{"{hex(a)}": "0x2004"',
            "number.json": f'{{"{hex(a)}": 8196}}',
            "list.json": "[1]",
            "empty.json": "",
        }
        for name, text in files.items():
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)
        before = sorted(os.listdir(self.directory))
        cases = [(["--map", self.path(name)], name) for name in files]
        cases += [
            (["--map", self.path("nowhere.json")], "nowhere.json"),
            (["--set", f"{hex(a)}={hex(b)}"], "leaves alone"),
            (["--set", f"{hex(a)}=0x2004", "--set", f"{hex(b)}=0x2004"], "two objects"),
            (["--set", f"{hex(a)}=0x2004", "--set", f"{hex(a)}=0x2008"], "twice"),
            (["--set", f"{hex(a)}=0x2005"], "multiples of 4"),
            (["--set", f"{hex(a)}=0x1"], "main thread"),
            (["--set", f"{hex(a)}=0x0"], "no badge"),
            (["--set", f"{hex(a)}=0xffffffff"], "without a capability"),
            (["--set", f"{hex(a)}=0x10000000"], "0xfffffff"),
            (["--set", "0x7770000=0x7770004"], "no object"),
            (["--set", f"{hex(a)}"], "0x104=0x2004"),
            (["--fresh", "0x40001"], "multiples of 4"),
            (["--fresh", "0xffffff0"], "highest"),
            (["--fresh", "zwei"], "--fresh"),
            (["--fresh", "0x40000", "--set", f"{hex(a)}=0x2004"], "--set"),
            ([], "--map"),
            (["--fresh", "0x40000", "--undo", self.path("o.img")], "--undo"),
        ]
        for options, message in cases:
            with self.subTest(options=options):
                result = capimg("rewrite", image, *options, "-o", self.path("o.img"))
                self.assertEqual(result.returncode, 2)
                self.assertIn(message, result.stderr.decode())
                self.assertEqual(result.stdout, b"")
                self.assertEqual(sorted(os.listdir(self.directory)), before)

    def test_memory_that_contradicts_the_manifest(self):
        """One id in captured memory is not what the manifest says."""
        image = self.fixture("foc-server-1")
        dump = self.path("dump")
        self.ok("dump", image, "-o", dump)
        row = next(r for r in self.json("caps", image)["capabilities"] if r["inTree"])
        slot = int(row["slot"], 16)
        region = next(r for r in self.json("inspect", image, "regions")["regions"]
                      if int(r["address"], 16) <= slot < int(r["address"], 16) + int(r["size"], 16))
        path = os.path.join(dump, "dataspaces", f"{region['dataspace']}.bin")
        with open(path, "r+b") as file:
            file.seek(slot - int(region["address"], 16) + 36)
            file.write(b"\x44\x33\x22\x01")
        bad = self.path("bad.img")
        self.ok("build", dump, "-o", bad)
        result = capimg("rewrite", bad, "--fresh", "0x40000", "-o", self.path("o.img"))
        self.assertEqual(result.returncode, 2)
        self.assertIn("do not agree", result.stderr.decode())
        self.assertFalse(os.path.exists(self.path("o.img")))
