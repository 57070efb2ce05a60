"""capimg dump and capimg build, as people call them."""

import copy
import filecmp
import glob
import os
import unittest

import jsonschema

import program
import schema_check
from program import FIXTURES


def capimg(*arguments, expect=0, **options):
    result = program.capimg(*arguments, **options)
    if result.returncode != expect:
        raise AssertionError(f"{arguments}: exit code {result.returncode}: {result.stderr}")
    return result


def document_of(directory):
    with open(os.path.join(directory, "image.json"), encoding="utf-8") as file:
        return schema_check.parse(file.read())


class DumpBuild(program.Case):
    def image(self, name, *options):
        image = self.path(name + ".img")
        core = os.path.join(FIXTURES, name + ".core")
        capimg("import", core, "-o", image, "--no-sync", *options)
        return image

    def dumped(self, name="foc-counter"):
        capimg("dump", self.image(name), "-o", self.path("d"), "--no-sync")
        return self.path("d")

    def test_every_fixture_comes_back(self):
        cores = glob.glob(os.path.join(FIXTURES, "*.core"))
        self.assertGreaterEqual(len(cores), 7)
        for core in sorted(cores):
            name = os.path.basename(core)[:-len(".core")]
            with self.subTest(name=name):
                image, directory = self.image(name), self.path(name)
                capimg("dump", image, "-o", directory, "--check", "--no-sync")
                schema_check.check(document_of(directory))

                again = self.path("again")
                capimg("build", directory, "-o", again, "--no-sync")
                self.assertTrue(filecmp.cmp(image, again, shallow=False))

    def test_compressed_images_come_back(self):
        for codec in ("zstd", "lz4"):
            with self.subTest(codec=codec):
                image = self.image("foc-counter", "--codec", codec)
                directory, again = self.path(codec), self.path("again")
                capimg("dump", image, "-o", directory, "--no-sync")
                capimg("build", directory, "-o", again, "--no-sync", "--threads", "3")
                self.assertTrue(filecmp.cmp(image, again, shallow=False))

    def test_pipes(self):
        image = self.image("linux-server")
        with open(image, "rb") as file:
            content = file.read()
        capimg("dump", "-", "-o", self.path("d"), stdin=content)
        self.assertEqual(capimg("build", self.path("d"), "-o", "-").stdout, content)

    def test_names_may_be_relative(self):
        image = self.image("foc-counter")
        capimg("dump", image, "-o", "d", cwd=self.directory)
        capimg("dump", image, "-o", "./e/", cwd=self.directory)
        capimg("build", "d", "-o", "again.img", cwd=self.directory)
        with open(image, "rb") as first, open(self.path("again.img"), "rb") as second:
            self.assertEqual(first.read(), second.read())

    def test_report(self):
        directory = self.dumped()
        result = capimg("build", directory, "-o", self.path("i"), "--json")
        report = schema_check.parse(result.stdout)
        schema_check.check(report)
        self.assertEqual(report["schema"], "capimg.build/1")
        self.assertEqual(report["warnings"], [])
        self.assertEqual(int(report["fileSize"], 16), os.path.getsize(self.path("i")))

    def test_nothing_is_replaced_unasked(self):
        directory = self.dumped()
        image = self.path("foc-counter.img")
        message = capimg("dump", image, "-o", directory, expect=2).stderr
        self.assertIn(b"--force", message)
        capimg("dump", image, "-o", directory, "--force", "--no-sync")
        capimg("dump", image, "-o", image, "--force", expect=2)
        capimg("dump", image, "-o", "-", expect=2)
        capimg("dump", self.path("missing"), "-o", self.path("e"), expect=2)
        self.assertEqual(sorted(os.listdir(self.directory)), ["d", "foc-counter.img"])

    def test_errors_name_file_and_place(self):
        directory = self.dumped()
        with open(os.path.join(directory, "image.json"), encoding="utf-8") as file:
            text = file.read()

        def message(changed):
            with open(os.path.join(directory, "image.json"), "w", encoding="utf-8") as out:
                out.write(changed)
            result = capimg("build", directory, "-o", self.path("i"), expect=2)
            self.assertFalse(os.path.exists(self.path("i")))
            return result.stderr.decode()

        for changed, place, what in (
                (text.replace('"label"', '"lable"', 1), "manifest.lable", '"label"'),
                (text.replace('"major": 1', '"major": 18446744073709551616'), "head.major", "64 bit"),
                (text.replace('"major": 1', '"major": 1, "major": 1'), "head", "twice"),
                (text[:1000], "image.json", "line ")):
            with self.subTest(place=place, what=what):
                self.assertNotEqual(changed, text)
                self.assertIn(place, message(changed))
                self.assertIn(what, message(changed))

    def test_schema_refuses_what_build_refuses(self):
        document = document_of(self.dumped())
        schema_check.check(document)

        def refused(change):
            wrong = copy.deepcopy(document)
            change(wrong)
            with self.assertRaises(jsonschema.ValidationError):
                schema_check.check(wrong)

        refused(lambda d: d.update(extra=1))
        refused(lambda d: d.pop("head"))
        refused(lambda d: d["head"].update(major="1"))
        refused(lambda d: d["head"].update(writerBytes="00"))
        refused(lambda d: d["machine"].update(pageSize="4096"))
        refused(lambda d: d["manifest"].update(sequence=1))
        refused(lambda d: d["manifest"].update(lable=""))
        refused(lambda d: d["manifest"].update(kernel="foo"))
        refused(lambda d: d["manifest"]["objects"][0].update(capability=None, external={}))
        refused(lambda d: d["manifest"]["objects"][0].update(unknown={"bits": "0x1"}))
        refused(lambda d: d["dataspaces"][0].update(file="../x"))
        refused(lambda d: d["dataspaces"][0].update(holes=[{"offset": "0x0", "size": "0x1000"}]))

    def test_schema_is_printed(self):
        printed = capimg("schema", "dump").stdout
        with open(schema_check.schema_path("capimg.dump/1"), "rb") as file:
            self.assertEqual(printed, file.read())


if __name__ == "__main__":
    unittest.main()
