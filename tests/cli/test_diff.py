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

    def changed(self, image, name, changes):
        """An image with other bytes: {address: bytes}."""
        directory = self.path(name + ".dump")
        self.ok("dump", image, "-o", directory)
        regions = self.json("inspect", image, "regions")["regions"]
        for address, content in changes.items():
            region = next(r for r in regions if int(r["address"], 16) <= address
                          < int(r["address"], 16) + int(r["size"], 16))
            file_name = os.path.join(directory, "dataspaces", f"{region['dataspace']}.bin")
            with open(file_name, "r+b") as file:
                file.seek(address - int(region["address"], 16))
                file.write(content)
        output = self.path(name)
        self.ok("build", directory, "-o", output)
        return output

    def test_bytes(self):
        image = self.fixture("foc-server-1")
        other = self.changed(image, "other.img", {0x1a101: b"ab", 0x1afff: b"c", 0x1b000: b"d"})
        document = self.diff(image, other, "--pages", "--bytes", expect=1)
        (memory,) = document["memory"]
        self.assertEqual(memory["pagesChanged"], 2)
        self.assertEqual([(b["address"], bytes.fromhex(b["new"])) for b in memory["bytes"]],
                         [("0x1a101", b"ab"), ("0x1afff", b"c"), ("0x1b000", b"d")])
        self.assertEqual([l["address"] for l in memory["lines"]],
                         ["0x1a100", "0x1aff0", "0x1b000"])
        text = capimg("diff", image, other, "--bytes").stdout.decode()
        self.assertIn("0x1a101 - ", text)
        self.assertIn("+ 61 62  |ab|", text)

    def test_three_images(self):
        base = self.fixture("foc-server-1")
        ours = self.changed(base, "ours.img", {0x1a100: b"1", 0x20000: b"x", 0x21000: b"x"})
        theirs = self.changed(base, "theirs.img", {0x20000: b"x", 0x21000: b"y", 0x22000: b"z"})

        def three(*arguments, expect):
            result = capimg("diff", *arguments, "--json")
            self.assertEqual(result.returncode, expect, result.stderr)
            document = schema_check.parse(result.stdout.decode())
            schema_check.check(document)
            return document

        document = three(ours, theirs, "--base", base, expect=1)
        found = {r["address"]: (r["by"], r["conflict"])
                 for m in document["memory"] for r in m["ranges"]}
        self.assertEqual(found, {"0x1a000": ("a", False), "0x20000": ("both", False),
                                 "0x21000": ("both", True), "0x22000": ("b", False)})
        self.assertEqual((document["conflicts"], document["changes"]), (1, []))
        self.assertIs(three(base, base, "--base", base, expect=0)["equal"], True)

        images = self.images(["foc-churn-1", "foc-churn-2", "foc-churn-3"])
        three(images[1], images[2], "--base", images[0], expect=1)
        text = capimg("diff", ours, theirs, "--base", base).stdout.decode()
        self.assertIn("1 in conflict", text)
        self.assertEqual(capimg("diff", ours, theirs, "--base", base, "--pages").returncode, 2)

    def test_parents(self):
        image = self.fixture("foc-counter")
        result = capimg("diff", image, image, "--parent", self.fixture("foc-server-1"))
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"no image inherits from this one", result.stderr)
        # the option takes one file, not those that are compared as well
        result = capimg("diff", "--parent", self.fixture("foc-server-1"), image, image)
        self.assertIn(b"no image inherits from this one", result.stderr)

    def test_text(self):
        """What people read: authority first, counts at the end, nothing but text."""
        images = self.images(["foc-churn-1", "foc-churn-2"])
        text = capimg("diff", *images).stdout.decode()
        places = [text.index(word) for word in ("assumption", "Capabilities lost (10)",
                                                "Capabilities gained (8)", "Slots used by another",
                                                "Changed", "Memory (", "10 capabilities lost")]
        self.assertEqual(places, sorted(places))
        images = self.images(["foc-churn-2", "foc-churn-3"])
        text = capimg("diff", *images).stdout.decode()
        self.assertIn("… and 2 more: --all shows them", text)
        self.assertIn("--by-badge lists them", text)
        self.assertIn("Not sure", text)
        self.assertNotIn("more: --all", capimg("diff", *images, "--all").stdout.decode())

    def test_after_a_rewrite(self):
        image = self.fixture("foc-churn-1")
        rewritten = self.path("rewritten.img")
        self.ok("rewrite", image, "-o", rewritten, "--fresh", "0x4000")
        document = self.diff(image, rewritten, "--by-badge", expect=1)
        self.assertEqual((document["basis"]["kind"], document["basis"]["objectsBy"]),
                         ("lineage", "ids"))
        self.assertIs(document["sameObjectsNewBadges"], True)
        self.assertEqual((document["changes"], document["unsure"]), ([], []))
        self.assertEqual([v for v in document["capabilities"].values() if v], [])
        # badge 1 stays what it is, and so is none of those
        new = {b["old"]: b["new"] for b in document["badges"]}
        before, after = (self.json("caps", i)["capabilities"] for i in (image, rewritten))
        self.assertEqual([c["badge"] for c in after if c["object"]],
                         [new.get(c["badge"], c["badge"]) for c in before if c["object"]])
        self.assertIn(b"Same objects, new badges", capimg("diff", image, rewritten).stdout)

    def test_after_a_conversion(self):
        image = self.fixture("foc-churn-1")
        converted = self.path("converted.img")
        self.ok("convert", image, "-o", converted, "--block", "64K", "--codec", "zstd")
        self.diff(image, converted, expect=0)

    def test_damage_leaves_no_half_of_a_document(self):
        image = self.fixture("foc-server-1")
        other = self.fixture("foc-server-2")
        with open(image, "r+b") as file:
            content = file.read()
            # the page that differs: a counter, then a magic word
            file.seek(content.index(b"\x1b\0\0\0\0\0\0\0FX-MAGIC"))
            file.write(b"\x1c")
        result = capimg("diff", image, other, "--json", "--bytes")
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertIn(b"damaged", result.stderr.lower())
        # which page it is, the index tells without reading it
        self.assertEqual(self.diff(image, other, expect=1)["memory"][0]["pagesChanged"], 1)

    def test_label_cannot_write_to_the_terminal(self):
        image = self.fixture("foc-counter")
        directory = self.path("dump")
        self.ok("dump", image, "-o", directory)
        name = os.path.join(directory, "image.json")
        with open(name, encoding="utf-8") as file:
            text = file.read()
        with open(name, "w", encoding="utf-8") as file:
            file.write(text.replace('"fx_a"', '"\\u001b[2Jx"'))
        evil = self.path("evil.img")
        self.ok("build", directory, "-o", evil)
        result = capimg("diff", image, evil)
        self.assertEqual(result.returncode, 1)
        self.assertNotIn(b"\x1b", result.stdout)
        self.diff(image, evil, expect=1)

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
