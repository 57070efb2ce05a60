"""Every JSON output is what its published schema says."""

import unittest

import schema_check
from program import FIXTURES, Case, capimg


class Json(Case):
    def check(self, result):
        schema_check.check(schema_check.parse(result.stdout.decode()))

    def test_outputs(self):
        for name in ("foc-server-1", "linux-server"):
            image = self.fixture(name)
            for arguments in (["inspect"], ["inspect", "threads"], ["caps"], ["verify"]):
                self.check(self.ok(arguments[0], image, *arguments[1:], "--json"))

    def test_import_report(self):
        for options in ([], ["--no-search"]):
            self.check(self.ok("import", f"{FIXTURES}/foc-counter.core", "-o",
                               self.path("x.img"), "--json", *options))

    def test_list(self):
        self.check(self.ok("verify", "--list", "--json"))

    def test_findings(self):
        image = self.fixture("foc-counter")
        with open(image, "r+b") as file:
            file.seek(5000)
            file.write(b"X")
        result = capimg("verify", image, "--json")
        self.assertEqual(result.returncode, 1)
        self.check(result)

    def test_process_without_capabilities(self):
        image = self.fixture("foc-counter", "--no-search")
        for command in ("inspect", "caps", "verify"):
            self.check(self.ok(command, image, "--json"))


if __name__ == "__main__":
    unittest.main()
