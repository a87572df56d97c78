"""The stack that the proofs share; it is not the one that a developer keeps."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prove.run import ROOT, run


@contextmanager
def kept() -> Iterator[None]:
    """A temporary folder in which runs keep their stack; it is ended afterwards.

    The folder is the same for every prove of this checkout, so that the stack
    of one that was killed is found and ended by the next.
    """
    before = tempfile.gettempdir()
    key = hashlib.sha256(str(ROOT.resolve()).encode()).hexdigest()[:8]
    folder = Path(before) / f"kubernaut-prove-{os.getuid()}-{key}"
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("prove: another prove runs in this checkout") from None
        prepare(folder)
        temporary(folder)
        try:
            yield
        finally:
            end()
            temporary(Path(before))
            shutil.rmtree(folder)


def prepare(folder: Path) -> None:
    """PostgreSQL's user passes through the folder, nobody else reads it."""
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise SystemExit(f"prove: {folder} belongs to another user")
    folder.chmod(0o711)


def temporary(folder: Path) -> None:
    """Make it the folder for temporary files, of children too."""
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def end() -> None:
    """End the kept stack, if there is one."""
    down = run(["go", "run", "./test/infrastructure/stack/cmd/stack-down"], os.environ)
    if down.code != 0:
        raise SystemExit(f"prove: the kept stack could not be ended\n{down.output}")
