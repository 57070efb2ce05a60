"""What a small file may cost, and the limits that a user may set."""

import os
import resource
import subprocess
import tempfile
import unittest

from program import CAPIMG, FIXTURES, SOURCE, Case, capimg

MAKE_HOSTILE = os.environ.get("CAPIMG_MAKE_HOSTILE",
                            os.path.join(SOURCE, "build/dev/tests/make_hostile"))
CORPUS = os.path.join(SOURCE, "tests/fuzz/corpus")

KIB, MIB = 1 << 10, 1 << 20

# docs/SECURITY.md: a file of 1 KiB takes no command more than 64 MiB and one second. Seconds are
# of the processor, and so do not depend on what else the machine does.
MEMORY, SECONDS = 64 * MIB, 1

with open(CAPIMG, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()

HOSTILE = tempfile.TemporaryDirectory(prefix="capimg-hostile-")


def setUpModule():
    unittest.addModuleCleanup(HOSTILE.cleanup)
    subprocess.run([MAKE_HOSTILE, HOSTILE.name], check=True)


def hostile(name):
    """One of the files that make_hostile made, for all tests."""
    return os.path.join(HOSTILE.name, name)


class Cost:
    """A run of the program, with what it took."""

    def __init__(self, *arguments, seconds=SECONDS):
        def limit():
            # the kernel ends what runs away; what is measured decides
            resource.setrlimit(resource.RLIMIT_CPU, (20 * seconds, 20 * seconds))

        with tempfile.TemporaryFile() as err:
            process = subprocess.Popen([CAPIMG, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=err, preexec_fn=limit)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            err.seek(0)
            self.stderr = err.read().decode("utf-8", "replace")
        self.code = process.returncode
        self.seconds = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * KIB


def commands(image, output):
    """Every command that reads images, with the options that make it work most."""
    return [
        ["inspect", image], ["inspect", image, "--json"],
        ["caps", image, "--refs"], ["caps", image, "--scan", "--json"],
        ["verify", image], ["verify", image, "--json", "--threads", "2"],
        ["dump", image, "-o", output, "--force", "--no-sync"],
        ["convert", image, "-o", output + ".1", "--no-sync"],
        ["convert", image, "-o", output + ".2", "--no-sync", "--block", "4K", "--codec", "zstd"],
        ["convert", image, "-o", output + ".3", "--no-sync", "--codec", "raw", "--dedup", "24"],
        ["squash", image, "-o", output + ".4", "--no-sync"],
        ["rewrite", image, "-o", output + ".5", "--no-sync", "--fresh", "0x2000", "--unscanned"],
        ["rewrite", image, "-o", output + ".6", "--no-sync", "--fresh", "0x2000", "--scan"],
        ["diff", image, image, "--json"],
        ["diff", image, image, "--other-boot", "--bytes", "--all"],
        ["diff", image, image, "--base", image],
        ["cat", image, "--dataspace", "3"], ["cat", image, "--vaddr", "0"],
        ["hexdump", image, "--dataspace", "3"], ["hexdump", image, "--vaddr", "0x1000"],
        ["search", image, "--value", "0"], ["search", image, "--dataspace", "3", "--value", "0"],
        ["search", image, "--text", "x"], ["search", image, "--bytes", "?? ??", "--count"],
        ["plan", image], ["plan", image, "--steps", "--json"],
    ]


class Small_files(Case):
    def within(self, arguments):
        cost = Cost(*arguments)
        text = (arguments, cost.code, cost.seconds, cost.memory, cost.stderr[-300:])
        self.assertIn(cost.code, (0, 1, 2), text)
        if not SANITIZED:
            self.assertLess(cost.seconds, SECONDS, text)
            self.assertLess(cost.memory, MEMORY, text)

    def test_largest_claims(self):
        names = sorted(os.listdir(HOSTILE.name))
        self.assertGreater(len(names), 15)
        # cost is measured without sanitizers, under which each command takes ten times as long
        for name in names[::3] if SANITIZED else names:
            image = hostile(name)
            self.assertLessEqual(os.path.getsize(image), KIB)
            # most of them are images, so that the commands get to work
            for arguments in commands(image, self.path("out")):
                if SANITIZED and arguments[0] == "search":
                    arguments = [*arguments, "--limit", "5000"]
                self.within(arguments)
        sound = [name for name in names
                 if capimg("verify", hostile(name), "--only", "manifest").returncode == 0]
        self.assertGreater(len(sound), len(names) * 3 // 4, set(names) - set(sound))

    def test_two_endless_images(self):
        for a in ("endless", "terabytes", "zeros-1m", "absent-blocks"):
            for b in ("endless", "endless-pages", "zeros-4k", "absent-aliased"):
                self.within(["diff", hostile(a + ".img"), hostile(b + ".img"), "--pages"])
                self.within(["diff", hostile(b + ".img"), hostile(a + ".img"), "--json"])

    def test_small_inputs_of_the_fuzzers(self):
        chosen = []
        for folder, _, names in sorted(os.walk(CORPUS)):
            chosen += [os.path.join(folder, name) for name in sorted(names)
                       if os.path.getsize(os.path.join(folder, name)) <= KIB]
        self.assertGreater(len(chosen), 20)
        step = 4 if SANITIZED else 1
        for path in chosen[::step]:
            self.within(["verify", path])
            # the targets' inputs have flags in front of the image
            with open(path, "rb") as file:
                content = file.read()
            at = content.find(b"\x89CAPIMG\n")
            if at <= 0:
                self.within(["import", path, "-o", self.path("i.img"), "--no-sync"])
                continue
            image = self.path("stripped.img")
            with open(image, "wb") as file:
                file.write(content[at:])
            for command in commands(image, self.path("out"))[:8]:
                self.within(command)


class Small_cores(Case):
    """An ELF core of one segment that says how much memory there was."""

    def core(self, memory, file_size=0):
        ident = b"\x7fELF\x02\x01\x01" + bytes(9)
        head = ident + b"".join(v.to_bytes(n, "little") for v, n in (
            (4, 2), (62, 2), (1, 4), (0, 8), (64, 8), (0, 8), (0, 4), (64, 2), (56, 2), (1, 2),
            (0, 2), (0, 2), (0, 2)))
        segment = b"".join(v.to_bytes(n, "little") for v, n in (
            (1, 4), (6, 4), (128, 8), (0x1000, 8), (0, 8), (file_size, 8), (memory, 8),
            (0x1000, 8)))
        path = self.path("small.core")
        with open(path, "wb") as file:
            file.write((head + segment).ljust(128, b"\0") + b"x" * file_size)
        return path

    def test_memory_that_was_not_captured(self):
        for memory in (1 << 30, 1 << 40, 1 << 42, 1 << 50, (1 << 64) - 0x2000):
            for options in ([], ["--fill-zero"], ["--block", "1M"]):
                cost = Cost("import", self.core(memory, 100), "-o", self.path("x.img"),
                            "--no-sync", *options)
                self.assertIn(cost.code, (0, 2), (memory, options, cost.stderr))
                if not SANITIZED:
                    self.assertLess(cost.seconds, SECONDS, (memory, options, cost.code))
                    self.assertLess(cost.memory, MEMORY, (memory, options, cost.code))


class Limits(Case):
    def refused(self, *arguments, says):
        result = capimg(*arguments)
        self.assertEqual(result.returncode, 2, (arguments, result.stderr))
        self.assertEqual(result.stdout, b"", arguments)
        for text in says:
            self.assertIn(text.encode(), result.stderr, arguments)

    def test_counts(self):
        image = self.fixture("foc-server-1")
        summary = self.json("inspect", image)
        blocks = summary["memory"]["blocks"]
        objects = len(summary["objects"])
        for command in (["inspect", image], ["caps", image], ["verify", image],
                        ["plan", image], ["diff", image, image],
                        ["hexdump", image, "--dataspace", "3", "--size", "1"],
                        ["cat", image, "--dataspace", "3", "--size", "1"],
                        ["search", image, "--text", "ROM"],
                        ["dump", image, "-o", self.path("d"), "--no-sync"],
                        ["convert", image, "-o", self.path("c.img"), "--no-sync"],
                        ["squash", image, "-o", self.path("s.img"), "--no-sync"],
                        ["rewrite", image, "-o", self.path("r.img"), "--no-sync", "--fresh",
                         "0x2000", "--unscanned"]):
            self.refused(*command, "--max-blocks", blocks - 1, says=["block count", "--max-blocks"])
            self.refused(*command, "--max-objects", objects - 1,
                         says=["Manifest.objects", "--max-objects"])
            self.refused(*command, "--max-manifest", "1K", says=["manifest size"])
            self.assertLess(capimg(*command, "--max-blocks", blocks, "--max-objects", objects,
                                   "--max-manifest", "1M").returncode, 2, command)

    def test_parents_and_import(self):
        image = self.fixture("foc-churn-1")
        core = os.path.join(FIXTURES, "foc-churn-2.core")
        self.refused("import", core, "--parent", image, "-o", self.path("x.img"),
                     "--max-blocks", "1", says=["block count", image])

    def test_regions(self):
        image = self.fixture("foc-server-1")
        for command in (["caps", image], ["search", image, "--text", "ROM"],
                        ["cat", image, "--vaddr", "0x1000000", "--size", "1"]):
            self.refused(*command, "--max-regions", "1", says=["--max-regions"])

    def test_shown(self):
        image = hostile("terabytes.img")
        self.refused("cat", image, "--dataspace", "3", says=["--max-shown", "17592186044416"])
        self.refused("cat", image, "--dataspace", "3", "--size", "1M", "--max-shown", "64K",
                     says=["--max-shown"])
        self.assertEqual(len(self.ok("cat", image, "--dataspace", "3", "--size", "1M").stdout), MIB)
        zeros = hostile("zeros-4k.img")
        self.refused("search", zeros, "--value", "0", "--count", "--max-shown", "64K",
                     says=["--max-shown"])
        self.assertEqual(capimg("search", zeros, "--value", "1", "--count", "--max-shown",
                                "64K").returncode, 1)

    @unittest.skipIf(SANITIZED, "the sanitizers' own memory does not fit")
    def test_memory(self):
        image = self.fixture("foc-server-1")
        self.refused("convert", image, "-o", self.path("x.img"), "--no-sync", "--dedup", "24",
                     "--max-memory", "32M", says=["--max-memory"])
        self.assertFalse(os.path.exists(self.path("x.img")))
        self.ok("verify", image, "--max-memory", "64M")
        self.ok("convert", image, "-o", self.path("x.img"), "--no-sync", "--dedup", "16",
                "--threads", "64", "--max-memory", "64M")

    def test_time(self):
        result = capimg("search", hostile("zeros-1m.img"), "--bytes", "00 ??", "--count",
                        "--max-shown", "1T", "--max-time", "1", "--limit", "1000000000000")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn(b"--max-time", result.stderr)

    def test_environment_and_values(self):
        image = self.fixture("foc-counter")
        result = capimg("inspect", image, env={"CAPIMG_MAX_BLOCKS": "1"})
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"--max-blocks", result.stderr)
        result = capimg("inspect", image, "--max-blocks", "1M", env={"CAPIMG_MAX_BLOCKS": "1"})
        self.assertEqual(result.returncode, 0, result.stderr)
        for value in ("0", "x", "-1", ""):
            self.assertEqual(capimg("inspect", image, "--max-objects", value).returncode, 2, value)

    def test_help(self):
        for command in ("inspect", "cat", "build", "import", "diff"):
            text = self.ok(command, "--help").stdout.decode()
            for name in ("memory", "time", "blocks", "objects", "manifest", "regions", "shown"):
                self.assertIn("--max-" + name, text)
        self.assertNotIn("--max-", self.ok("schema", "--help").stdout.decode())


if __name__ == "__main__":
    unittest.main()
