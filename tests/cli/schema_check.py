"""Check a JSON document against the schema in docs/schemas that belongs to it.

As a module: check(document). As a program: reads a document from standard input.
"""

import json
import os
import re
import sys

import jsonschema

SOURCE = os.environ.get(
    "CAPIMG_SOURCE_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))


def schema_path(name):
    """'capimg.inspect/1' is described by docs/schemas/inspect.schema.json."""
    match = re.fullmatch(r"capimg\.([a-z-]+)/1", name)
    if not match:
        raise ValueError(f"not the name of a schema: {name!r}")
    return os.path.join(SOURCE, "docs", "schemas", match.group(1) + ".schema.json")


def strict_pairs(pairs):
    """An object whose keys are unique: Python would keep the last one."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError(f"a key is there twice: {[key for key, _ in pairs]}")
    return result


def parse(text):
    return json.loads(text, object_pairs_hook=strict_pairs)


def check(document):
    """Raise jsonschema.ValidationError, or ValueError, if the document is not as promised."""
    if next(iter(document), None) != "schema":
        raise ValueError("the first key is not 'schema'")

    with open(schema_path(document["schema"]), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def main():
    check(parse(sys.stdin.read()))


if __name__ == "__main__":
    main()
