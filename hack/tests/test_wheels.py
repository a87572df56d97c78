"""A wheel has what its package reads: contracts and workflows, which the checkout has elsewhere."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An environment with nothing of its own, which sees the dependencies of this one."""
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [packages] = folder.glob("lib/python3.*/site-packages")
    installed = sysconfig.get_path("purelib")
    (packages / "dependencies.pth").write_text(f"import site; site.addsitedir({installed!r})\n")
    return folder


def install(project: str, environment: Path) -> list[str]:
    """Build a project's wheel and install it; the names of its files."""
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        environment,
    ]
    subprocess.run(build, cwd=ROOT / project, check=True, capture_output=True)
    [wheel] = environment.glob("*.whl")
    [packages] = environment.glob("lib/python3.*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        # As pip does it for a wheel without scripts.
        archive.extractall(packages)
        return archive.namelist()


def answer(environment: Path, code: str) -> str:
    """What a program prints there, away from the checkout."""
    command: list[str | Path] = [environment / "bin" / "python", "-I", "-c", code]
    done = subprocess.run(command, cwd=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("project", "package", "contract"),
    [
        ("datastorage", "datastorage", "datastorage.yaml"),
        ("holmesgpt-api", "holmesgpt_api", "holmesgpt-api.yaml"),
    ],
)
def test_a_service_finds_its_contract_in_its_own_wheel(
    empty: Path, project: str, package: str, contract: str
) -> None:
    install(project, empty)

    found = Path(answer(empty, f"from {package}.settings import CONTRACT; print(CONTRACT)"))

    assert found.is_relative_to(empty)
    assert found.read_text() == (ROOT / "api" / contract).read_text()


def test_the_seeder_finds_schemas_and_workflows_in_its_own_wheel(empty: Path) -> None:
    files = install("holmesgpt-api/tests/fixtures", empty)
    code = "from holmesgpt_api_fixtures.workflow_files import WORKFLOWS, requests_of; "
    code += "print(WORKFLOWS, len(requests_of()))"

    folder, count = answer(empty, code).rsplit(" ", 1)

    assert Path(folder).is_relative_to(empty)
    assert int(count) == len(list((ROOT / "test" / "workflows").glob("*.yaml")))
    assert not [name for name in files if name.endswith(".go")]


def test_a_link_to_a_contract_leads_into_the_checkout() -> None:
    for package in ("datastorage/src/datastorage", "holmesgpt-api/src/holmesgpt_api"):
        link = ROOT / package / "openapi.yaml"

        assert link.is_symlink()
        assert link.resolve().parent == ROOT / "api"
