"""Prints what each bill of materials of a folder holds; 1 when one does not hold what is known.

check_sbom.py FOLDER    files of CycloneDX JSON
"""

import json
import sys
from pathlib import Path

# One direct dependency of each, so that a bill of the wrong thing is noticed.
KNOWN = {
    "datastorage": "psycopg",
    "holmesgpt-api": "holmesgpt",
    "kube-auth": "aiohttp",
    "mock-llm": "ruamel-yaml",
    "go": "github.com/ogen-go/ogen",
    "go-ginkgopytest": "github.com/onsi/ginkgo/v2",
}


def problems(folder: Path) -> list[str]:
    """A sentence for each bill that is missing, or lacks what it must have."""
    found = []
    for name, dependency in KNOWN.items():
        path = folder / f"{name}.cdx.json"
        if not path.exists():
            found.append(f"{path} is missing")
            continue
        bill = json.loads(path.read_text())
        components = bill.get("components", [])
        if dependency not in {component["name"] for component in components}:
            found.append(f"{path} lacks {dependency}: it has {len(components)} components")
        elif not all(component.get("version") for component in components):
            found.append(f"{path} has components without a version")
    return found


def main() -> int:
    """Print a line for each bill, then the problems."""
    folder = Path(sys.argv[1])
    for path in sorted(folder.glob("*.cdx.json")):
        count = len(json.loads(path.read_text()).get("components", []))
        sys.stdout.write(f"{path}: {count} components\n")
    wrong = problems(folder)
    sys.stdout.write("".join(f"{problem}\n" for problem in wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
