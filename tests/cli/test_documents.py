"""Examples in the documents: what stands there is what the program says.

In a code block, lines behind a '$ capimg …' are its output, standard error behind standard output;
'…' stands for any number of lines. All examples of a document run in one directory, in order.
"""

import os
import subprocess
import unittest

from program import CAPIMG, DATA, SOURCE, Case

DOCUMENTS = ["CAPABILITY-MAPS.md", "DELTAS.md", "MOVE-BADGES.md", "PLAN.md", "REDACT.md",
             "SIGNING.md", "WHAT-CHANGED.md"]


def examples(document):
    """(command, lines of output) of all code blocks that have one."""
    command, lines = None, []
    with open(os.path.join(SOURCE, "docs", document), encoding="utf-8") as file:
        for line in file.read().splitlines() + [""]:
            if line.startswith("    $ ") or (line and not line.startswith("    ")):
                if command:
                    yield command, lines
                command, lines = (line[6:] if line.startswith("    $ ") else None), []
            else:
                lines.append(line[4:])
    if command:
        yield command, lines


def matches(expected, actual):
    """'expected' may have '…' for lines that are left out."""
    while expected and not expected[-1]:
        expected = expected[:-1]
    position = 0
    free = False
    for line in expected:
        if line == "…":
            free = True
            continue
        rest = actual[position:]
        if line not in rest or (not free and rest[0] != line):
            return f"{line!r} is not there"
        position += rest.index(line) + 1
        free = False
    return None if free or position == len(actual) else f"{actual[position]!r} comes behind"


class Documents(Case):
    def test_examples(self):
        for document in DOCUMENTS:
            os.symlink(os.path.dirname(DATA), self.path("tests"))
            environment = dict(os.environ)
            environment["PATH"] = os.path.dirname(os.path.abspath(CAPIMG)) + ":" + environment["PATH"]
            count = 0
            for command, expected in examples(document):
                with self.subTest(document=document, command=command):
                    result = subprocess.run(["bash", "-c", command], cwd=self.directory,
                                            env=environment, capture_output=True, check=False,
                                            timeout=120)
                    actual = (result.stdout + result.stderr).decode().splitlines()
                    self.assertIsNone(matches(expected, actual), "\n".join(actual))
                    count += 1
            self.assertGreater(count, 3)
            os.unlink(self.path("tests"))

    def test_matching(self):
        for expected, actual, good in (
                (["a", "b"], ["a", "b"], True), (["a"], ["a", "b"], False),
                (["b"], ["a", "b"], False), (["a", "…"], ["a", "b", "c"], True),
                (["…", "c"], ["a", "b", "c"], True), (["a", "…", "c"], ["a", "c"], True),
                (["a", "…", "d"], ["a", "b", "c"], False), (["a", "", ""], ["a"], True),
                ([], [], True), (["a"], [], False)):
            self.assertEqual(matches(expected, actual) is None, good, (expected, actual))


if __name__ == "__main__":
    unittest.main()
