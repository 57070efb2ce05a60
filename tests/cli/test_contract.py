"""What every user of a command line expects: exit codes, streams, errors, no half output."""

import os
import subprocess
import unittest

from program import CAPIMG, FIXTURES, Case, capimg

CORE = os.path.join(FIXTURES, "foc-counter.core")
COMMANDS = ["import", "inspect", "caps", "verify", "dump", "build", "rewrite", "redact", "squash",
            "convert", "diff", "cat", "hexdump", "search", "plan", "keygen", "sign", "receive",
            "schema", "completion"]


class Contract(Case):
    def trouble(self, *arguments, says=(), **options):
        result = capimg(*arguments, **options)
        self.assertEqual(result.returncode, 2, (arguments, result.stdout, result.stderr))
        self.assertEqual(result.stdout, b"", arguments)
        for text in says:
            self.assertIn(text.encode(), result.stderr)
        return result

    def test_help_begins_with_an_example(self):
        for arguments in [[]] + [[c] for c in COMMANDS]:
            result = self.ok(*arguments, "--help")
            self.assertTrue(result.stdout.startswith(b"Example:\n  "), arguments)
            self.assertEqual(result.stderr, b"")
        self.assertRegex(self.ok("--version").stdout, rb"^capimg [0-9]+\.[0-9]+\.[0-9]+\n$")

    def test_wrong_use(self):
        self.trouble()
        self.trouble("frobnicate")
        self.trouble("inspect")
        self.trouble("inspect", CORE, "--no-such-option")
        self.trouble("import", CORE)
        self.trouble("import", CORE, "-o", self.path("x"), "--codec", "gzip")
        self.trouble("verify")
        self.trouble("cat", self.fixture("foc-counter"))
        self.assertFalse(os.path.exists(self.path("x")))

    def test_wrong_input(self):
        image = self.fixture("foc-counter")
        self.trouble("inspect", self.path("missing"), says=["missing", "No such file"])
        self.trouble("inspect", self.directory, says=["directory"])
        self.trouble("inspect", CORE, says=["at 0x0", "head.magic", "not a capimg image"])
        self.trouble("import", image, "-o", self.path("y"), says=[image])
        self.trouble("import", CORE, "-o", self.path("no/such/directory"))
        self.trouble("import", CORE, "-o", self.path("y"), "--block", "5000", says=["--block"])
        self.trouble("import", CORE, "-o", self.path("y"), "--codec", "zstd", "--level", "99",
                     says=["--level"])
        self.trouble("import", CORE, "-o", self.path("y"), "--cap-map", "0x10000")
        self.trouble("import", CORE, "-o", self.path("y"), "--cap-map", "zebra",
                     says=["--cap-map"])
        self.trouble("cat", image, "--dataspace", "4711", says=["4711"])
        self.trouble("cat", image, "--vaddr", "0x7", says=["0x7"])
        self.trouble("cat", image, "--dataspace", "3", "--size", "1T", says=["--size"])
        self.trouble("verify", image, "--only", "nonsense", says=["nonsense"])
        self.assertFalse(os.path.exists(self.path("y")))
        self.assertEqual(sorted(os.listdir(self.directory)), ["foc-counter.img"])

    def test_damage_is_a_finding(self):
        with open(self.fixture("foc-counter"), "rb") as file:
            good = file.read()
        damaged = self.path("damaged.img")

        for change, code in ((good[:-1], 1), (good[:300], 1), (good[:255], 2), (b"", 2),
                             (good[:5000] + bytes([good[5000] ^ 1]) + good[5001:], 1),
                             (good + b"\0", 1)):
            with open(damaged, "wb") as file:
                file.write(change)
            result = capimg("verify", damaged)
            self.assertEqual(result.returncode, code, (len(change), result.stdout))
            self.assertEqual(bool(result.stdout), code == 1)

    def test_failed_output_leaves_the_old_file(self):
        output = self.path("out.img")
        with open(output, "wb") as file:
            file.write(b"old")
        self.trouble("import", self.path("missing"), "-o", output)
        self.trouble("import", CORE, "-o", output, "--cap-map", "0x10000")
        with open(output, "rb") as file:
            self.assertEqual(file.read(), b"old")

        # a full disk: no room for more than 4 KiB in a file
        result = subprocess.run(
            ["bash", "-c", 'ulimit -f 4; trap "" XFSZ; exec "$0" import "$1" -o "$2"',
             CAPIMG, CORE, output], capture_output=True, check=False)
        self.assertEqual(result.returncode, 2, result.stderr)
        with open(output, "rb") as file:
            self.assertEqual(file.read(), b"old")
        self.assertEqual(sorted(os.listdir(self.directory)), ["out.img"])

    def test_standard_streams(self):
        image = self.fixture("foc-counter")
        with open(CORE, "rb") as file:
            core = file.read()
        with open(image, "rb") as file:
            expected = file.read()

        self.assertEqual(self.ok("import", "-", "-o", "-", stdin=core).stdout, expected)
        self.assertEqual(self.ok("inspect", "-", "--json", stdin=expected).stdout,
                         self.ok("inspect", image, "--json").stdout)
        self.ok("verify", "-", stdin=expected)

        # a device is written to, and still one afterwards
        self.ok("import", CORE, "-o", "/dev/null")
        self.assertFalse(os.path.isfile("/dev/null"))

    def test_binary_is_not_written_to_a_terminal(self):
        image = self.fixture("foc-counter")
        master, slave = os.openpty()
        try:
            for arguments in (["cat", image, "--dataspace", "3"], ["import", CORE, "-o", "-"]):
                result = subprocess.run([CAPIMG, *arguments], stdout=slave,
                                        stderr=subprocess.PIPE, check=False)
                self.assertEqual(result.returncode, 2)
                self.assertIn(b"terminal", result.stderr)
        finally:
            os.close(master)
            os.close(slave)

    def test_colours(self):
        image = self.fixture("foc-counter")
        self.assertNotIn(b"\x1b[", self.ok("verify", image).stdout)
        self.assertIn(b"\x1b[", self.ok("verify", image, "--color", "always").stdout)
        self.assertIn(b"\x1b[", self.ok("--color", "always", "verify", image).stdout)

    def test_same_output_twice(self):
        image = self.fixture("linux-server")
        for command in ("inspect", "caps", "verify"):
            for options in ([], ["--json"]):
                first = capimg(command, image, *options).stdout
                self.assertEqual(first, capimg(command, image, *options).stdout)

    def test_hexdump(self):
        image = self.fixture("foc-counter")
        # "fx_a" is nowhere promised; the map's first entries are, and equal lines are folded
        text = self.ok("hexdump", image, "--vaddr", "0x12e22c", "--size", "0x100").stdout.decode()
        lines = text.splitlines()
        self.assertTrue(lines[0].startswith("0012e220"))
        self.assertIn("*", lines)
        self.assertEqual(lines[-1], "0012e32c")

    def test_schema(self):
        with open(os.path.join(os.path.dirname(FIXTURES), "../../schema/image.capnp"), "rb") as f:
            self.assertEqual(self.ok("schema").stdout, f.read())
        self.assertIn(b'"capimg.caps/1"', self.ok("schema", "caps").stdout)


if __name__ == "__main__":
    unittest.main()
