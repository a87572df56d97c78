"""Authorization: which operation a request asks for."""

import pytest
from kube_auth.authorization import Authorization, Operation
from kube_auth.errors import ContractError

PATHS = [
    "/items",
    "/items/search",
    "/items/{id}",
    "/items/{id}/off",
    "/items/by-name/{name}",
    "/items/{id}/{part}",
    "/a.b/{x}+{y}",
]


def operation(method: str, path: str) -> Operation:
    return Operation(method, path, {"verb": method.lower(), "resource": "things", "name": path})


# In reverse, so that nothing is right by the order of the contract.
AUTHORIZATION = Authorization([operation("GET", path) for path in reversed(PATHS)], {"/health"})


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/items", "/items"),
        ("/items/search", "/items/search"),
        ("/items/7", "/items/{id}"),
        ("/items/searching", "/items/{id}"),
        ("/items/7/off", "/items/{id}/off"),
        ("/items/by-name/off", "/items/by-name/{name}"),
        ("/items/7/on", "/items/{id}/{part}"),
        ("/a.b/1+2", "/a.b/{x}+{y}"),
    ],
)
def test_a_literal_path_wins_over_one_with_parameters(path: str, meant: str) -> None:
    found = AUTHORIZATION.find("GET", path)

    assert found is not None
    assert found.path == meant


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "items",
        "/items/",
        "//items",
        "/items//",
        "/items/7/",
        "/items//off",
        "/items/7/off/",
        "/items/7/off/x",
        "/ITEMS",
        "/items\n",
        "/items/search\n/",
        "/axb/1+2",
        "/a.b/12",
        "/items/{id}/off/{id}",
        "/health",
    ],
)
def test_what_only_resembles_a_path_is_none(path: str) -> None:
    assert AUTHORIZATION.find("GET", path) is None
    assert AUTHORIZATION.methods(path) == []


@pytest.mark.parametrize("method", ["POST", "get", "HEAD", "OPTIONS", "", "GET "])
def test_another_method_is_no_operation(method: str) -> None:
    assert AUTHORIZATION.find(method, "/items/7") is None
    assert AUTHORIZATION.methods("/items/7") == ["GET"]


def test_a_literal_path_without_the_method_is_not_taken_for_a_parameter() -> None:
    authorization = Authorization(
        [operation("POST", "/items/search"), operation("GET", "/items/{id}")]
    )

    assert authorization.find("GET", "/items/search") is None
    assert authorization.methods("/items/search") == ["POST"]


def test_two_operations_that_are_one_are_an_error() -> None:
    with pytest.raises(ContractError, match="are the same operation"):
        Authorization([operation("GET", "/x/{a}"), operation("GET", "/x/{b}")])


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"verb": "get", "resource": "services", "name": "thing"}, "get services/thing"),
        (
            {"verb": "create", "resource": "services", "subresource": "items", "name": "thing"},
            "create services/items/thing",
        ),
        ({"verb": "get", "path": "/metrics"}, "get /metrics"),
    ],
)
def test_a_right_is_told_in_words(attributes: dict[str, str], told: str) -> None:
    assert Operation("GET", "/x", attributes).what() == told
