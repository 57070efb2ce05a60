"""The document that the tables are put into."""

import re


def replaced(text, name, title, lines):
    """A section's marked part is replaced, or added at the end; notes around it stay."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    new = "\n".join([begin, f"## {title}", "", *lines, end])
    if begin not in text:
        return f"{text.rstrip()}\n\n{new}\n"
    return re.sub(f"{begin}.*?{end}", lambda _: new, text, flags=re.S)


def put(path, name, title, lines):
    """Print a section, and put it into the document."""
    print("\n".join(lines) + "\n", flush=True)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(replaced(text, name, title, lines))
