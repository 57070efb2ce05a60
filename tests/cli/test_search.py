"""capimg search: what is found is what stands there; exit codes as grep's."""

import os
import unittest

import schema_check
from program import Case, capimg


class Search(Case):
    def setUp(self):
        super().setUp()
        self.image = self.fixture("foc-counter")

    def document(self, *arguments, code=0):
        result = capimg("search", self.image, *arguments, "--json")
        self.assertEqual(result.returncode, code, result.stderr)
        document = schema_check.parse(result.stdout.decode())
        schema_check.check(document)
        return document

    def memory(self):
        """(address, bytes) of all regions that were captured as a whole."""
        absent = {d["id"]: d["absent"] for d in self.json("inspect", self.image)["dataspaces"]}
        for region in self.json("inspect", self.image)["regions"]:
            if absent[region["dataspace"]]:
                continue
            content = self.ok("cat", self.image, "--vaddr", region["address"], "--size",
                              region["size"]).stdout
            yield int(region["address"], 16), content

    @staticmethod
    def places(content, pattern, align=1):
        at = content.find(pattern)
        while at >= 0:
            if at % align == 0:
                yield at
            at = content.find(pattern, at + 1)

    def test_against_python(self):
        memory = list(self.memory())
        self.assertGreater(sum(len(content) for _, content in memory), 500000)

        for options, pattern, align in (
                (["--text", "signal"], b"signal", 1),
                (["--bytes", "00 ff"], b"\x00\xff", 1),
                (["--bytes", "0000000001"], b"\0\0\0\0\1", 1),
                (["--value", "0xab0", "--width", "4"], b"\xb0\x0a\0\0", 4),
                (["--value", "2736"], b"\xb0\x0a" + bytes(6), 8),
                (["--value", "0xab0", "--width", "2", "--unaligned"], b"\xb0\x0a", 1),
                (["--pointer", "0x12e3e4"], b"\xe4\xe3\x12" + bytes(5), 8)):
            with self.subTest(options):
                expected = [hex(address + at) for address, content in memory
                            for at in self.places(content, pattern, align)]
                self.assertTrue(expected)
                document = self.document(*options)
                self.assertEqual([hit["address"] for hit in document["hits"]], expected)
                self.assertEqual(document["count"], len(expected))
                self.assertEqual(document["pattern"]["align"], align)

    def test_pointers_are_those_of_refs(self):
        refs = self.json("caps", self.image, "--refs")
        used = [c for c in refs["capabilities"] if c["refs"]]
        self.assertGreater(len(used), 30)
        for capability in used[::5]:
            found = {h["address"] for h in self.document("--pointer", capability["slot"])["hits"]}
            held = {r["address"] for r in capability["refs"]}
            self.assertLessEqual(held, found)
            for address in found - held:
                self.assertIn(int(address, 16) >> 20, [0x1])  # the map itself

    def test_ranges(self):
        whole = self.document("--text", "signal")["hits"]
        self.assertGreater(len(whole), 2)
        hit = whole[1]
        one = self.document("--text", "signal", "--vaddr", hit["address"], "--size", "6")
        self.assertEqual(one["hits"], [hit])
        self.document("--text", "signal", "--vaddr", hit["address"], "--size", "5", code=1)

        offset = ["--dataspace", hit["dataspace"], "--offset", hit["offset"], "--size", "6"]
        self.assertEqual(self.document("--text", "signal", *offset)["hits"], [hit])

    def test_dataspaces_that_regions_show_in_part_twice_or_not_at_all(self):
        hit = self.document("--text", "signal_proxy")["hits"][0]
        dataspace, offset = hit["dataspace"], int(hit["offset"], 16)
        page = offset & ~0xfff

        def show(*places):
            def change(manifest):
                for item in manifest["objects"]:
                    regions = item.get("regionMap", {}).get("regions", [])
                    first = [r for r in regions if r["dataspace"] == dataspace][:1]
                    others = [r for r in regions if r["dataspace"] != dataspace]
                    more = [dict(first[0], address=hex(address), size="0x1000", offset=hex(start))
                            for address, start in places if first]
                    if first:
                        item["regionMap"]["regions"] = others + more
            self.image = self.edited(self.image, change)
            return self.document("--text", "signal_proxy", "--dataspace", dataspace)["hits"]

        both = show((0x7fff00000000, page), (0x7fff10000000, page))
        self.assertEqual(both, [{"address": hex(0x7fff00000000 + offset - page),
                                 "dataspace": dataspace, "offset": hex(offset),
                                 "region": "0x7fff00000000"}])
        self.assertEqual(len([h for h in self.document("--text", "signal_proxy")["hits"]
                              if h["dataspace"] == dataspace]), 2)
        another_page = show((0x7fff00000000, 0x0))
        self.assertEqual(another_page, [{"address": None, "dataspace": dataspace,
                                         "offset": hex(offset), "region": None}])
        text = self.ok("search", self.image, "--text", "signal_proxy", "--dataspace", dataspace)
        self.assertIn(b"no region shows it", text.stdout)

    def test_text_output(self):
        result = self.ok("search", self.image, "--text", "signal handler", "--limit", "1")
        line, = result.stdout.decode().splitlines()
        self.assertIn("|signal handler..|", line)
        self.assertIn(" 73 69 67 6e 61 6c 20 68  61 6e ", line)
        self.assertIn("rw- segment", line)
        self.assertIn(b"1 hit in", result.stderr)
        self.assertIn(b"stopped at the limit", result.stderr)

        everything = self.ok("search", self.image, "--text", "signal")
        self.assertIn(b"not captured", everything.stderr)
        count = self.ok("search", self.image, "--text", "signal", "--count")
        self.assertEqual(int(count.stdout), len(everything.stdout.splitlines()))

    def test_nothing_found(self):
        result = capimg("search", self.image, "--text", "no such text anywhere")
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        result = capimg("search", self.image, "--text", "no such text anywhere", "--count")
        self.assertEqual((result.returncode, result.stdout), (1, b"0\n"))

    def test_what_was_not_captured_matches_nothing(self):
        for size in (1, 4096):
            result = capimg("search", self.image, "--bytes", "00", "--vaddr", "0x30000",
                            "--size", size)
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertIn(f"{size} byte".encode(), result.stderr)

    def test_wrong_use(self):
        for options, says in (
                ([], "--text"),
                (["--text", "a", "--bytes", "00"], "more than one"),
                (["--text", ""], "empty"),
                (["--text", "x" * 5000], "1024"),
                (["--bytes", "abc"], "position 3"),
                (["--bytes", "zz"], "position 1"),
                (["--bytes", "?? ??"], "wildcards"),
                (["--value", "1", "--width", "3"], "--width"),
                (["--value", "256", "--width", "1"], "does not fit"),
                (["--value", "zebra"], "--value"),
                (["--width", "4", "--text", "a"], "--value"),
                (["--pointer", "2..1"], "ends before it begins"),
                (["--pointer", ".."], "--pointer"),
                (["--pointer", "1.."], "--pointer"),
                (["--text", "a", "--unaligned"], "--unaligned"),
                (["--text", "a", "--limit", "0"], "--limit"),
                (["--text", "a", "--size", "4"], "--size"),
                (["--text", "a", "--vaddr", "7"], "0x7"),
                (["--text", "a", "--vaddr", "0x10000", "--size", "0xffffffffffffffff"], "--size"),
                (["--text", "a", "--dataspace", "4711"], "4711")):
            for json in ([], ["--json"]):
                with self.subTest(options + json):
                    result = capimg("search", self.image, *options, *json)
                    self.assertEqual((result.returncode, result.stdout), (2, b""))
                    self.assertIn(says.encode(), result.stderr)

    def test_damage_gives_no_half_document(self):
        size = os.path.getsize(self.image)
        with open(self.image, "r+b") as file:
            file.seek(size // 2)
            byte = file.read(1)
            file.seek(size // 2)
            file.write(bytes([byte[0] ^ 1]))
        result = capimg("search", self.image, "--bytes", "00", "--json", "--limit",
                        "1000000000")
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertIn(b"block", result.stderr)


if __name__ == "__main__":
    unittest.main()
