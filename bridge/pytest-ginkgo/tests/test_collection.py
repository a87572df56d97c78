"""CollectionWriter and Deselection."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., pytest.RunResult]
Collection = Callable[..., dict[str, Any]]

TESTS = """import pytest

def test_plain(): pass

class TestOuter:
    class TestInner:
        @pytest.mark.slow
        @pytest.mark.parametrize("text", ["a::b", "c[d]"])
        def test_deep(self, text): pass
"""


@pytest.fixture(autouse=True)
def _marker(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmarkers = slow: takes long\n")


def test_each_test_is_described(pytester: pytest.Pytester, collection: Collection) -> None:
    path = pytester.makepyfile(test_tree=TESTS)
    document = collection("-p", "no:randomly")
    assert document["errors"] == []
    plain, deep, bracket = document["tests"]
    assert plain == {
        "nodeid": "test_tree.py::test_plain",
        "path": str(path),
        "line": 3,
        "last_line": 3,
        "name": "test_plain",
        "module": str(path),
        "containers": ["test_tree.py"],
        "labels": [],
    }
    assert deep["nodeid"] == "test_tree.py::TestOuter::TestInner::test_deep[a::b]"
    assert deep["name"] == "test_deep[a::b]"
    assert deep["containers"] == ["test_tree.py", "TestOuter", "TestInner"]
    assert deep["labels"] == ["slow"]
    assert bracket["containers"] == deep["containers"]


def test_a_test_ends_where_its_body_does(pytester: pytest.Pytester, collection: Collection) -> None:
    pytester.makepyfile(
        """
        import pytest
        from unittest import mock

        @pytest.mark.slow
        @mock.patch("os.getcwd")
        def test_decorated(getcwd):
            inner = [
                lambda: 1
            ]
            assert inner

        class TestGroup:
            def test_documented(self):
                '''Only
                a text.'''
        """
    )
    tests = collection("-p", "no:randomly")["tests"]
    assert [(test["line"], test["last_line"]) for test in tests] == [(4, 10), (13, 15)]


def test_folders_files_and_classes_are_containers(
    pytester: pytest.Pytester, collection: Collection
) -> None:
    for folder in ("one", "two"):
        file = pytester.path / folder / "deep" / "test_same[1].py"
        file.parent.mkdir(parents=True)
        file.write_text("class TestA:\n    def test_it(self): pass\n")
    tests = collection("--import-mode=importlib")["tests"]
    assert sorted(test["containers"] for test in tests) == [
        ["one", "deep", "test_same[1].py", "TestA"],
        ["two", "deep", "test_same[1].py", "TestA"],
    ]


def test_text_arguments_of_markers_are_labels(
    pytester: pytest.Pytester, collection: Collection
) -> None:
    pytester.makeini("[pytest]\nmarkers =\n  team\n  cost\n")
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.team("payments", "risk")
        @pytest.mark.cost(3)
        @pytest.mark.usefixtures("tmp_path")
        @pytest.mark.xfail(reason="known")
        @pytest.mark.skipif("1 > 2", reason="never")
        def test_it(): pass
        """
    )
    (test,) = collection()["tests"]
    assert test["labels"] == ["cost", "skipif", "team", "team:payments", "team:risk", "xfail"]


def test_a_skipped_module_stands_beside_the_tests(
    pytester: pytest.Pytester, collection: Collection
) -> None:
    pytester.makepyfile(
        test_good="def test_good(): pass",
        test_other="import pytest\npytest.skip('elsewhere', allow_module_level=True)",
    )
    document = collection()
    assert [test["name"] for test in document["tests"]] == ["test_good"]
    assert document["skipped"] == [{"nodeid": "test_other.py", "reason": "elsewhere"}]


def test_deselected_tests_are_left_out(pytester: pytest.Pytester, collection: Collection) -> None:
    pytester.makepyfile(test_tree=TESTS)
    assert [test["name"] for test in collection("-m", "not slow")["tests"]] == ["test_plain"]


def test_errors_stand_beside_the_tests(pytester: pytest.Pytester, collection: Collection) -> None:
    pytester.makepyfile(test_good="def test_good(): pass", test_broken="import no_such_module")
    document = collection()
    assert [test["name"] for test in document["tests"]] == ["test_good"]
    (error,) = document["errors"]
    assert error["nodeid"] == "test_broken.py"
    assert "no_such_module" in error["longrepr"]


def test_nothing_to_collect_is_an_empty_document(collection: Collection) -> None:
    assert collection() == {"tests": [], "errors": [], "skipped": [], "continues": False}


@pytest.mark.parametrize("workers", ["0", "2"])
def test_deselected_tests_do_not_run(pytester: pytest.Pytester, run: Run, workers: str) -> None:
    pytester.makepyfile(test_tree=TESTS)
    gone = ["test_tree.py::test_plain", "test_tree.py::TestOuter::TestInner::test_deep[a::b]"]
    (pytester.path / "gone.json").write_text(json.dumps(gone))
    result = run("--ginkgo-deselect=gone.json", "-n", workers, "-v")
    result.stdout.fnmatch_lines(["*test_deep*PASSED*" if workers == "0" else "*PASSED*test_deep*"])
    result.assert_outcomes(passed=1, deselected=0 if workers == "2" else 2)


def test_a_test_is_deselected_by_the_name_that_hooks_gave_it(
    pytester: pytest.Pytester, run: Run
) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(items):
            items[:] = [
                pytest.Function.from_parent(i.parent, name=i.name.upper(), callobj=i.obj)
                for i in items
            ]
        """
    )
    pytester.makepyfile(test_it="def test_one(): pass\ndef test_two(): pass\n")
    (pytester.path / "gone.json").write_text('["test_it.py::TEST_ONE"]')
    run("--ginkgo-deselect=gone.json").assert_outcomes(passed=1, deselected=1)


def test_what_nobody_knew_runs(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(test_tree=TESTS)
    (pytester.path / "gone.json").write_text('["test_tree.py::test_gone"]')
    run("--ginkgo-deselect=gone.json").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "No such file or directory"), ("test_a", "is not valid JSON")]
)
def test_a_selection_that_cannot_be_read_is_a_usage_error(
    pytester: pytest.Pytester, run: Run, text: str | None, reason: str
) -> None:
    if text is not None:
        (pytester.path / "gone.json").write_text(text)
    result = run("--ginkgo-deselect=gone.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--ginkgo-deselect gone.json*{reason}*"])


def test_without_options_only_the_marker_is_known(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        def test_inert(pytestconfig):
            names = [name for name, _ in pytestconfig.pluginmanager.list_name_plugin()]
            assert [name for name in names if name.startswith("ginkgo-")] == ["ginkgo-quarantine"]
        """
    )
    run("-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert list(pytester.path.rglob("*.json*")) == []
