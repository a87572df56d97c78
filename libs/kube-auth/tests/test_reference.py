"""docs/reference/kube-auth.md says what the code has."""

import re
from pathlib import Path

import pytest
from kube_auth import AuthSettings, bearer, metrics, middleware, reviews
from prometheus_client import REGISTRY

TESTS = Path(__file__).parent
PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "kube-auth.md").read_text()


def rows(heading: str) -> dict[str, str]:
    """First column to the whole row, of the table under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return {row.split("|")[1].strip(" `"): row for row in section.splitlines() if "| `" in row}


def test_each_setting_stands_there_with_its_default() -> None:
    settings = {
        str(field.validation_alias): field.default for field in AuthSettings.model_fields.values()
    }
    table = rows("Settings")

    assert table.keys() == settings.keys()
    for name, default in settings.items():
        if name.startswith("KUBE_AUTH_"):
            text = ",".join(default) if isinstance(default, tuple) else str(default)
            assert table[name].split("|")[2].strip() == f"`{text}`"


def test_each_metric_stands_there_with_its_labels() -> None:
    names = {
        family.name + ("_total" if family.type == "counter" else ""): {
            label
            for sample in family.samples
            if not sample.name.endswith("_created")
            for label in sample.labels.values()
        }
        for family in REGISTRY.collect()
        if family.name.startswith("kube_auth_")
    }
    table = rows("Metrics")

    assert table.keys() == names.keys()
    for name in ("kube_auth_requests_total", "kube_auth_reviews_total", "kube_auth_lookups_total"):
        missing = {label for label in names[name] if f"`{label}`" not in table[name]}
        assert missing <= set(metrics.KINDS)


@pytest.mark.parametrize(
    "limit",
    [bearer.MAX_TOKEN_BYTES, middleware.MAX_HEADER_BYTES, reviews.MAX_CACHED_SPEC],
)
def test_each_limit_stands_there(limit: int) -> None:
    assert f"{limit:,} bytes" in PAGE


def test_each_test_that_it_names_exists() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)

    assert len(named) > 40
    for file, test in named:
        assert re.search(rf"^def {test}\(", (TESTS / file).read_text(), re.MULTILINE), (file, test)
