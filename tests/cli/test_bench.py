"""scripts/bench: that its tables cannot stay empty, and the cores that it measures with."""

import json
import os
import sys
import types
import unittest

from program import FIXTURES, SOURCE, Case, capimg

sys.path.insert(0, os.path.join(SOURCE, "scripts/bench.d"))

import cores  # noqa: E402
import document  # noqa: E402
import goals  # noqa: E402
import measure  # noqa: E402
import tables  # noqa: E402


class Tables(unittest.TestCase):
    def test_what_is_not_filled_in_is_an_error(self):
        self.assertEqual(tables.markdown(("a", "b"), [("x", 1)])[-1], "| x | 1 |")
        for rows in ([], [("x",)], [("x", "")], [("x", 1, 2)]):
            with self.subTest(rows), self.assertRaises(SystemExit):
                tables.markdown(("a", "b"), rows)

    def test_goals(self):
        table = tables.Ratios()
        table.add("near", "peer", measure.Comparison([1.0, 2.0, 9.0], [2.0, 2.0, 3.0]), 1)
        table.add("far", "peer", measure.Comparison([3.0], [2.0]), 1)
        table.add("other", "peer", measure.Comparison([3.0], [2.0]))
        near, far = table.summary()
        self.assertEqual((near["ratio"], near["spread"], near["goal"]), ("1.00", "0.50, 3.00", "1, met"))
        self.assertIsNone(near["reason"])
        self.assertEqual((far["spread"], far["goal"]), ("one run", "1, **missed**"))
        self.assertTrue(far["reason"])

    def test_missed_goals_come_first(self):
        results = goals.Results.__new__(goals.Results)
        goal = lambda work, verdict, reason: {"work": work, "against": "peer", "ratio": "2.00",
                                              "spread": "one run", "goal": verdict, "reason": reason}
        results.sections = {"one": [goal("a", "3, met", None), goal("b", "1, **missed**", "Slow.")]}
        self.assertTrue(results.complete(["one"]))
        self.assertFalse(results.complete(["one", "two"]))
        lines = results.lines({"one": "First"})
        self.assertEqual(lines[0], "1 of 2 goals are met.")
        self.assertEqual([line.split(" | ")[1] for line in lines[-2:]], ["b", "a"])

    def test_notes_in_the_document_stay(self):
        text = document.replaced("# Title\n", "a", "Section", ["table"])
        text = document.replaced(text + "\nnote\n", "a", "Section", ["other \\1 table"])
        self.assertIn("## Section\n\nother \\1 table\n<!-- end a -->\n\nnote\n", text)
        self.assertNotIn("\ntable", text)


class Cores(Case):
    def core(self, size):
        """Real memory of fixtures is enough for these sizes: no process is needed."""
        make_core = self.path("make_core")
        fixture = os.path.join(FIXTURES, "foc-counter.core")
        with open(make_core, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\ncp "{fixture}" "$1"\n')
        os.chmod(make_core, 0o755)
        return cores.Core(self.path("big.core"), size, SOURCE, make_core)

    def inspected(self, core):
        image = core.path + ".img"
        self.ok("import", core.path, "--no-sync", "-o", image)
        return types.SimpleNamespace(**self.json("inspect", image)["memory"]), image

    def test_a_component_with_memory_behind_it(self):
        memory, image = self.inspected(self.core(1 << 20))
        self.assertGreaterEqual(int(memory.size, 0), 1 << 20)
        self.assertEqual(len(self.json("caps", image)["capabilities"]), 52)

    def test_parts(self):
        core = self.core(1 << 20)
        half, _ = self.inspected(core.part(self.path("half.core"), 1 << 19))
        twice, _ = self.inspected(core.part(self.path("twice.core"), 2 << 20))
        sparse, _ = self.inspected(core.part(self.path("sparse.core"), 1 << 20, sparse=1 << 22))
        once, _ = self.inspected(core)

        size = lambda memory: int(memory.size, 0)
        self.assertEqual(size(once) - size(half), 1 << 19)
        self.assertEqual(size(twice) - size(once), 1 << 20)
        self.assertEqual(size(sparse) - size(once), 1 << 22)
        self.assertEqual(sparse.blocksZero - once.blocksZero, (1 << 22) // 4096)
        # the second time pages differ
        self.assertGreater(twice.blocksStored, 1.5 * once.blocksStored)

    def test_changed_pages(self):
        core = self.core(1 << 20)
        _, image = self.inspected(core)
        before = self.path("before.img")
        os.rename(image, before)

        cores.change_pages(core.path, core.start, core.pages, 64)
        self.inspected(core)
        changed = json.loads(capimg("diff", before, image, "--json").stdout)
        self.assertEqual(sum(d["pagesChanged"] for d in changed["memory"]), core.pages // 64)

        cores.change_pages(core.path, core.start, core.pages, 64)
        self.inspected(core)
        self.ok("diff", before, image)


if __name__ == "__main__":
    unittest.main()
