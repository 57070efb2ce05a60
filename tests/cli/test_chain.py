"""Checkpoints that build on each other: import --parent, squash, convert."""

import os
import unittest

import schema_check
from program import FIXTURES, Case, capimg


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Chain(Case):
    def trouble(self, *arguments, says=()):
        before = sorted(os.listdir(self.directory))
        result = capimg(*arguments)
        self.assertEqual(result.returncode, 2, (arguments, result.stdout, result.stderr))
        self.assertEqual(result.stdout, b"")
        for text in says:
            self.assertIn(text.encode(), result.stderr)
        self.assertEqual(sorted(os.listdir(self.directory)), before)

    def imported(self, core, output, *options):
        path = self.path(output)
        self.ok("import", os.path.join(FIXTURES, core + ".core"), "-o", path, *options)
        return path

    def checked(self, *arguments):
        result = self.ok(*arguments, "--json")
        document = schema_check.parse(result.stdout.decode())
        schema_check.check(document)
        return document

    def test_squashed_delta_is_the_whole_image(self):
        for name in ("foc-server", "foc-churn"):
            for codec in ("raw", "zstd", "lz4"):
                with self.subTest(name=name, codec=codec):
                    first = self.imported(name + "-1", "first.img", "--codec", codec)
                    delta = self.imported(name + "-2", "delta.img", "--codec", codec,
                                          "--parent", first)
                    whole = self.imported(name + "-2", "whole.img", "--codec", codec,
                                          "--sequence", "1")
                    report = self.checked("squash", delta, first, "-o", self.path("out.img"))
                    self.assertEqual(read(self.path("out.img")), read(whole))
                    self.assertEqual(report["sequence"], "1")
                    self.assertEqual(len(report["parents"]), 1)
                    self.assertGreater(report["blocksInherited"], 0)
                    self.assertLess(os.path.getsize(delta), os.path.getsize(whole) * 0.7)

    def test_delta_of_one_changed_byte(self):
        first = self.imported("foc-server-1", "first.img")
        delta = self.imported("foc-server-2", "delta.img", "--parent", first)
        # one page of memory, and what every image has
        self.assertLess(os.path.getsize(delta), 40_000)
        report = self.checked("squash", delta, first, "-o", self.path("out.img"))
        self.assertEqual(report["blocksInherited"], 57)

    def test_longer_chain_with_mixed_codecs(self):
        first = self.imported("foc-churn-1", "1.img", "--sequence", "7")
        second = self.imported("foc-churn-2", "2.img", "--parent", first, "--codec", "zstd",
                               "--dedup", "0")
        third = self.imported("foc-churn-1", "3.img", "--parent", second, "--parent", first)
        whole = self.imported("foc-churn-1", "whole.img", "--sequence", "9")
        for parents in ((first, second), (second, first)):
            self.ok("squash", third, *parents, "-o", self.path("out.img"))
            self.assertEqual(read(self.path("out.img")), read(whole))

        self.trouble("squash", third, second, "-o", self.path("x"),
                     says=[second, "sequence number 7", "state digest"])
        self.trouble("squash", third, first, "-o", self.path("x"),
                     says=[third, "sequence number 8"])
        self.ok("verify", third, "--parent", second, "--parent", first)

    def test_memory_of_a_delta(self):
        first = self.imported("foc-churn-1", "1.img")
        delta = self.imported("foc-churn-2", "2.img", "--parent", first)
        whole = self.imported("foc-churn-2", "whole.img", "--sequence", "1")

        for command in (["caps"], ["caps", "--json"], ["cat", "--vaddr", "0x12e22c", "--size", "64K"],
                        ["hexdump", "--vaddr", "0x12e22c", "--size", "4K"]):
            name, *options = command
            expected = self.ok(name, whole, *options).stdout
            self.assertEqual(self.ok(name, delta, *options, "--parent", first).stdout, expected)
            self.assertEqual(self.ok(name, "--parent", first, delta, *options).stdout, expected)
        self.trouble("caps", delta, says=["--parent"])
        self.trouble("caps", delta, "--parent", whole, says=["whole.img"])

        self.ok("dump", delta, "-o", self.path("dump"), "--parent", first, "--check")
        self.ok("verify", delta)
        self.ok("verify", delta, "--parent", first)

    def test_wrong_chains(self):
        first = self.imported("foc-churn-1", "1.img")
        delta = self.imported("foc-churn-2", "2.img", "--parent", first)
        other = self.imported("foc-churn-3", "3.img")
        out = self.path("x")
        self.trouble("squash", delta, "-o", out, says=[delta, "missing", "sequence number 0"])
        self.trouble("squash", delta, first, other, "-o", out, says=[other])
        self.trouble("squash", delta, first, first, "-o", out, says=["twice"])
        self.trouble("squash", delta, delta, "-o", out, says=["itself"])
        core = os.path.join(FIXTURES, "foc-churn-2.core")
        self.trouble("import", core, "-o", out, "--parent", first, "--block", "8K",
                     says=[first, "--block", "4096"])
        self.trouble("import", core, "-o", out, "--parent", first, "--sequence", "x",
                     says=["--sequence"])
        self.trouble("import", core, "-o", out, "--parent", first, "--parent", other,
                     says=[other])

    def test_blocks_of_the_parent_are_the_default(self):
        first = self.imported("foc-churn-1", "1.img", "--block", "8K")
        delta = self.imported("foc-churn-2", "2.img", "--parent", first, "--codec", "lz4")
        whole = self.imported("foc-churn-2", "w.img", "--codec", "lz4", "--block", "8K",
                              "--sequence", "1")
        self.ok("squash", delta, first, "-o", self.path("out.img"))
        self.assertEqual(read(self.path("out.img")), read(whole))

    def test_convert_there_and_back(self):
        raw = self.imported("foc-counter", "raw.img")
        packed, back = self.path("packed.img"), self.path("back.img")
        for options in (["--codec", "zstd"], ["--codec", "zstd", "--level", "7"],
                        ["--codec", "lz4"], ["--dedup", "0"]):
            report = self.checked("convert", raw, "-o", packed, *options)
            self.assertFalse(report["stateChanged"])
            self.assertEqual(report["stateDigest"], report["source"]["stateDigest"])
            self.ok("verify", packed)
            result = self.ok("convert", packed, "-o", back, "--codec", "raw", "--dedup", "20")
            self.assertEqual(read(back), read(raw), options)
            self.assertNotIn(b"warning", result.stderr)

        expected = self.imported("foc-counter", "zstd.img", "--codec", "zstd", "--block", "4K")
        self.ok("convert", raw, "-o", packed, "--codec", "zstd")
        self.assertEqual(read(packed), read(expected))

        # nothing asked for, nothing changed
        self.ok("convert", raw, "-o", back, "--format", "1.0")
        self.assertEqual(read(back), read(raw))

    def test_convert_to_other_blocks(self):
        raw = self.imported("foc-churn-1", "raw.img")
        state = self.checked("inspect", raw)["stateDigest"]
        for size in ("8K", "64K", "1M"):
            result = self.ok("convert", raw, "-o", self.path("big.img"), "--block", size)
            self.assertIn(b"another state digest", result.stderr)
            self.ok("verify", self.path("big.img"))
            self.ok("caps", self.path("big.img"))
            summary = self.checked("inspect", self.path("big.img"))
            expected = self.checked("inspect", self.imported("foc-churn-1", "direct.img",
                                                             "--block", size))
            self.assertEqual(summary["stateDigest"], expected["stateDigest"])
            self.assertNotEqual(summary["stateDigest"], state)

            self.ok("convert", self.path("big.img"), "-o", self.path("small.img"), "--block", "4K")
            again = self.checked("inspect", self.path("small.img"))
            self.assertEqual(again["stateDigest"], state)

    def test_convert_of_a_delta(self):
        first = self.imported("foc-churn-1", "1.img")
        delta = self.imported("foc-churn-2", "2.img", "--parent", first)
        whole = self.imported("foc-churn-2", "w.img", "--sequence", "1", "--codec", "zstd",
                              "--block", "4K")
        packed = self.path("packed.img")
        self.ok("convert", delta, "-o", packed, "--codec", "zstd")
        self.ok("squash", packed, first, "-o", self.path("out.img"))
        self.assertEqual(read(self.path("out.img")), read(whole))
        self.trouble("convert", delta, "-o", self.path("x"), "--block", "8K", says=["squash"])

    def test_convert_refuses(self):
        raw = self.imported("foc-counter", "raw.img")
        out = self.path("x")
        self.trouble("convert", raw, "-o", out, "--format", "1.1", says=["1.1", "1.0"])
        self.trouble("convert", raw, "-o", out, "--level", "3", says=["--level", "raw"])
        self.trouble("convert", raw, "-o", out, "--block", "5000", says=["--block"])
        self.trouble("convert", raw, "-o", out, "--codec", "lz4", "--level", "99",
                     says=["--level", "lz4"])


if __name__ == "__main__":
    unittest.main()
