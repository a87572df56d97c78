"""The service answers what its contract says, whatever a client sends."""

import os
import subprocess
from pathlib import Path

import pytest
from holmesgpt_api.settings import CONTRACT

from .conftest import fenced, llm_answer  # type: ignore[import-not-found] # no package
from .running import Service  # type: ignore[import-not-found] # no package

HEADER = ("--header", "Authorization: Bearer good")
CONFIG = Path(__file__).with_name("schemathesis.toml")
# `make fuzz` wants more than the configuration says.
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
MORE = ("--max-examples", EXAMPLES) if EXAMPLES else ()


@pytest.mark.timeout(600 if EXAMPLES is None else 0)
def test_schemathesis_finds_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    service = Service(environment, fenced(llm_answer()))
    tool = str(Path(__file__).parents[3] / ".venv-fuzz" / "bin" / "schemathesis")
    command = [tool, "--config-file", str(CONFIG), "run", str(CONTRACT)]

    found = subprocess.run(
        [*command, "--url", service.url, "--checks", "all", *HEADER, *MORE],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    said = service.end(15)

    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr
    assert "generated" in found.stdout
    assert "unhandled error" not in said
