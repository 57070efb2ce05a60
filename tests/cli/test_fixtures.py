"""Memory of real Genode components: what capimg says is what an independent decoder read."""

import json
import os
import unittest

from program import FIXTURES, Case

FOC = ["foc-counter", "foc-server-1", "foc-server-2", "foc-churn-1", "foc-churn-2", "foc-churn-3"]


def expected(name):
    with open(os.path.join(FIXTURES, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


class Fixtures(Case):
    def test_foc_capabilities(self):
        for name in FOC:
            with self.subTest(name):
                document = self.json("caps", self.fixture(name))
                truth = expected(name)

                ours = [{"kcap": c["kcap"], "badge": c["badge"], "slot": c["slot"],
                         "refCount": c["refCount"], "inTree": c["inTree"]}
                        for c in document["capabilities"]]
                self.assertEqual(ours, truth["entries"])
                self.assertIs(document["agree"], True)
                self.assertEqual(document["map"]["array"], truth["capMap"]["array"])
                self.assertEqual(document["map"]["root"], truth["capMap"]["root"])

                pools = [{"tree": p["tree"], "objects": p["objects"]} for p in document["pools"]]
                self.assertEqual(pools, truth["objectPools"])
                for pool in document["pools"]:
                    self.assertEqual(len(pool["members"]), pool["objects"])

                # a valid badge outside of the tree is an invalidated twin
                for c in document["capabilities"]:
                    valid = c["badge"] != "0xffffffff"
                    self.assertEqual(c["stale"], valid and not c["inTree"])
                    self.assertEqual(c["object"] is None, not valid)

    def test_linux_capabilities(self):
        document = self.json("caps", self.fixture("linux-server"))
        truth = expected("linux-server")
        mask = (1 << 64) - 1

        ours = [{"index": c["index"], "slot": c["slot"], "refCount": c["refCount"],
                 "key": int(c["badge"], 16), "socket": c["socket"], "foreign": c["foreign"],
                 "inTree": c["inTree"]} for c in document["capabilities"]]
        theirs = [dict(e, key=e["key"] & mask) for e in truth["entries"]]
        self.assertEqual(ours, theirs)
        self.assertIs(document["agree"], True)
        self.assertTrue(all(c["kcap"] is None for c in document["capabilities"]))
        self.assertEqual(document["map"]["root"], truth["capSpace"]["tree"])

    def test_sound(self):
        for name in FOC + ["linux-server"]:
            with self.subTest(name):
                self.ok("verify", self.fixture(name))

    def test_memory(self):
        """Every region of the core is there; what was not captured is absent, not zero."""
        image = self.fixture("foc-server-1")
        document = self.json("inspect", image)
        self.assertEqual(document["component"], "fx_b")
        self.assertEqual(document["kernel"], "foc")
        self.assertEqual(len(document["dataspaces"]), len(document["regions"]))

        by_address = {r["address"]: r for r in document["regions"]}
        dataspace = {d["id"]: d for d in document["dataspaces"]}
        text = dataspace[by_address["0x30000"]["dataspace"]]
        self.assertEqual((text["absent"], text["blocks"]), ("notCaptured", 0))
        self.assertEqual(by_address["0x30000"]["rights"], "r-x")

        result = self.ok("hexdump", image, "--vaddr", "0x30000", "--size", "16")
        self.assertEqual(result.stdout.count(b"??"), 16)
        result = self.ok("cat", image, "--vaddr", "0x30000", "--size", "16")
        self.assertEqual(result.stdout, bytes(16))
        self.assertIn(b"16 bytes were not captured", result.stderr)

    def test_memory_is_that_of_the_core(self):
        image = self.fixture("foc-counter", "--codec", "zstd")
        with open(os.path.join(FIXTURES, "foc-counter.core"), "rb") as file:
            core = file.read()

        entries = int.from_bytes(core[56:58], "little")
        checked = 0
        for i in range(entries):
            header = core[64 + 56 * i:64 + 56 * (i + 1)]
            kind, _, offset, vaddr = (int.from_bytes(header[a:b], "little")
                                      for a, b in ((0, 4), (4, 8), (8, 16), (16, 24)))
            size = int.from_bytes(header[32:40], "little")
            if kind == 1 and size:
                result = self.ok("cat", image, "--vaddr", hex(vaddr), "--size", hex(size))
                self.assertEqual(result.stdout, core[offset:offset + size], hex(vaddr))
                checked += 1
        self.assertGreater(checked, 10)

    def test_threads(self):
        threads = self.json("inspect", self.fixture("linux-server"), "threads")["threads"]
        self.assertEqual(len(threads), 5)
        for thread in threads:
            self.assertEqual(thread["registers"]["ip"], "0x500ac2ba")
            self.assertIn("rax", thread["registers"])

    def test_hints(self):
        core = os.path.join(FIXTURES, "foc-counter.core")
        image = self.path("out.img")

        self.ok("import", core, "-o", image, "--kernel", "linux")
        self.assertEqual(self.json("caps", image)["capabilities"], [])
        self.ok("import", core, "-o", image, "--kernel", "foc", "--genode", "26.02")
        self.assertEqual(len(self.json("caps", image)["capabilities"]), 52)
        self.ok("import", core, "-o", image, "--genode", "16.08")
        self.assertEqual(self.json("caps", image)["capabilities"], [])
        self.ok("import", core, "-o", image, "--cap-map", "0x12e22c")
        self.assertEqual(len(self.json("caps", image)["capabilities"]), 52)
        self.ok("import", core, "-o", image, "--no-search")
        self.assertIsNone(self.json("caps", image)["agree"])

    def test_same_bytes_twice(self):
        core = os.path.join(FIXTURES, "foc-server-1.core")
        for codec in ("raw", "zstd", "lz4"):
            images = []
            for threads in ("1", "2", "5"):
                image = self.path(f"{codec}-{threads}.img")
                self.ok("import", core, "-o", image, "--codec", codec, "--threads", threads)
                with open(image, "rb") as file:
                    images.append(file.read())
            self.assertEqual(images[0], images[1], codec)
            self.assertEqual(images[0], images[2], codec)

    def test_disagreement_is_seen(self):
        """One entry's id in memory changed, all checksums right: caps and verify notice."""
        image = self.fixture("foc-counter")
        directory = self.path("dump")
        self.ok("dump", image, "-o", directory)
        entry = self.json("caps", image)["capabilities"][-1]

        regions = self.json("inspect", image, "regions")["regions"]
        address = int(entry["slot"], 16) + 36
        region = next(r for r in regions if int(r["address"], 16) <= address
                      < int(r["address"], 16) + int(r["size"], 16))
        name = os.path.join(directory, "dataspaces", f"{region['dataspace']}.bin")
        with open(name, "r+b") as file:
            file.seek(address - int(region["address"], 16))
            file.write((0x7777_0000 | int(entry["badge"], 16)).to_bytes(4, "little")[:2] + b"\1\0")

        changed = self.path("changed.img")
        self.ok("build", directory, "-o", changed)
        from program import capimg
        result = capimg("caps", changed, "--json")
        self.assertEqual(result.returncode, 1)
        self.assertIs(json.loads(result.stdout)["agree"], False)
        result = capimg("verify", changed)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"capability-map", result.stdout)


if __name__ == "__main__":
    unittest.main()
