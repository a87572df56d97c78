"""What sub-tests make of their tests."""

import pytest


def test_failed_then_xfail(subtests: pytest.Subtests) -> None:
    with subtests.test("broken"):
        raise ValueError("in the sub-test")
    pytest.xfail("and then this")


def test_failed_then_skip(subtests: pytest.Subtests) -> None:
    with subtests.test("broken"):
        raise ValueError("in the sub-test")
    pytest.skip("and then this")


def test_failed_then_passed(subtests: pytest.Subtests) -> None:
    with subtests.test("broken"):
        raise ValueError("in the sub-test")


@pytest.mark.xfail
def test_marked(subtests: pytest.Subtests) -> None:
    with subtests.test("broken"):
        raise ValueError("in the sub-test")


def test_xfail_inside(subtests: pytest.Subtests) -> None:
    with subtests.test("known"):
        pytest.xfail("known")


def test_skip_inside(subtests: pytest.Subtests) -> None:
    with subtests.test("not here"):
        pytest.skip("not here")


def test_passed(subtests: pytest.Subtests) -> None:
    with subtests.test("good"):
        pass
