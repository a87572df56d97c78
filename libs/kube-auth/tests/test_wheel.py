"""The wheel stands alone: built, installed with what it declares, and used."""

import os
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "libs" / "kube-auth"
# What the services here are made of, and a wheel for everybody must not need.
FOREIGN = ["fastapi", "httptools", "service_base", "starlette", "structlog", "uvicorn"]
GUARDED = """
import asyncio, importlib, pathlib, sys
import kube_auth
from kube_auth import *

for file in pathlib.Path(kube_auth.__file__).parent.glob("*.py"):
    importlib.import_module(f"kube_auth.{file.stem}")
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    raise SystemExit(f"{name} is installed")


class Nobody:
    async def review_token(self, token):
        return None


async def send(message):
    sent.append(message)


sent = []
app = KubeAuthMiddleware(None, reviewer=Nobody(), authorization=Authorization([]))
scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
asyncio.run(app(scope, None, send))
print(sent[0]["status"], pathlib.Path(kube_auth.__file__).is_relative_to(sys.prefix))
"""


def run(*command: object, **env: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env=kept | env,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def uv(*arguments: object, **env: str) -> str:
    """uv with what its cache has, which is what the environment of this test was made from."""
    return run("hack/uv.sh", *arguments, UV_OFFLINE="1", **env)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", folder, PACKAGE)
    [built] = folder.glob("*.whl")
    return built


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(archive.read(name).decode())


def test_it_runs_with_what_it_declares_and_nothing_else(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    uv("venv", "--quiet", "--python", sys.executable, environment)
    uv(
        *("sync", "--quiet", "--frozen", "--package", "kube-auth"),
        *("--no-install-workspace", "--python", sys.executable),
        UV_PROJECT_ENVIRONMENT=str(environment),
    )
    python = environment / "bin" / "python"
    uv("pip", "install", "--quiet", "--no-deps", "--python", python, wheel)
    uv("pip", "check", "--quiet", "--python", python)

    assert run(python, "-I", "-c", GUARDED, *FOREIGN) == "401 True\n"


def test_it_says_what_it_is(wheel: Path) -> None:
    told = metadata(wheel)

    assert told["License-Expression"] == "Apache-2.0"
    assert told.get_all("License-File") == ["LICENSE"]
    assert {url.partition(",")[0] for url in told.get_all("Project-URL", [])} >= {
        "Homepage",
        "Documentation",
        "Issues",
        "Source",
    }
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    assert "tokenreview" in told["Keywords"]
    assert "```python" in told.get_payload()


def test_it_has_the_licence_and_the_marker_for_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [licence] = [one for one in names if one.endswith("/LICENSE")]
        text = archive.read(licence)

    assert text == (ROOT / "LICENSE").read_bytes()
    assert "kube_auth/py.typed" in names
    assert {name.partition("/")[0] for name in names} == {
        "kube_auth",
        licence.partition("/")[0],
    }
