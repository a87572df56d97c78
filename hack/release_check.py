"""Uses what a release builds as strangers would: nothing of this checkout is in reach."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULE = "github.com/jordigilh/kubernaut"
BRIDGE = f"{MODULE}/bridge/ginkgopytest"
FIELDS = (
    "Author",
    "License-Expression",
    "License-File",
    "Keywords",
    "Project-URL",
    "Requires-Python",
)
CLASSIFIER = "Framework :: Pytest"
SUITE = f"""package strangers_test

import (
	"testing"

	_ "github.com/onsi/ginkgo/v2"

	"{BRIDGE}"
)

func TestPython(t *testing.T) {{
	suite := ginkgopytest.Suite{{Python: "PYTHON", Dir: "..", Workers: "2"}}
	ginkgopytest.RunSpecs(t, "python", suite)
}}
"""
CLIENT = f'package strangers\n\nimport _ "{MODULE}/pkg/datastorage/ogen-client"\n'


class ReleaseError(Exception):
    """What a release would break."""


def run(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] = os.environ) -> str:
    """The standard output of what must succeed."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = " ".join(map(str, command))
        raise ReleaseError(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def check_metadata(wheel: Path) -> None:
    """The index shows who made it, under which terms, and for what."""
    with zipfile.ZipFile(wheel) as packed:
        [name] = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(packed.read(name).decode())
        if not any(name.endswith("/licenses/LICENSE") for name in packed.namelist()):
            raise ReleaseError(f"{wheel.name} has no LICENSE")
    missing = [field for field in FIELDS if not metadata.get(field)]
    if missing or CLASSIFIER not in metadata.get_all("Classifier", []):
        raise ReleaseError(f"{wheel.name} lacks {', '.join(missing) or CLASSIFIER}")


def check_wheel(folder: Path, out: Path) -> Path:
    """Install it into an empty environment and run a test; the interpreter."""
    [wheel] = (out / "dist").glob("*.whl")
    check_metadata(wheel)
    python = folder / "venv" / "bin" / "python"
    run(
        [ROOT / "hack" / "uv.sh", "venv", "--quiet", "--python", sys.executable, folder / "venv"],
        folder,
    )
    run(
        [
            ROOT / "hack" / "uv.sh",
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            wheel,
            "pytest-xdist",
        ],
        folder,
    )
    (folder / "test_it.py").write_text("def test_it(): pass\n")
    run([python, "-m", "pytest", "-q", "--ginkgo-events=events.jsonl"], folder)
    if '"outcome":"passed"' not in (folder / "events.jsonl").read_text():
        raise ReleaseError("the installed plugin writes no events")
    return python


def dependent(folder: Path, name: str, text: str, proxy: Mapping[str, str]) -> Path:
    """A module without any replace that requires what the text imports."""
    package = folder / name
    package.mkdir()
    (package / f"{name}.go").write_text(text)
    run(["go", "mod", "init", f"example.org/{name}"], package, proxy)
    run(["go", "mod", "tidy"], package, proxy)
    if "replace" in (package / "go.mod").read_text():
        raise ReleaseError(f"{package}/go.mod needs a replace")
    return package


def check_modules(folder: Path, out: Path, python: Path) -> None:
    """Others can require the bridge, and the root."""
    downloaded = run(["go", "env", "GOMODCACHE"], folder).strip()
    upstream = run(["go", "env", "GOPROXY"], folder).strip()
    proxies = [f"file://{out}/proxy", f"file://{downloaded}/cache/download", upstream]
    proxy = os.environ | {
        "GOPROXY": ",".join(proxies),
        "GOMODCACHE": str(out / "modules"),
        "GONOSUMDB": f"{MODULE},{MODULE}/*",
        "GOFLAGS": "-modcacherw",
        "GOWORK": "off",
    }
    suite = dependent(folder, "strangers_test", SUITE.replace("PYTHON", str(python)), proxy)
    said = run(["go", "test", "-v", "."], suite, proxy)
    if "Ran 1 of 1 Specs" not in said:
        raise ReleaseError(f"the required module ran no spec:\n{said}")
    run(["go", "vet", "."], dependent(folder, "strangers", CLIENT, proxy), proxy)


def main() -> int:
    """Check a version that was built into a folder."""
    version, out = sys.argv[1], Path(sys.argv[2])
    folder = out / "strangers"
    folder.mkdir()
    try:
        if f"{BRIDGE} v{version}\n" not in (ROOT / "go.mod").read_text():
            raise ReleaseError(
                f"go.mod does not require {BRIDGE} v{version}: whoever requires it cannot"
            )
        check_modules(folder, out, check_wheel(folder, out))
    except ReleaseError as error:
        sys.stderr.write(f"release-check: {error}\n")
        return 1
    sys.stdout.write(f"release-check: {version} installs, and both modules can be required\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
