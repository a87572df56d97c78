"""Runs the proofs that were asked for, all by default; 1 when one fails."""

import argparse
import importlib
import pkgutil
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import prove as subjects
from prove.run import TESTS, ProofError
from prove.stack import kept

Proof = Callable[[Path], None]


def known() -> dict[str, Proof]:
    """Every proof by its name: a module of this package that has PROOFS is a subject."""
    names = [module.name for module in pkgutil.iter_modules(subjects.__path__)]
    modules = [importlib.import_module(f"prove.{name}") for name in names if name != "__main__"]
    proofs = [proof for module in modules for proof in getattr(module, "PROOFS", ())]
    named = {proof.__name__: proof for proof in proofs}
    if len(named) != len(proofs):
        raise SystemExit("two proofs have the same name")
    return named


def prove(proof: Proof) -> bool:
    """Run one proof on its own copy of the tests and print its line."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        tests = Path(folder) / "e2e"
        shutil.copytree(TESTS, tests, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
        try:
            proof(tests)
            verdict = "proved"
        except (ProofError, subprocess.TimeoutExpired) as error:
            verdict = f"FAILED: {error}"
    seconds = time.monotonic() - started
    say(f"{proof.__name__.replace('_', ' '):32} {seconds:5.1f} s  {verdict}")
    return verdict == "proved"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def arguments(names: Sequence[str]) -> argparse.Namespace:
    """The command line; an unknown proof is an error."""
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument("proof", nargs="*", help="see --list; default: all")
    parser.add_argument("--list", action="store_true", help="list the proofs and what they prove")
    given = parser.parse_args()
    unknown = sorted(set(given.proof) - set(names))
    if unknown:
        parser.error(f"unknown proof {', '.join(unknown)}; known: {', '.join(names)}")
    return given


def interrupted(number: int, _: FrameType | None) -> None:
    """End as on Ctrl-C, so that the kept stack is ended too."""
    raise KeyboardInterrupt(signal.Signals(number).name)


def main() -> int:
    """Run the chosen proofs; one that was not run is not proved."""
    proofs = known()
    given = arguments(list(proofs))
    if given.list:
        for name, proof in proofs.items():
            say(f"{name:32} {(proof.__doc__ or '').splitlines()[0]}")
        return 0
    chosen = [proof for name, proof in proofs.items() if not given.proof or name in given.proof]
    signal.signal(signal.SIGTERM, interrupted)
    try:
        with kept():
            verdicts = [prove(proof) for proof in chosen]
    except KeyboardInterrupt:
        say("prove: interrupted")
        return 130
    say(f"{verdicts.count(True)} proved, {verdicts.count(False)} failed")
    return int(not verdicts or not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
