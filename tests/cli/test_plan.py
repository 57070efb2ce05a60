"""capimg plan: what a restore would do, and what speaks against it."""

import json
import os
import unittest

import jsonschema
import schema_check
from complete_component import complete
from program import FIXTURES, SOURCE, Case, capimg

TARGET = {
    "architecture": "x86_64", "wordBits": 64, "pageSize": "0x1000", "kernel": "foc",
    "genodeVersion": "26.02", "highestBadge": "0xfffffff", "fpuSize": 512,
    "cpuFeatures": ["avx2", "fxsr"], "services": ["LOG", "Timer"], "externals": ["drivers"],
    "modules": {"config": {"size": "0x1000", "digest": "00" * 32}},
    "ramQuota": "0x1000000", "capQuota": 500}


class Plan(Case):
    def component(self, change=lambda manifest: None):
        def edit(manifest):
            complete(manifest)
            change(manifest)
        return self.edited(self.fixture("foc-counter", "--fill-zero"), edit)

    def target(self, **changes):
        path = self.path("target.json")
        description = {k: v for k, v in dict(TARGET, **changes).items() if v is not None}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(description, file)
        return path

    def plan(self, *arguments, code=0):
        result = capimg("plan", *arguments, "--json")
        self.assertEqual(result.returncode, code, result.stderr.decode())
        self.assertEqual(result.stderr, b"")
        document = schema_check.parse(result.stdout.decode())
        schema_check.check(document)
        self.assertEqual(document["restorable"], code == 0)
        return document

    def refusals(self, *arguments):
        return [r["code"] for r in self.plan(*arguments, code=1)["refusals"]]

    def test_a_system_like_the_images(self):
        document = self.plan(self.component())
        self.assertIsNone(document["target"])
        self.assertEqual(document["refusals"], [])
        steps = {p["phase"]: p for p in document["phases"]}
        self.assertEqual(steps["pd"]["objects"][:2], [1, 2])
        self.assertEqual(steps["dataspaces"]["objects"], list(range(3, 17)))
        self.assertEqual(steps["badges"], {"phase": "badges", "objects": [], "steps": 1,
                                           "text": "Badges of this system checked"})
        self.assertEqual(steps["install"]["steps"], 1)
        self.assertEqual(len(document["phases"]), 22)

    def test_needs(self):
        needs = self.plan(self.component())["needs"]
        sessions = (512 + 128 + 8 + 32) * 1024
        self.assertEqual(int(needs["caps"], 0), 120 + 20 + 10 + 3 + 5)
        self.assertGreaterEqual(int(needs["ram"], 0), 1048576 + sessions)

    def test_text(self):
        image = self.component()
        text = self.ok("plan", image).stdout.decode()
        self.assertIn("The image can be restored there.", text)
        self.assertIn("35 × RPC object", text)
        self.assertIn("a system like the one that the image comes from", text)
        every = self.ok("plan", image, "--steps").stdout.decode()
        document = self.plan(image)
        steps = sum(p["steps"] for p in document["phases"])
        self.assertTrue(every.startswith("STEP"))
        self.assertIn(f"\n{steps:4}  timeouts", every)

    def test_a_core_cannot_be_restored(self):
        image = self.fixture("foc-counter")
        document = self.plan(image, code=1)
        self.assertEqual(document["phases"], [])
        self.assertIn("no-pd", [r["code"] for r in document["refusals"]])
        result = capimg("plan", image)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"images that were imported from a core can only be looked at", result.stdout)

    def test_described_system(self):
        image = self.component()
        document = self.plan(image, "--target", self.target())
        self.assertEqual(document["target"], self.path("target.json"))

        for change, code in [
                ({"architecture": "arm_v8"}, "architecture"), ({"wordBits": 32}, "word-size"),
                ({"pageSize": "0x4000"}, "page-size"), ({"kernel": "nova"}, "kernel"),
                ({"genodeVersion": "25.05"}, "release"), ({"highestBadge": "0x10000000"}, "badge-range"),
                ({"cpuFeatures": ["fxsr"]}, "cpu-feature"), ({"services": ["LOG"]}, "missing-service"),
                ({"externals": []}, "external"), ({"ramQuota": "0x1000"}, "ram-quota"),
                ({"capQuota": 5}, "cap-quota")]:
            with self.subTest(code=code):
                self.assertEqual(self.refusals(image, "--target", self.target(**change)), [code])

        self.plan(image, "--target", self.target(**{key: None for key in TARGET}))

    def test_all_reasons_at_once(self):
        target = self.target(kernel="hw", services=[], externals=[], capQuota=0)
        image = self.component()
        self.assertEqual(sorted(self.refusals(image, "--target", target)),
                         ["cap-quota", "external", "kernel", "missing-service", "missing-service"])
        text = capimg("plan", image, "--target", target).stdout.decode()
        for line in ["      foc, here hw", "    hint: start its owner first", "Timer, Timer session"]:
            self.assertIn(line, text)

    def test_modules(self):
        def rom(manifest):
            ids = [o for o in manifest["objects"] if "nativeCapability" in o][:2]
            ids[0].pop("nativeCapability")
            ids[0]["romSession"] = {"session": {"service": "ROM"}, "module": "config",
                                    "dataspace": ids[1]["id"]}
            ids[1].pop("nativeCapability")
            ids[1]["dataspace"] = {"kind": "rom", "size": "0x1000", "module": "config",
                                   "absentReason": "inRom", "digest": "00" * 32}
        image = self.component(rom)
        self.plan(image, "--target", self.target())
        other = {"config": {"digest": "11" * 32}}
        self.assertEqual(self.refusals(image, "--target", self.target(modules=other)),
                         ["module-differs"])
        self.assertEqual(self.refusals(image, "--target", self.target(modules={})),
                         ["missing-module"])

    def test_policy(self):
        def anew(manifest):
            objects = manifest["objects"]
            log = next(o for o in objects if "logSession" in o)
            log["session"] = {"session": {"service": "Report"}}
            del log["logSession"]
            thread = next(o["thread"] for o in objects if "thread" in o)
            thread["callTarget"] = log["id"]
        image = self.component(anew)
        self.assertEqual(sorted(self.refusals(image)), ["foreign-call", "session-state"])
        self.assertEqual(self.refusals(image, "--open-anew"), ["foreign-call"])
        self.plan(image, "--open-anew", "--repeat-calls")

        image = self.component()
        self.plan(image, "--label", "fx_a")
        self.assertEqual(self.refusals(image, "--label", "other"), ["label"])
        self.assertEqual(self.refusals(image, "--ram-limit", "1M"), ["ram-quota"])
        self.plan(image, "--ram-limit", "1G", "--cap-limit", "1000")
        self.assertEqual(self.refusals(image, "--cap-limit", "10"), ["cap-quota"])

    def test_memory_that_is_missing_or_contradicts(self):
        absent = self.edited(self.fixture("foc-counter"), complete)
        self.assertEqual(set(self.refusals(absent)), {"absent-memory"})

        def count(manifest):
            manifest["capabilitySpaces"][0]["entries"][3]["refCount"] += 1
        self.assertEqual(self.refusals(self.component(count)), ["memory"])

    def test_delta(self):
        parent = self.fixture("foc-server-1")
        delta = self.path("delta.img")
        self.ok("import", os.path.join(FIXTURES, "foc-server-2.core"), "--parent", parent,
                "-o", delta)
        result = capimg("plan", delta)
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertEqual(capimg("plan", delta, "--parent", parent).returncode, 1)

    def test_damage(self):
        image = self.component()
        with open(image, "r+b") as file:
            file.seek(0x1800)
            byte = file.read(1)
            file.seek(0x1800)
            file.write(bytes([byte[0] ^ 1]))
        result = capimg("plan", image)
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertIn(b"damaged", result.stderr)

    def test_wrong_descriptions(self):
        image = self.component()
        for text, says in [
                ("", ""), ("[]", ""), ('{"kernel": "fok"}', "did you mean foc?"),
                ('{"kernels": "foc"}', "did you mean"), ('{"ramQuota": 5}', "ramQuota"),
                ('{"wordBits": 65}', "wordBits"), ('{"services": "LOG"}', "services"),
                ('{"architecture": "z80"}', "z80"), ('{"services": ["LOG", 3]}', "services[1]"),
                ('{"modules": {"a": {"digest": "00"}}}', "modules.a.digest"),
                ('{"modules": {"a": {"length": "0x1"}}}', "modules.a"),
                ('{"capQuota": 1, "capQuota": 2}', "capQuota")]:
            with self.subTest(text=text):
                path = self.path("wrong.json")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                result = capimg("plan", image, "--target", path)
                self.assertEqual((result.returncode, result.stdout), (2, b""))
                self.assertIn(path.encode(), result.stderr)
                self.assertIn(says.encode(), result.stderr)

    def test_schema_of_descriptions(self):
        with open(os.path.join(SOURCE, "docs/schemas/target.schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        validator.validate(TARGET)
        self.assertEqual(set(schema["properties"]), set(TARGET))
        self.assertFalse(validator.is_valid({"kernel": "fok"}))


if __name__ == "__main__":
    unittest.main()
