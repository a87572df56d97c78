"""prove: it is red unless a check that was green fails on the mutant."""

import json
import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from prove import __main__ as command
from prove import run, stack
from prove.run import Outcome, ProofError, copied, go_mutant, goes_red, mutated, replaced, state

GREEN = Outcome(0, "", [("check", "passed")])
RED = Outcome(1, "", [("check", "failed"), ("other", "passed")])
PACKAGE, MODULE = "libs/service-base", "service_base.errors"
STORY = "Errors that end a service before it serves."
SHOW = f"import {MODULE} as m; print(m.__file__, m.__doc__)"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keeps a prove that runs meanwhile out of these tests, and them out of it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_check_that_fails_on_the_mutant_alone_is_a_proof() -> None:
    goes_red("check", GREEN, RED)


@pytest.mark.parametrize(
    ("healthy", "broken"),
    [
        (RED, RED),
        (Outcome(1, "", [("check", "passed")]), RED),
        (Outcome(0, "", []), RED),
        (GREEN, GREEN),
        (GREEN, Outcome(1, "", [("other", "failed")])),
        (GREEN, Outcome(1, "", [("check", "error")])),
        (GREEN, Outcome(2, "the mutant does not compile", [])),
    ],
    ids=["never-green", "others-red", "not-run", "stays-green", "other-red", "set-up", "no-mutant"],
)
def test_anything_else_is_none(healthy: Outcome, broken: Outcome) -> None:
    with pytest.raises(ProofError, match="check"):
        goes_red("check", healthy, broken)


@pytest.mark.parametrize("old", ["absent", "twice"])
def test_a_text_that_does_not_stand_there_once_is_an_error(tmp_path: Path, old: str) -> None:
    path = tmp_path / "file"
    path.write_text("once twice twice")

    assert replaced(path, "once", "1") == "1 twice twice"
    with pytest.raises(ProofError, match="mend this proof"):
        replaced(path, old, "")


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ("", "passed"),
        ("<system-out/>", "passed"),
        ("<failure/>", "failed"),
        ("<system-out/><error/>", "error"),
        ("<skipped/>", "skipped"),
    ],
)
def test_the_state_of_a_test_is_junits(children: str, expected: str) -> None:
    assert state(ElementTree.fromstring(f"<testcase>{children}</testcase>")) == expected


def test_a_mutant_is_imported_before_the_installed_package() -> None:
    with mutated(PACKAGE, "service_base/errors.py", STORY, "A mutant.") as python:
        imported = run.run([python, "-c", SHOW], os.environ)
    installed = run.run([run.PYTHON, "-c", SHOW], os.environ)

    assert "A mutant." in imported.output
    assert STORY in installed.output
    assert str(run.ROOT / PACKAGE) in installed.output


def test_a_copy_shares_no_file_with_the_package() -> None:
    with copied(PACKAGE) as (sources, _):
        assert not sources.is_symlink()
        assert (sources / "service_base" / "errors.py").stat().st_nlink == 1


def test_a_copy_has_what_the_original_has_installed() -> None:
    show = "import psycopg, kube_auth; print(kube_auth.__file__)"
    with copied(PACKAGE) as (_, python):
        imported = run.run([python, "-c", show], os.environ)

    assert imported.output.strip() == str(run.ROOT / "libs/kube-auth/src/kube_auth/__init__.py")


def test_a_mutant_of_a_go_file_is_an_overlay() -> None:
    file = "test/workflows/workflow.go"
    with go_mutant(file, "package workflows", "package mutants") as env:
        overlay = Path(env["GOFLAGS"].rpartition("-overlay=")[2])
        (source, copy) = next(iter(json.loads(overlay.read_text())["Replace"].items()))

        assert source == str(run.ROOT / file)
        assert Path(copy).read_text().startswith("package mutants")


def test_what_takes_too_long_ends_in_its_own_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RUN_LIMIT_SECONDS", 0.5)
    note = tmp_path / "note"
    script = f'trap "echo ended >{note}; exit" INT; echo up; while :; do sleep 0.01; done'

    with pytest.raises(subprocess.TimeoutExpired):
        run.run(["sh", "-c", script], os.environ)

    assert note.read_text() == "ended\n"


def test_the_names_of_proofs_are_distinct_and_say_what_they_prove() -> None:
    proofs = command.known()

    assert len(proofs) > 20
    assert all(proof.__doc__ for proof in proofs.values())


@pytest.mark.parametrize(("proved", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_is_that_of_the_proofs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], proved: bool, code: int
) -> None:
    def proof(tests: Path) -> None:
        """Something."""
        assert (tests / "conftest.py").exists()
        if not proved:
            raise ProofError("the check is green")

    monkeypatch.setattr(command, "known", lambda: {"proof": proof})
    monkeypatch.setattr(stack, "end", lambda: None)
    monkeypatch.setattr("sys.argv", ["prove"])

    assert command.main() == code
    assert f"{proved:d} proved, {not proved:d} failed" in capsys.readouterr().out


def test_a_run_that_proves_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "known", dict)
    monkeypatch.setattr(stack, "end", lambda: None)
    monkeypatch.setattr("sys.argv", ["prove"])

    assert command.main() == 1


def test_an_unknown_proof_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["prove", "no_such_proof"])

    with pytest.raises(SystemExit) as ended:
        command.main()

    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "unknown proof no_such_proof; known: " in said
    assert all(name in said for name in command.known())


def test_the_shared_stack_has_a_folder_of_its_own_that_is_removed(
    own_temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(stack, "end", lambda: seen.append(os.environ["TMPDIR"]))

    with stack.kept():
        folder = Path(os.environ["TMPDIR"])
        assert folder.parent == own_temporary_folder
        assert folder.is_dir()

    assert seen == [str(folder)]
    assert not folder.exists()
    assert os.environ["TMPDIR"] == str(own_temporary_folder)


def test_two_proves_of_a_checkout_do_not_share_a_stack(
    own_temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "end", lambda: None)

    with stack.kept():
        stack.temporary(own_temporary_folder)
        with pytest.raises(SystemExit, match="another prove"), stack.kept():
            pass
