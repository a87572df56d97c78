"""Proof of the how-to: a suite that is added to a copy of the checkout as it says runs."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from prove.run import ROOT, expect, run

PAGE = ROOT / "docs" / "how-to" / "add-a-suite.md"
NAME = "catalogue"
GO_LINES, PYTHON_LINES = 60, 20
BLOCK = re.compile(r"```(go|python|ini|make)\n(.*?)```", re.DOTALL)
# What a checkout has beside the files that git knows.
BUILT = (".venv", ".venv-e2e", "bin/k8s")


def suite_added_by_the_how_to(tests: Path) -> None:
    """What the how-to `add a suite` says makes a suite that is green, with all its reports."""
    copy = tests.parent / "checkout"
    copied(copy)
    add(copy)
    report = copy / "reports" / f"e2e-{NAME}" / "latest"
    environment = os.environ | {"WORKERS": "2", "REPORTS_DIR": str(copy / "reports")}
    for name in ("E2E_PYTEST_DIR", "FOCUS", "GINKGO_ARGS", "KEEP_CLUSTER", "LABELS", "PROCS"):
        environment.pop(name, None)
    target = run(["make", "--dry-run", f"test-e2e-{NAME}"], environment, copy)
    expect(
        f"hack/suite.sh e2e/{NAME}" in target.output, "the target does not run the suite", target
    )
    outcome = run(["hack/suite.sh", f"e2e/{NAME}"], environment | {"NO_COLOR": "1"}, copy)
    green = outcome.code == 0 and "Ran 1 of 1 Specs" in outcome.output
    expect(green, f"exit code {outcome.code}", outcome)
    expect("Created: 11" in outcome.output, "the seed does not tell what it created", outcome)
    for name in ("report.json", "timeline.html", "summary.json", "manifest.json"):
        expect((report / name).is_file(), f"there is no {name}", outcome)


def copied(folder: Path) -> None:
    """Copy the files that git knows or will know, and lead to what has been built."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name, follow_symlinks=False)
    for name in BUILT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(ROOT / name)


def add(checkout: Path) -> None:
    """Add the five blocks of the page, which are as short as it promises."""
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    if [language for language, _ in blocks] != ["go", "go", "python", "ini", "make"]:
        raise SystemExit(f"prove: {PAGE} has other blocks than this proof knows")
    seed, suite, python, settings, target = (text for _, text in blocks)
    if (seed + suite).count("\n") > GO_LINES or python.count("\n") > PYTHON_LINES:
        raise SystemExit(f"prove: {PAGE} has more code than it promises")
    folder, project = checkout / "test" / "e2e" / NAME, checkout / "datastorage" / "e2e"
    for made in (folder, project):
        made.mkdir()
    (folder / "bootstrap_workflows.go").write_text(seed)
    (folder / f"{NAME}_suite_test.go").write_text(suite)
    (project / f"test_{NAME}.py").write_text(python)
    (project / "pytest.ini").write_text(settings)
    with (checkout / "Makefile").open("a") as makefile:
        makefile.write("\n" + target)


PROOFS: list[Callable[[Path], None]] = [suite_added_by_the_how_to]
