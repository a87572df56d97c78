"""bearer_token: what counts as a token."""

import pytest
from kube_auth.bearer import MAX_TOKEN_BYTES, bearer_token


@pytest.mark.parametrize(
    "value",
    [b"Bearer abc", b"bearer abc", b"BEARER abc", b"  Bearer abc  ", b"Bearer abc more text"],
)
def test_a_bearer_token_is_taken(value: bytes) -> None:
    assert bearer_token([value]) == "abc"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Bearer  abc",
        b"Basic abc",
        b"abc",
        b"Bearer\tabc",
        b"Bearerabc",
        b"Bearer \xc3\xa4",
        b"Bearer " + b"x" * (MAX_TOKEN_BYTES + 1),
    ],
)
def test_anything_else_is_no_token(value: bytes) -> None:
    assert bearer_token([value]) is None


def test_the_longest_token_is_taken() -> None:
    assert bearer_token([b"Bearer " + b"x" * MAX_TOKEN_BYTES]) == "x" * MAX_TOKEN_BYTES


def test_no_header_is_no_token() -> None:
    assert bearer_token([]) is None


def test_two_headers_are_no_token() -> None:
    assert bearer_token([b"Bearer abc", b"Bearer abc"]) is None
