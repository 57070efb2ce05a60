"""What differs between images of real components, against what an independent decoder read."""

import itertools
import json
import os
import unittest

import schema_check
from program import FIXTURES, Case, capimg

FOC = ["foc-counter", "foc-server-1", "foc-server-2", "foc-churn-1", "foc-churn-2", "foc-churn-3"]
ALL = FOC + ["linux-server"]


def decoded(name):
    with open(os.path.join(FIXTURES, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def live(truth):
    """Entries with a capability, by selector."""
    return {e["kcap"]: e for e in truth["entries"] if e["badge"] != "0xffffffff"}


class Diff(Case):
    def diff(self, *arguments, expect=None):
        result = capimg("diff", *arguments, "--json")
        self.assertIn(result.returncode, (0, 1), result.stderr.decode())
        document = schema_check.parse(result.stdout.decode())
        schema_check.check(document)
        self.assertEqual(document["equal"], result.returncode == 0)
        if expect is not None:
            self.assertEqual(result.returncode, expect)
        return document

    def images(self, names, *options):
        return [self.fixture(name, *options) for name in names]

    def test_same(self):
        for name in ALL:
            image = self.fixture(name)
            document = self.diff(image, image, expect=0)
            self.assertEqual((document["changes"], document["memory"]), ([], []))
            self.assertEqual(document["basis"]["kind"], "state")
            self.assertIn(b"No difference", self.ok("diff", image, image).stdout)

    def test_stored_otherwise(self):
        """Another codec, another block size: the same image."""
        for name in ("foc-churn-1", "linux-server"):
            one = self.fixture(name)
            for options in (["--codec", "zstd"], ["--codec", "lz4", "--block", "64K"],
                            ["--block", "16K"]):
                other = self.path("other.img")
                self.ok("import", f"{FIXTURES}/{name}.core", "-o", other, *options)
                self.diff(one, other, expect=0)
                self.diff(other, one, expect=0)

    def test_one_byte(self):
        document = self.diff(*self.images(["foc-server-1", "foc-server-2"]), expect=1)
        self.assertEqual(document["changes"], [])
        self.assertEqual([v for v in document["capabilities"].values() if v], [])
        self.assertEqual(document["unsure"], [])
        (memory,) = document["memory"]
        self.assertEqual(memory["pagesChanged"], 1)
        (span,) = memory["ranges"]
        self.assertEqual((span["address"], span["size"], span["pages"]), ("0x1a000", "0x1000", 1))

    def check_one_boot(self, old, new):
        """A capability is the same one if slot, badge and what is at its pool's node are."""
        document = self.diff(*self.images([old, new]), expect=1)
        basis = document["basis"]
        self.assertEqual((basis["kind"], basis["objectsBy"], basis["sure"]),
                         ("assumed", "badges", False))
        before, after = live(decoded(old)), live(decoded(new))
        same = {k for k in before.keys() & after.keys() if before[k]["badge"] == after[k]["badge"]}

        gone = {(o["kcap"], o["badge"]) for o in document["capabilities"]["lost"]}
        came = {(o["kcap"], o["badge"]) for o in document["capabilities"]["gained"]}
        self.assertEqual(gone, {(k, before[k]["badge"]) for k in before.keys() - same})
        self.assertEqual(came, {(k, after[k]["badge"]) for k in after.keys() - same})
        self.assertEqual({s["kcap"] for s in document["capabilities"]["reusedSlots"]},
                         before.keys() & after.keys() - same)
        self.assertEqual(document["capabilities"]["moved"], [])
        self.assertEqual({r["badge"] for r in document["capabilities"]["reusedBadges"]},
                         {b for _, b in gone} & {b for _, b in came})
        self.assertEqual(document["unsure"], [])
        self.assertEqual(document["newBadges"], 0)
        return document

    def test_churn_in_one_boot(self):
        document = self.check_one_boot("foc-churn-1", "foc-churn-2")
        self.assertEqual(len(document["capabilities"]["lost"]), 10)
        self.assertEqual(len(document["capabilities"]["gained"]), 8)
        # an object that is just being dissolved: still held, no longer in its pool
        (entered,) = [c for c in document["changes"] if c["field"] == "node"]
        self.assertEqual((entered["object"]["badge"], entered["new"]), ("0xc48", None))
        self.check_one_boot("foc-churn-2", "foc-churn-1")

    def test_churn_in_another_boot(self):
        document = self.diff(*self.images(["foc-churn-2", "foc-churn-3"]), "--by-badge", expect=1)
        self.assertEqual(document["basis"]["objectsBy"], "roles")
        self.assertEqual(document["basis"]["equalBadges"], 1)
        badges = {b["old"]: b["new"] for b in document["badges"]}

        # what a component gets at its start is the same in each boot: regions tell
        before, after = decoded("foc-churn-2"), decoded("foc-churn-3")
        held = {e["badge"] for e in before["entries"]}
        places = {(r["map"], r["addr"], r["offset"]): r["badge"] for r in after["regions"]}
        checked = 0
        for region in before["regions"]:
            place = (region["map"], region["addr"], region["offset"])
            dynamic = region["map"] == "address_space" and region["addr"] in (
                "0x18000", "0x1e000", "0x28000", "0x2a000", "0x2c000", "0x2e000")
            if region["badge"] in held and place in places and not dynamic:
                self.assertEqual(badges.get(region["badge"]), places[place], place)
                checked += 1
        self.assertGreaterEqual(checked, 10)

        # fixed selectors and the parent
        old, new = live(before), live(after)
        for kcap in ("0xb000", "0x11000", "0x16000", "0x1b000", "0x20000"):
            self.assertEqual(badges[old[kcap]["badge"]], new[kcap]["badge"])
        # dataspaces that were allocated at run time and RPC objects do not become each other
        dataspaces = {d["badge"] for d in before["ramDataspaces"]}
        new_dataspaces = {d["badge"] for d in after["ramDataspaces"]}
        for was, is_now in badges.items():
            self.assertEqual(was in dataspaces, is_now in new_dataspaces, (was, is_now))

    def test_boot_as_asked(self):
        images = self.images(["foc-churn-2", "foc-churn-3"])
        same = self.diff(*images, "--same-boot", expect=1)
        self.assertEqual((same["basis"]["kind"], same["basis"]["objectsBy"]), ("asked", "badges"))
        self.assertGreater(len(same["capabilities"]["lost"]), 70)
        images = self.images(["foc-churn-1", "foc-churn-2"])
        other = self.diff(*images, "--other-boot", expect=1)
        self.assertEqual((other["basis"]["kind"], other["basis"]["objectsBy"]), ("asked", "roles"))
        self.assertEqual(capimg("diff", *images, "--same-boot", "--other-boot").returncode, 2)

    def test_all_pairs(self):
        """Every pair, both ways: the answers mirror each other."""
        images = self.images(ALL)
        for old, new in itertools.combinations(range(len(ALL)), 2):
            there = self.diff(images[old], images[new], expect=1)
            back = self.diff(images[new], images[old], expect=1)
            with self.subTest(old=ALL[old], new=ALL[new]):
                self.assertEqual(there["capabilities"]["lost"], back["capabilities"]["gained"])
                self.assertEqual(there["capabilities"]["gained"], back["capabilities"]["lost"])
                self.assertEqual(len(there["changes"]), len(back["changes"]))
                self.assertEqual(
                    sorted(json.dumps([c["field"], c["old"], c["new"]]) for c in there["changes"]),
                    sorted(json.dumps([c["field"], c["new"], c["old"]]) for c in back["changes"]))
                self.assertEqual([[m["pagesChanged"], m["pagesCaptured"]] for m in there["memory"]],
                                 [[m["pagesChanged"], m["pagesLost"]] for m in back["memory"]])
                self.assertEqual(len(there["unsure"]), len(back["unsure"]))

    def test_memory_is_that_of_the_cores(self):
        """Pages that differ between the cores are those that are named."""
        def segments(name):
            with open(os.path.join(FIXTURES, name + ".core"), "rb") as file:
                core = file.read()
            found = {}
            for i in range(int.from_bytes(core[56:58], "little")):
                header = core[64 + 56 * i:64 + 56 * (i + 1)]
                kind, _, offset, address = (int.from_bytes(header[a:b], "little")
                                            for a, b in ((0, 4), (4, 8), (8, 16), (16, 24)))
                size = int.from_bytes(header[32:40], "little")
                if kind == 1 and size:
                    found[address] = core[offset:offset + size]
            return found

        for old, new in (("foc-churn-1", "foc-churn-2"), ("foc-churn-2", "foc-churn-3")):
            one, two = segments(old), segments(new)
            wanted = {a + o for a in one.keys() & two.keys()
                      for o in range(0, len(one[a]), 4096)
                      if one[a][o:o + 4096] != two[a][o:o + 4096]}
            # the same with blocks of one page, larger ones, and two sizes
            for options in (("4K", "4K"), ("64K", "64K"), ("8K", "16K")):
                images = [self.path(f"{i}.img") for i in (0, 1)]
                for name, image, block in zip((old, new), images, options):
                    self.ok("import", f"{FIXTURES}/{name}.core", "-o", image, "--block", block,
                            "--codec", "zstd")
                document = self.diff(*images, expect=1)
                named = {int(r["address"], 16) + o for m in document["memory"]
                         for r in m["ranges"] for o in range(0, int(r["size"], 16), 4096)}
                self.assertEqual(named, wanted, options)

    def test_trouble(self):
        image = self.fixture("foc-counter")
        for arguments in ([image], [image, self.path("missing")], [f"{FIXTURES}/foc-counter.core",
                                                                   image]):
            result = capimg("diff", *arguments)
            self.assertEqual((result.returncode, result.stdout), (2, b""))

    def test_same_output_twice(self):
        images = self.images(["foc-churn-2", "foc-churn-3"])
        for options in ([], ["--json"], ["--by-badge", "--all"]):
            self.assertEqual(capimg("diff", *images, *options).stdout,
                             capimg("diff", *images, *options).stdout)


if __name__ == "__main__":
    unittest.main()
