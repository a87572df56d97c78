"""Generates what follows from api/event-log.schema.json, below the folder given as argument."""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCE = Path("api/event-log.schema.json")
COPY = Path("bridge/ginkgopytest/events/event-log.schema.json")
PAGE = Path("bridge/docs/reference/event-log.md")
Schema = dict[str, Any]

HEAD = """<!-- Generated from api/event-log.schema.json by make generate; do not edit. -->

# The event log: events.jsonl

{description}

Every event has `event`, its kind, and `time`, {time} Fields in bold are always
there. The schema itself is `api/event-log.schema.json`; the Go package
`bridge/ginkgopytest/events` embeds it, reads the log and writes it.

## Kinds

| event | meaning | writer |
|---|---|---|
"""


def main() -> int:
    """Write the Go module's copy and the reference page."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    text = (ROOT / SOURCE).read_text(encoding="utf-8")
    for path, content in ((COPY, text), (PAGE, page(json.loads(text)))):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(content, encoding="utf-8")
    return 0


def page(schema: Schema) -> str:
    """The reference in Markdown: the kinds, then the fields of each."""
    kinds = [str(entry["$ref"]).rpartition("/")[2] for entry in schema["oneOf"]]
    definitions = schema["$defs"]
    time = definitions["time"]["description"]
    text = HEAD.format(description=schema["description"], time=time[0].lower() + time[1:])
    for kind in kinds:
        text += f"| `{kind}` | {definitions[kind]['title']} | {definitions[kind]['x-writer']} |\n"
    return text + "".join(section(kind, definitions) for kind in kinds)


def section(kind: str, definitions: Schema) -> str:
    """One kind of event."""
    chosen = definitions[kind]
    text = f"\n## {kind}\n\n{chosen['title']}; written by: {chosen['x-writer']}."
    text += f" {chosen['description']}" if "description" in chosen else ""
    text += "\n\n| field | type | meaning |\n|---|---|---|\n"
    for name, field in chosen["properties"].items():
        if name in ("event", "time"):
            continue
        resolved = definitions[field["$ref"].rpartition("/")[2]] if "$ref" in field else field
        shown = f"**`{name}`**" if name in chosen["required"] else f"`{name}`"
        text += f"| {shown} | {type_of(resolved)} | {resolved['description']} |\n"
    return text


def type_of(field: Schema) -> str:
    """The type in words."""
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field["type"] == "array":
        inner = field["items"]
        return "array of pairs" if inner.get("prefixItems") else f"array of {inner['type']}"
    return str(field["type"])


if __name__ == "__main__":
    sys.exit(main())
