"""Tables of the document. A table that was not filled in is an error."""

import sys

import profile_of

COLUMNS = ("work", "against", "ours", "theirs", "ratio", "lowest, highest", "goal", "own memory")


def size(count):
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024 or unit == "MiB":
            return f"{count:.0f} bytes" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return None


def mib(count):
    return f"{count / (1 << 20):.1f} MiB"


def seconds(time):
    if time >= 10:
        return f"{time:.1f} s"
    if time >= 1e-3:
        return f"{time * 1e3:.{1 if time >= 1e-2 else 2}f} ms"
    return f"{time * 1e6:.1f} µs"


def number(ratio):
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"


def markdown(columns, rows, left=1):
    """
    A table; the first 'left' columns are texts

    Each row has a value in each column, and there is at least one row.
    """
    if not rows:
        sys.exit(f"bench: table without rows: {columns}")
    lines = [f"| {' | '.join(columns)} |",
             "|" + "|".join("---" if i < left else "---:" for i in range(len(columns))) + "|"]
    for row in rows:
        cells = [str(cell) for cell in row]
        if len(cells) != len(columns) or not all(cells):
            sys.exit(f"bench: table row not filled in: {columns}, {cells}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


class Row:
    """Work against a peer: a ratio, and the goal that it should not exceed."""

    def __init__(self, work, against, result, goal=None, command=None, show=seconds):
        self.work = work
        self.against = against
        self.result = result
        self.goal = goal
        self.show = show
        self.missed = goal is not None and result.ratio > goal
        self.reason = profile_of.reason(result, command) if self.missed else None

    def spread(self):
        ratios = self.result.ratios
        if len(ratios) == 1:
            return "one run"
        return f"{number(min(ratios))}, {number(max(ratios))}"

    def verdict(self):
        if self.goal is None:
            return "–"
        return f"{self.goal:g}, {'**missed**' if self.missed else 'met'}"

    def cells(self):
        r = self.result
        return [self.work, self.against, self.show(r.ours), self.show(r.theirs), number(r.ratio),
                self.spread(), self.verdict(), mib(r.anonymous) if r.runs else "–"]

    def summary(self):
        """For the table of goals; None without one."""
        if self.goal is None:
            return None
        return {"work": self.work, "against": self.against, "ratio": number(self.result.ratio),
                "spread": self.spread(), "goal": self.verdict(), "reason": self.reason}


def missed(rows):
    """A line for each goal that was missed."""
    return [f"- {row['work']}, against {row['against']}: {row['ratio']}, goal {row['goal'].split(',')[0]}. "
            f"{row['reason']}" for row in rows if row["reason"]]


class Ratios:
    """Rows of one table."""

    def __init__(self):
        self.rows = []

    def add(self, *args, **named):
        self.rows.append(Row(*args, **named))

    def summary(self):
        return [row.summary() for row in self.rows if row.goal is not None]

    def lines(self):
        lines = markdown(COLUMNS, [row.cells() for row in self.rows], left=2)
        reasons = missed(self.summary())
        return [*lines, "", "Missed, and where the time goes:", "", *reasons] if reasons else lines
