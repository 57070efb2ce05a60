"""Memory taken out of images of real components: the file's bytes are searched."""

import json
import os

import schema_check
from program import FIXTURES, Case, capimg


class Redact(Case):
    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def cat(self, image, *arguments):
        return capimg("cat", image, *arguments).stdout

    def hits(self, image, text):
        result = capimg("search", image, "--text", text, "--count")
        return int(result.stdout.decode().split()[0]) if result.returncode == 0 else 0

    def test_text(self):
        image, out = self.fixture("foc-server-1", "--codec", "raw"), self.path("out.img")
        text = "Genode::"
        hits = self.hits(image, text)
        self.assertGreater(hits, 0)
        self.assertIn(text.encode(), self.read(image))
        report = self.json("redact", image, "--text", text, "-o", out)
        schema_check.check(report)
        self.assertEqual(report["hits"], hits)
        self.assertEqual(int(report["bytesRedacted"], 16), hits * len(text))
        self.assertNotIn(text.encode(), self.read(out))
        self.assertEqual(self.hits(out, text), 0)
        self.ok("verify", out)
        self.ok("caps", out)

    def test_region(self):
        """The bytes are nowhere, nor is anything that was made of them."""
        for codec in ("raw", "zstd", "lz4"):
            image = self.fixture("foc-server-1", "--codec", codec)
            out = self.path("out.img")
            regions = self.json("inspect", image, "regions")["regions"]
            region = next(r for r in regions if b"parent" in self.cat(
                image, "--vaddr", r["address"], "--size", r["size"]))
            secret = self.cat(image, "--vaddr", region["address"], "--size", region["size"])
            report = self.json("redact", image, "--vaddr",
                               f"{region['address']}+{region['size']}", "-o", out, "--same")
            schema_check.check(report)
            self.assertEqual(report["sameBytesElsewhere"], [])
            data = self.read(out)
            for at in range(0, len(secret) - 16, 16):
                piece = secret[at:at + 16]
                if codec == "raw" and len(set(piece)) > 6:
                    before = self.read(image).count(piece)
                    self.assertLess(data.count(piece), max(before, 1))
            state = self.json("inspect", image)["stateDigest"]
            self.assertNotIn(bytes.fromhex(state), data)
            left = self.cat(out, "--vaddr", region["address"], "--size", region["size"])
            self.assertEqual(left, bytes(len(secret)))
            self.assertNotEqual(self.json("inspect", out)["stateDigest"], state)

    def test_plan_refuses_it_unless_told_otherwise(self):
        image, out = self.fixture("foc-server-1"), self.path("out.img")
        self.ok("redact", image, "--text", "Genode::", "-o", out)
        for options, refused in ((), True), (("--allow-redacted",), False):
            report = json.loads(capimg("plan", out, *options, "--json").stdout)
            codes = [r["code"] for r in report["refusals"]]
            self.assertEqual("redacted" in codes, refused, codes)
        codes = [r["code"] for r in
                 json.loads(capimg("plan", image, "--json").stdout)["refusals"]]
        self.assertNotIn("redacted", codes)

    def test_registers(self):
        image, out = self.fixture("foc-server-1"), self.path("out.img")
        report = self.json("redact", image, "--registers", "-o", out)
        threads = self.json("inspect", image, "threads")["threads"]
        self.assertEqual(report["threads"], len(threads))
        for thread in self.json("inspect", out, "threads")["threads"]:
            self.assertFalse(thread.get("registers"))
        self.assertEqual(report["bytesRedacted"], "0x0")
        memory = [d["id"] for d in self.json("inspect", image, "dataspaces")["dataspaces"]]
        for dataspace in memory:
            self.assertEqual(self.cat(image, "--dataspace", dataspace),
                             self.cat(out, "--dataspace", dataspace))

    def test_a_delta_warns(self):
        parent = self.fixture("foc-churn-1")
        core = os.path.join(FIXTURES, "foc-churn-2.core")
        delta, out = self.path("delta.img"), self.path("out.img")
        self.ok("import", core, "-o", delta, "--parent", parent)
        text = "Genode::"
        result = self.ok("redact", delta, "--parent", parent, "--text", text, "-o", out)
        self.assertIn("still have it", result.stderr.decode())
        self.assertNotIn(text.encode(), self.read(out))
        self.ok("verify", out, "--parent", parent)
        self.assertEqual(capimg("search", out, "--parent", parent, "--text", text).returncode, 1)

    def test_refusals_leave_nothing(self):
        image, out = self.fixture("foc-server-1"), self.path("o.img")
        cases = [
            ((), "--dataspace"), (("--text", "no such text, surely"), "nowhere"),
            (("--dataspace", "99999"), "99999"), (("--vaddr", "0x7"), "0x7"),
            (("--vaddr", "0x7+16"), "no memory"), (("--dataspace", "zwei"), "--dataspace"),
            (("--text", "fx_b"), "manifest"), (("--bytes", "zz"), "bytes"),
        ]
        for options, message in cases:
            with self.subTest(options=options):
                result = capimg("redact", image, *options, "-o", out)
                self.assertEqual(result.returncode, 2)
                self.assertIn(message, result.stderr.decode())
                self.assertFalse(os.path.exists(out))

    def test_signed(self):
        image, out = self.fixture("foc-server-1"), self.path("o.img")
        self.ok("keygen", "-o", self.path("k"))
        report = self.json("redact", image, "--text", "Genode::", "-o", out, "--key",
                           self.path("k.key"))
        schema_check.check(report)
        self.assertIsNotNone(report["signature"])
        self.ok("verify", out, "--key", self.path("k.pub"))


if __name__ == "__main__":
    import unittest
    unittest.main()
