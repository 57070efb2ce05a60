"""The program under test, and places."""

import json
import os
import subprocess
import tempfile
import unittest

SOURCE = os.environ.get(
    "CAPIMG_SOURCE_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
CAPIMG = os.environ.get("CAPIMG", os.path.join(SOURCE, "build/dev/tools/capimg"))
DATA = os.environ.get("CAPIMG_TEST_DATA", os.path.join(SOURCE, "tests/data"))
FIXTURES = os.path.join(DATA, "fixtures")


def capimg(*arguments, stdin=None, env=None, cwd=None):
    """Run it; standard output stays bytes."""
    environment = dict(os.environ, **(env or {}))
    return subprocess.run([CAPIMG, *map(str, arguments)], input=stdin, capture_output=True,
                          check=False, env=environment, cwd=cwd, timeout=120)


class Case(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="capimg-cli-")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def path(self, name):
        return os.path.join(self.directory, name)

    def ok(self, *arguments, **options):
        result = capimg(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result

    def json(self, *arguments):
        return json.loads(self.ok(*arguments, "--json").stdout)

    def fixture(self, name, *options):
        """An image of a fixture core."""
        image = self.path(name + ".img")
        self.ok("import", os.path.join(FIXTURES, name + ".core"), "-o", image, *options)
        return image

    def edited(self, image, change):
        """The image with another manifest."""
        directory = self.path("edit")
        self.ok("dump", image, "-o", directory, "--no-sync", "--force")
        path = os.path.join(directory, "image.json")
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        change(document["manifest"])
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        output = self.path("edited.img")
        self.ok("build", directory, "-o", output, "--no-sync")
        return output
