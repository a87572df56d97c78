"""bearer_token: what counts as a token."""

import pytest
from kube_auth.bearer import bearer_token


@pytest.mark.parametrize(
    "value",
    [b"Bearer abc", b"bearer abc", b"BEARER abc", b"  Bearer abc  ", b"Bearer abc more text"],
)
def test_a_bearer_token_is_taken(value: bytes) -> None:
    assert bearer_token([(b"Authorization", value)]) == "abc"


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
    ],
)
def test_anything_else_is_no_token(value: bytes) -> None:
    assert bearer_token([(b"authorization", value)]) is None


def test_no_header_is_no_token() -> None:
    assert bearer_token([(b"accept", b"*/*")]) is None


def test_two_headers_are_no_token() -> None:
    headers = [(b"authorization", b"Bearer abc"), (b"Authorization", b"Bearer abc")]

    assert bearer_token(headers) is None
