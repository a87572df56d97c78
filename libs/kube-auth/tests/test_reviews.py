"""What is asked in reviews, and what a token's own text may cost."""

import base64
import time
from typing import Any

import pytest
from kube_auth import Identity
from kube_auth.bearer import MAX_TOKEN_BYTES
from kube_auth.reviews import access_review, expiry, self_review

RIGHT = {"namespace": "ns", "group": "", "resource": "services", "name": "thing", "verb": "get"}


def payload(text: str) -> str:
    return f"x.{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}.x"


@pytest.mark.parametrize(
    "token",
    [
        "." * MAX_TOKEN_BYTES,
        payload("[" * 12_000),
        payload('{"exp":' + "9" * 11_000 + "}"),
        payload('{"exp":' + "[" * 11_000),
        payload('{"a":' * 2_300),
        "x." + "=" * (MAX_TOKEN_BYTES - 2),
        "x." + "A" * (MAX_TOKEN_BYTES - 2),
    ],
    ids=["dots", "deep", "digits", "deep-exp", "objects", "padding", "zeros"],
)
def test_a_token_made_to_be_expensive_is_cheap_and_bounds_nothing(token: str) -> None:
    taken = []
    for _ in range(5):
        begun = time.process_time()
        assert expiry(token) is None
        taken.append(time.process_time() - begun)

    assert len(token) <= MAX_TOKEN_BYTES
    assert min(taken) < 0.02


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        (RIGHT, "resourceAttributes"),
        ({"path": "/metrics", "verb": "get"}, "nonResourceAttributes"),
    ],
    ids=["resource", "url"],
)
def test_a_right_is_asked_for_as_what_it_is(attributes: dict[str, str], kind: str) -> None:
    spec: dict[str, Any] = access_review(Identity("u"), attributes)["spec"]

    assert spec[kind] == attributes
    assert spec["user"] == "u"
    assert len({"resourceAttributes", "nonResourceAttributes"} & spec.keys()) == 1


def test_a_self_review_names_nobody() -> None:
    review = self_review("authentication.k8s.io", "tokenreviews")

    assert review["kind"] == "SelfSubjectAccessReview"
    assert review["spec"] == {
        "resourceAttributes": {
            "group": "authentication.k8s.io",
            "resource": "tokenreviews",
            "verb": "create",
        }
    }
