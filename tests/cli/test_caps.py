"""capimg caps --refs and --scan, on real components and on images that say wrong things."""

import json
import os
import unittest

import schema_check
from program import FIXTURES, Case, capimg

ALL = ["foc-counter", "foc-server-1", "foc-server-2", "foc-churn-1", "foc-churn-2", "foc-churn-3",
       "linux-server"]


def expected(name):
    with open(os.path.join(FIXTURES, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


class Caps(Case):
    def caps(self, image, *options, code=0):
        result = capimg("caps", image, *options, "--json")
        self.assertEqual(result.returncode, code, result.stderr)
        document = schema_check.parse(result.stdout.decode())
        schema_check.check(document)
        return document

    def test_refs(self):
        for name in ALL:
            with self.subTest(name):
                image = self.fixture(name)
                document = self.caps(image, "--refs")
                truth = expected(name)
                refs = [r for c in document["capabilities"] for r in c["refs"]]
                if "capabilityVariables" in truth:
                    self.assertEqual(len(refs) + document["internalRefs"],
                                     truth["capabilityVariables"])

                regions = {r["address"]: r for r in document["regions"]}
                for ref in refs:
                    region = regions[ref["region"]]
                    start, size = int(region["address"], 16), int(region["size"], 16)
                    self.assertTrue(start <= int(ref["address"], 16) < start + size)
                    self.assertEqual(ref["dataspace"], region["dataspace"])

                # each object of a pool is held by its node, and named so
                for pool in document["pools"]:
                    nodes = {m["node"] for m in pool["members"]}
                    self.assertEqual(nodes, {r["node"] for r in refs
                                             if r.get("pool") == pool["tree"]})

                text = self.ok("caps", image, "--refs").stdout.decode()
                self.assertEqual(text.count("Object_pool "),
                                 sum(p["objects"] for p in document["pools"]))
                held = sum(1 for c in document["capabilities"] if c["refs"])
                self.assertIn(f"{held} of {len(document['capabilities'])} capabilities are held "
                              f"by {len(refs)} words", text)
                self.assertEqual(text.count(": held nowhere\n"),
                                 len(document["capabilities"]) - held)

    def test_refs_do_not_change_the_rest(self):
        image = self.fixture("foc-churn-1")
        plain, more = self.caps(image), self.caps(image, "--refs", "--scan")
        for capability in more["capabilities"]:
            del capability["refs"]
        for key in ("regions", "internalRefs", "scan"):
            del more[key]
        self.assertEqual(plain, more)

    def test_regions_in_the_stack_area_are_named(self):
        """As a checkpointer on Genode sees it: stacks are in a region map of their own."""
        image = self.fixture("foc-counter")
        begin, size = 0x40000000, 0x10000000

        def nest(manifest):
            objects = manifest["objects"]
            space = next(o for o in objects if "regionMap" in o)
            regions = space["regionMap"]["regions"]
            stacks = [r for r in regions if int(r["address"], 16) >= begin]
            self.assertGreater(len(stacks), 2)
            area, dataspace = len(objects) + 1, len(objects) + 2

            inner = json.loads(json.dumps(space))
            inner["id"] = area
            inner["regionMap"]["size"] = hex(size)
            inner["regionMap"]["dataspace"] = dataspace
            inner["regionMap"]["regions"] = [
                dict(r, address=hex(int(r["address"], 16) - begin)) for r in stacks]

            managed = json.loads(json.dumps(next(o for o in objects if "dataspace" in o)))
            managed["id"] = dataspace
            managed["dataspace"].update(kind="managed", size=hex(size), stored=False,
                                        firstBlock="0", regionMap=area)
            objects += [inner, managed]
            space["regionMap"]["regions"] = [r for r in regions if r not in stacks] + [
                dict(stacks[0], address=hex(begin), size=hex(size), offset="0x0",
                     dataspace=dataspace)]
            objects[0]["pdSession"]["stackArea"] = area

        flat = self.caps(image, "--refs")
        nested = self.caps(self.edited(image, nest), "--refs", "--scan")
        self.assertIs(nested["scan"]["agree"], True)
        self.assertEqual(flat["capabilities"], nested["capabilities"])
        for region in nested["regions"]:
            on_stack = int(region["address"], 16) >= begin
            self.assertEqual(region["name"].startswith("stack area, segment"), on_stack)
        self.assertEqual([r["address"] for r in flat["regions"]],
                         [r["address"] for r in nested["regions"]])

    def test_refs_without_a_map(self):
        result = self.ok("caps", self.fixture("foc-counter", "--no-search"), "--refs")
        self.assertIn(b"is not known", result.stderr)

    def test_scan_agrees(self):
        for name in ALL:
            with self.subTest(name):
                image = self.fixture(name)
                scan = self.caps(image, "--scan")["scan"]
                self.assertIs(scan["agree"], True)
                self.assertEqual(scan["map"]["result"], "same")
                self.assertEqual(len(scan["pools"]), 2)
                text = self.ok("caps", image, "--scan").stdout
                self.assertIn(b"Manifest and search agree.", text)

    def test_scan_of_an_image_that_was_never_searched(self):
        scan = self.caps(self.fixture("foc-counter", "--no-search"), "--scan", code=1)["scan"]
        self.assertEqual(scan["map"]["result"], "undeclared")
        self.assertEqual(scan["map"]["found"], "0x12e22c")
        self.assertEqual(scan["parentBadge"], {"found": "0x10d000", "declared": None})
        self.assertEqual(len(scan["differences"]), 4)

    def test_scan_names_what_differs(self):
        image = self.fixture("foc-counter")

        def lose_pool(manifest):
            del manifest["badgeTrees"][0]

        def move_pool(manifest):
            manifest["badgeTrees"][0]["root"] = "0x156508"

        def lose_parent(manifest):
            del manifest["rawBadges"][0]

        for change, count, says in ((lose_pool, 1, "found, and not declared"),
                                    (move_pool, 2, "declared, and not found"),
                                    (lose_parent, 1, "raw badge of the parent")):
            with self.subTest(change.__name__):
                other = self.edited(image, change)
                scan = self.caps(other, "--scan", code=1)["scan"]
                self.assertIs(scan["agree"], False)
                self.assertEqual(len(scan["differences"]), count, scan["differences"])
                self.assertIn(says, "\n".join(scan["differences"]))
                result = capimg("caps", other, "--scan")
                self.assertEqual(result.returncode, 1)
                self.assertIn(b"do not agree", result.stdout)


if __name__ == "__main__":
    unittest.main()
