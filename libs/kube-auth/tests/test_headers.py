"""read_headers: sizes, credentials and claims of identity."""

import pytest
from kube_auth.headers import read_headers

CLAIMS = [
    b"X-Remote-User",
    b"x_remote_user",
    b"X-Remote_Extra-Scopes",
    b"x-remote-group",
    b"Remote-User",
    b"X_Auth_Request_Email",
    b"X-Auth-Request-User",
    b"x-forwarded-user",
    b"X_Forwarded_Groups",
    b"X-Forwarded-Email",
    b"X-Forwarded-Preferred-Username",
    b"x_forwarded_access_token",
    b"X-WebAuth-User",
    b"Impersonate-User",
    b"impersonate_group",
]


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_of_identity_is_not_kept(name: bytes) -> None:
    headers = read_headers([(name, b"admin"), (b"accept", b"*/*")])

    assert headers.kept == [(b"accept", b"*/*")]


def test_authorization_is_taken_out_in_any_spelling() -> None:
    headers = read_headers([(b"Authorization", b"a"), (b"authorization", b"b"), (b"host", b"c")])

    assert headers.authorization == [b"a", b"b"]
    assert headers.kept == [(b"host", b"c")]


@pytest.mark.parametrize("name", [b"x-forwarded-for", b"x-request-id", b"user-agent", b"remotely"])
def test_other_headers_are_kept_as_they_are(name: bytes) -> None:
    assert read_headers([(name, b"value")]).kept == [(name, b"value")]


def test_the_size_counts_names_and_values_of_all_headers() -> None:
    assert (
        read_headers([(b"authorization", b"12345"), (b"x-remote-user", b"1"), (b"a", b"")]).size
        == 33
    )
