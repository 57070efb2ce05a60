"""The goals of all sections in one table, those missed first."""

import json
import os

from tables import markdown, missed

COLUMNS = ("section", "work", "against", "ratio", "lowest, highest", "goal")


class Results:
    """Goals of each section that was measured in this build tree, kept from run to run."""

    def __init__(self, build):
        self.path = os.path.join(build, "bench-results.json")
        self.sections = {}
        if os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                self.sections = json.load(file)

    def put(self, name, summary):
        self.sections[name] = summary
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(self.sections, file, indent=1)

    def complete(self, names):
        return all(name in self.sections for name in names)

    def lines(self, titles):
        rows = [(titles[name], row) for name in titles for row in self.sections[name]]
        cells = [[title, row["work"], row["against"], row["ratio"], row["spread"], row["goal"]]
                 for title, row in sorted(rows, key=lambda r: "missed" not in r[1]["goal"])]
        found = missed([row for _, row in rows])
        count = f"{len(rows) - len(found)} of {len(rows)} goals are met."
        where = ["Missed, and where the time goes:", "", *found, ""] if found else []
        return [count, "", *where, *markdown(COLUMNS, cells, left=3)]
