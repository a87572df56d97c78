"""The services end at once, in one sentence, when a setting of theirs is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SERVICES: dict[str, dict[str, str]] = {
    "datastorage": {"DATABASE_URL": "host=none dbname=none"},
    "holmesgpt_api": {"DATA_STORAGE_URL": "http://none", "LLM_ENDPOINT": "http://none"},
}


def start(module: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Start a service with these settings over a set that would do, until it ends."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", module, "--port", "0"],
        env=kept | {"KUBECONFIG": "later"} | SERVICES[module] | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """What a service said that did not start."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()


@pytest.mark.parametrize("module", SERVICES)
def test_each_wrong_setting_is_named(module: str) -> None:
    wrong = {
        "KUBE_AUTH_YES_TTL_SECONDS": "-1",
        "KUBE_AUTH_NO_TTL_SECONDS": "soon",
        "KUBE_AUTH_MAX_IN_FLIGHT": "0",
        "KUBE_AUTH_AUDIENCES": ",",
        "POD_NAMESPACE": "a/b",
    }

    assert {line.partition(": ")[0] for line in lines(start(module, **wrong))} == wrong.keys()


@pytest.mark.parametrize("module", SERVICES)
def test_a_malformed_kubeconfig_is_named(module: str, tmp_path: Path) -> None:
    config = tmp_path / "kubeconfig"
    config.write_text("contexts: []")

    [line] = lines(start(module, KUBECONFIG=str(config)))

    assert line == f"KUBECONFIG: {config}: current-context is missing or no text"


@pytest.mark.parametrize("module", SERVICES)
def test_no_way_to_the_api_server_is_named(module: str) -> None:
    [line] = lines(start(module, KUBECONFIG=""))

    assert line.startswith("KUBECONFIG: ")
    assert "set KUBECONFIG" in line


@pytest.mark.parametrize("module", SERVICES)
def test_a_wrong_contract_is_named(module: str, tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text("info: {}")

    [line] = lines(start(module, API_CONTRACT=str(contract)))

    assert line.startswith(f"{contract}: info.x-kubernetes-authorization")
