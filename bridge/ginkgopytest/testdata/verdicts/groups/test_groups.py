"""Groups and parameters that look like each other's parts of a node id."""

import pytest

MAIL = ["user@host", "a::b@c", "[x]@y"]


@pytest.mark.xdist_group("a::b")
@pytest.mark.parametrize("mail", MAIL)
def test_scoped_group(mail: str) -> None:
    assert mail != "user@host"


@pytest.mark.xdist_group("t[1]")
@pytest.mark.parametrize("mail", MAIL)
def test_bracket_group(mail: str) -> None:
    assert mail != "a::b@c"


@pytest.mark.xdist_group(name="g@h")
class TestGroup:
    @pytest.mark.xdist_group("inner")
    def test_two_groups(self) -> None:
        """Pass."""

    def test_one_group(self) -> None:
        raise ValueError("broken")


@pytest.mark.parametrize("mail", MAIL)
def test_no_group(mail: str) -> None:
    """Pass."""
