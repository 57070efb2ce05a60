"""Outputs of the program as it is: ended by signals, out of space, several at once."""

import os
import resource
import signal
import subprocess
import time

from program import CAPIMG, FIXTURES, Case, capimg

CORE = os.path.join(FIXTURES, "foc-server-1.core")


class Outputs(Case):
    def names(self):
        return sorted(os.listdir(self.directory))

    def test_signals_leave_nothing(self):
        """Whenever they come; a dump is many files, in a directory with another name."""
        image = self.fixture("foc-server-1")
        full = self.path("full")
        self.ok("dump", image, "-o", full)
        before = self.names()
        ended = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for delay in (0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05):
                for arguments in (["dump", image, "-o", self.path("out")],
                                  ["convert", image, "--codec", "zstd", "-o", self.path("out")]):
                    process = subprocess.Popen([CAPIMG, *arguments], stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL)
                    time.sleep(delay)
                    process.send_signal(number)
                    process.wait(timeout=60)
                    self.assertIn(process.returncode, (0, -number))
                    if process.returncode:
                        ended += 1
                    if "out" in self.names():
                        out = self.path("out")
                        if os.path.isdir(out):
                            self.assertEqual(sorted(os.listdir(out)), sorted(os.listdir(full)))
                            subprocess.run(["rm", "-r", out], check=True)
                        else:
                            self.ok("verify", out)
                            os.unlink(out)
                    self.assertEqual(self.names(), before)
        self.assertGreater(ended, 0)

    def test_a_file_that_may_not_grow(self):
        image = self.fixture("foc-server-1")
        old = self.path("old.img")
        self.ok("convert", image, "-o", old)
        with open(old, "rb") as file:
            content = file.read()
        before = self.names()
        for arguments in (["convert", image, "-o", old], ["import", CORE, "-o", old],
                          ["dump", image, "-o", self.path("dump")],
                          ["rewrite", image, "--fresh", "0x40000", "-o", old],
                          ["rewrite", image, "--fresh", "0x40000", "--in-place"]):
            for limit in (0, 1, 5000, 60000):
                def lower(limit=limit):
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                result = subprocess.run([CAPIMG, *arguments], preexec_fn=lower,
                                        capture_output=True, check=False, timeout=60)
                self.assertEqual(result.returncode, 2, (arguments, limit))
                self.assertIn(b"too large", result.stderr)
                self.assertEqual(self.names(), before)
                with open(old, "rb") as file:
                    self.assertEqual(file.read(), content)
                self.ok("verify", image)

    def test_many_writers_of_one_output(self):
        """One whole result, and no file besides."""
        image = self.fixture("foc-server-1")
        out, dump = self.path("out.img"), self.path("dump")
        codecs = ["raw", "zstd", "lz4"] * 3
        running = [subprocess.Popen([CAPIMG, "convert", image, "--codec", c, "-o", out])
                   for c in codecs]
        running += [subprocess.Popen([CAPIMG, "dump", image, "-o", dump],
                                     stderr=subprocess.DEVNULL) for _ in range(4)]
        results = [process.wait(timeout=120) for process in running]
        self.assertEqual(results[:len(codecs)], [0] * len(codecs))
        self.assertIn(0, results[len(codecs):])
        self.ok("verify", out)
        self.ok("build", dump, "-o", self.path("again.img"))
        self.assertEqual(self.names(), ["again.img", "dump", "foc-server-1.img", "out.img"])

    def test_an_interrupted_change_where_nothing_can_be_written(self):
        """Named, and nothing is read from half an image."""
        image = self.fixture("foc-server-1")
        whole = self.path("whole.img")
        self.ok("rewrite", image, "--fresh", "0x40000", "-o", whole)
        journal = image + ".capimg-journal"
        with open(image, "rb") as file:
            before = file.read()
        with open(journal, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(b"what is this?")
        result = capimg("inspect", image)
        self.assertEqual(result.returncode, 2)
        self.assertIn(journal, result.stderr.decode())
        with open(image, "rb") as file:
            self.assertEqual(file.read(), before)


if __name__ == "__main__":
    import unittest
    unittest.main()
