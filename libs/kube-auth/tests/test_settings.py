"""AuthSettings: defaults, environment names, and values that are refused."""

from typing import Any

import pytest
from kube_auth import AuthSettings
from pydantic import ValidationError


def load() -> AuthSettings:
    # mypy without pydantic's plugin takes every field for a required argument.
    build: Any = AuthSettings
    settings: AuthSettings = build()
    return settings


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in AuthSettings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


def test_defaults() -> None:
    settings = load()

    assert settings.audiences == ("kubernaut",)
    assert (settings.yes_ttl, settings.no_ttl) == (10, 2)
    assert (settings.max_cached, settings.max_in_flight) == (8192, 64)
    assert settings.kubeconfig is None


def test_audiences_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBE_AUTH_AUDIENCES", " one, two ,,")

    assert load().audiences == ("one", "two")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KUBE_AUTH_AUDIENCES", " , "),
        ("KUBE_AUTH_AUDIENCES", "two words"),
        ("KUBE_AUTH_YES_TTL_SECONDS", "-1"),
        ("KUBE_AUTH_YES_TTL_SECONDS", "601"),
        ("KUBE_AUTH_YES_TTL_SECONDS", "nan"),
        ("KUBE_AUTH_NO_TTL_SECONDS", "inf"),
        ("KUBE_AUTH_NO_TTL_SECONDS", "soon"),
        ("KUBE_AUTH_MAX_CACHED", "0"),
        ("KUBE_AUTH_MAX_IN_FLIGHT", "0"),
        ("KUBE_AUTH_MAX_IN_FLIGHT", "1.5"),
        ("KUBE_AUTH_REVIEW_TIMEOUT_SECONDS", "0"),
        ("POD_NAMESPACE", "Upper"),
        ("POD_NAMESPACE", "a" * 64),
    ],
)
def test_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name):
        load()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().yes_ttl = 1


def test_namespace_is_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POD_NAMESPACE", "shop")

    assert load().namespace() == "shop"


def test_an_empty_kubeconfig_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "")

    assert load().kubeconfig is None
