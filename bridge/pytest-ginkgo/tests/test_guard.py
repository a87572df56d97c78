"""What a defect of the plugin itself looks like to those who run tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Run = Callable[..., pytest.RunResult]

DEFECT = """
import pytest_ginkgo.{module}

def broken(*_args, **_kwargs):
    raise KeyError("a word")

pytest_ginkgo.{module}.{function} = broken
"""


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(
    ("module", "function", "code"),
    [
        pytest.param("events", "take", 3, id="controller"),
        pytest.param("runner", "absolute", None, id="runner"),
    ],
)
def test_it_ends_the_run_with_one_sentence(
    pytester: pytest.Pytester, run: Run, workers: str, module: str, function: str, code: int | None
) -> None:
    pytester.makeconftest(DEFECT.format(module=module, function=function))
    pytester.makepyfile("def test_one(): pass\ndef test_two(): pass\ndef test_three(): pass\n")
    result = run("-n", workers, "--ginkgo-events=events.jsonl")
    assert result.ret == (code or (3 if workers == "0" else pytest.ExitCode.INTERRUPTED))
    output = result.stdout.str() + result.stderr.str()
    assert "pytest-ginkgo: KeyError: 'a word'" in output
    assert "this is a defect of the plugin" in output
    assert "INTERNALERROR" not in output
