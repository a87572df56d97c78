"""A label whose detection failed says nothing."""

from typing import Any

import pytest
from holmesgpt_api.labels import failed_detections, reliable


@pytest.mark.parametrize(
    ("labels", "left"),
    [
        ({}, {}),
        ({"stateful": False}, {"stateful": False}),
        ({"stateful": False, "failedDetections": ["stateful"]}, {}),
        ({"stateful": True, "failed_detections": ["hpaEnabled"]}, {"stateful": True}),
        ({"stateful": True, "failedDetections": "stateful"}, {"stateful": True}),
        ({"stateful": True, "failedDetections": None}, {"stateful": True}),
    ],
)
def test_what_was_detected_is_left(labels: dict[str, Any], left: dict[str, Any]) -> None:
    assert reliable(labels) == left


def test_failed_detections_are_named_once_in_order() -> None:
    labels = {"failedDetections": ["b", "a"], "failed_detections": ["a"]}
    assert failed_detections(labels) == ["a", "b"]
