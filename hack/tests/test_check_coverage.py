"""check_coverage: a package below its floor, without one, or gone is told by name."""

import json
from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def coverage(load_script: Callable[[str], ModuleType]) -> ModuleType:
    """The script as a module."""
    return load_script("check_coverage")


def test_go_reads_packages_with_and_without_tests(coverage: ModuleType) -> None:
    text = (
        "ok  \texample.org/a/seed\t0.2s\tcoverage: 81.2% of statements\n"
        "\texample.org/a/cmd\t\tcoverage: 0.0% of statements\n"
        "?   \texample.org/a/doc\t[no test files]\n"
    )

    assert coverage.go_coverage(text) == {"example.org/a/seed": 81.2, "example.org/a/cmd": 0.0}


def test_python_adds_the_files_of_a_package(coverage: ModuleType) -> None:
    def summary(lines: tuple[int, int], branches: tuple[int, int]) -> dict[str, dict[str, int]]:
        names = ("covered_lines", "num_statements", "covered_branches", "num_branches")
        return {"summary": dict(zip(names, (*lines, *branches), strict=True))}

    files = {
        "/x/libs/kube-auth/src/kube_auth/a.py": summary((8, 10), (1, 2)),
        "/x/libs/kube-auth/src/kube_auth/sub/b.py": summary((7, 8), (0, 0)),
        "/x/datastorage/src/datastorage/c.py": summary((1, 2), (0, 0)),
    }

    assert coverage.python_coverage(json.dumps({"files": files})) == {
        "kube_auth": 80.0,
        "datastorage": 50.0,
    }


@pytest.mark.parametrize(
    ("measured", "floors", "said"),
    [
        pytest.param({"a": 79.9}, {"a": 80}, "a: 79.9 % covered, 80 % is the floor", id="below"),
        pytest.param({"a": 80.0}, {}, 'has no floor for "a"', id="without-floor"),
        pytest.param({}, {"a": 80}, "a was not measured", id="gone"),
    ],
)
def test_a_problem_is_one_sentence_that_names_the_package(
    coverage: ModuleType, measured: dict[str, float], floors: dict[str, float], said: str
) -> None:
    (sentence,) = coverage.problems(measured, floors)

    assert said in sentence


def test_a_package_at_its_floor_is_passed_over(coverage: ModuleType) -> None:
    assert coverage.problems({"a": 80.0}, {"a": 80}) == []
