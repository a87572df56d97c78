"""The tutorial: its Go test bridges a pytest project that lies beside it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULE = "github.com/jordigilh/kubernaut/bridge/ginkgopytest"
LIMIT_SECONDS = 110


def go_block() -> str:
    """The one Go file of the tutorial."""
    text = (ROOT / "bridge" / "docs" / "tutorial" / "bridge-your-first-suite.md").read_text()
    (block,) = re.findall(r"```go\n(.*?)```", text, re.DOTALL)
    return str(block)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """The folder of the Go test in a project whose interpreter is the one running this."""
    (tmp_path / "test_login.py").write_text(
        "def test_passes(): pass\n\n\ndef test_breaks(): assert 'one' == 'two'\n"
    )
    (tmp_path / ".venv").symlink_to(sys.prefix)
    folder = tmp_path / "bridge"
    folder.mkdir()
    (folder / "bridge_test.go").write_text(go_block())
    library = ROOT / "bridge" / "ginkgopytest"
    requirements = (library / "go.mod").read_text().split("\n", 1)[1]
    (folder / "go.mod").write_text(
        f"module example.org/bridge\n{requirements}\nrequire {MODULE} v0.0.0\n"
        f"replace {MODULE} => {library}\n"
    )
    shutil.copy(library / "go.sum", folder)
    return folder


def test_each_python_test_is_a_spec_of_the_tutorials_go_test(suite: Path) -> None:
    done = subprocess.run(
        ["go", "test", "-v", "-count=1", "-mod=mod", "."],
        cwd=suite,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "Ran 2 of 2 Specs" in done.stdout
    assert "1 Passed" in done.stdout
    assert "test_login.py:4" in done.stdout
    assert (suite / "report" / "timeline.html").is_file()
