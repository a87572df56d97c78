"""The third-party suites, and what each needs."""

import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[4]
HOME = ROOT / "bridge" / "foreign"
WORK = ROOT / "bin" / "foreign"
PYTHON = ROOT / ".venv" / "bin" / "python"


class SuiteError(Exception):
    """A suite cannot be tried; the message says which and why."""


@dataclass(frozen=True)
class Suite:
    """A pytest project, and the interpreter that has what it needs.

    The raw run of a `pinned` one has no pytest-ginkgo installed; that of another
    interpreter, which is not ours to change, does not load it.
    """

    name: str
    folder: Path
    python: Path
    arguments: tuple[str, ...] = ()
    pinned: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of the list: a requirement whose sdist has the tests, or whose wheel has."""

    name: str
    requirement: str
    kind: str
    needs: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    wheel: bool = False

    @property
    def lock(self) -> Path:
        """Every version with its hashes."""
        return HOME / "locks" / f"{self.name}.txt"


def listed() -> dict[str, Entry]:
    """The suites by name."""
    document = tomllib.loads((HOME / "suites.toml").read_text(encoding="utf-8"))
    common = tuple(document["needs"])
    entries = {}
    for name, fields in document["suite"].items():
        needs = (*common, *fields.pop("needs", ()))
        arguments = tuple(fields.pop("arguments", ()))
        entries[name] = Entry(name, needs=needs, arguments=arguments, **fields)
    return entries


def uv(*arguments: str | Path, given: str | None = None) -> None:
    """Run uv; what it says is the error."""
    command: list[str | Path] = [ROOT / "hack" / "uv.sh", *arguments]
    run(command, given)


def run(command: Sequence[str | Path], given: str | None = None) -> None:
    """Run what must succeed."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = " ".join(map(str, command))
        raise SuiteError(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def lock(entry: Entry) -> None:
    """Choose the versions anew and keep them with their hashes."""
    entry.lock.parent.mkdir(exist_ok=True)
    options = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header"]
    wanted = "\n".join([entry.requirement, *entry.needs])
    uv("pip", "compile", "--quiet", *options, "--no-annotate", "-o", entry.lock, "-", given=wanted)


def installed(entry: Entry) -> Suite:
    """The suite, downloaded and installed on its first use."""
    folder = WORK / entry.name
    python = folder / "env" / "bin" / "python"
    wanted = entry.lock.read_text(encoding="utf-8") + entry.requirement
    stamp = folder / "complete"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        uv("venv", "--quiet", "--seed", "--python", PYTHON, folder / "env")
        install = ["--quiet", "--require-hashes", "--python", str(python)]
        uv("pip", "install", *install, "-r", entry.lock)
        (folder / "source").mkdir(exist_ok=True)
        # A suite without a configuration would find the one of this checkout above it.
        (folder / "pytest.ini").write_text("[pytest]\n")
        if not entry.wheel:
            unpack(entry, folder, python)
        stamp.write_text(wanted, encoding="utf-8")
    source = folder / "source"
    if not entry.wheel:
        [source] = source.iterdir()
    return Suite(entry.name, source, python, entry.arguments, pinned=True)


def unpack(entry: Entry, folder: Path, python: Path) -> None:
    """The sdist with the hash of the lock; only it is no wheel, not what builds it."""
    requirement = folder / "requirement.txt"
    requirement.write_text(pinned(entry), encoding="utf-8")
    package = entry.requirement.partition("==")[0].partition("[")[0]
    options = ["--quiet", "--no-deps", f"--no-binary={package}", "--require-hashes"]
    run([python, "-m", "pip", "download", *options, "--dest", folder, "-r", requirement])
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "source", filter="data")


def pinned(entry: Entry) -> str:
    """The part of the lock that is about the suite itself."""
    name = entry.requirement.partition("==")[0].partition("[")[0].lower()
    for block in entry.lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if block.lower().startswith((f"{name}==", f"{name}[")):
            return block
    raise SuiteError(
        f"{entry.lock} does not pin {name}: run hack/compare-foreign.sh --lock {entry.name}"
    )
