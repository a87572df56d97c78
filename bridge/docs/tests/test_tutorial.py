"""The tutorial, word for word: its commands in its order, and its Go file."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "bridge" / "docs" / "tutorial" / "bridge-your-first-suite.md"
OURS = "/github.com/jordigilh/kubernaut"
LIMIT_SECONDS = 280
PROJECT = """import pytest


@pytest.mark.slow
def test_slow(): pass


def test_passes(): pass


def test_login():
    assert "one" == "one"
"""


def commands(section: str) -> list[str]:
    """The indented lines of a section; the lines before the first one are section 0."""
    parts = re.split(r"^## (\d)\..*\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = {"0": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))
    found = re.findall(
        r"^    (\S.*)$", re.sub(r"```.*?```", "", sections[section], flags=re.S), re.M
    )
    assert found, f"section {section} has no command"
    return [str(line) for line in found]


def go_file() -> str:
    """The one Go file."""
    [block] = re.findall(r"```go\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


@dataclass
class Proxy:
    """A module proxy that refuses our name and has what this machine has downloaded."""

    status: int
    url: str = ""
    refused: list[str] = field(default_factory=list)


class Handler(SimpleHTTPRequestHandler):
    """Serves the download cache; GET is the only method of the protocol."""

    def __init__(self, *args: object, proxy: Proxy, **kwargs: object) -> None:
        self.proxy = proxy
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Refuse what is ours."""
        if self.path.startswith(OURS):
            self.proxy.refused.append(self.path)
            self.send_error(self.proxy.status)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(params=[404, 403])
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """It listens while the test runs."""
    cache = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True)
    serving = Proxy(request.param)
    folder = f"{cache.stdout.strip()}/cache/download"
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Handler, directory=folder, proxy=serving)
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        serving.url = f"http://127.0.0.1:{server.server_port}"
        yield serving
        server.shutdown()
        thread.join()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A pytest project, in a home that has a checkout."""
    (tmp_path / "kubernaut").symlink_to(ROOT)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "test_login.py").write_text(PROJECT)
    (folder / "test_cart.py").write_text("def test_empty(): pass\n")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = slow: takes long\n")
    return folder


def follow(project: Path, url: str, lines: list[str]) -> subprocess.CompletedProcess[str]:
    """Type the lines into a shell in the folder of the tests, until one fails."""
    upstream = subprocess.run(["go", "env", "GOPROXY"], capture_output=True, text=True, check=True)
    home = Path(os.environ["HOME"])
    kept = subprocess.run(["go", "env", "GOMODCACHE", "GOCACHE"], capture_output=True, text=True)
    modules, builds = kept.stdout.split()
    environment = {
        **os.environ,
        "HOME": str(project.parent),
        "GOPROXY": f"{url},{upstream.stdout.strip()}",
        "GOMODCACHE": modules,
        "GOCACHE": builds,
        "GOSUMDB": "off",
        "GOFLAGS": "",
        "PIP_CACHE_DIR": str(home / ".cache" / "pip"),
        "PYTEST_ADDOPTS": "",
    }
    script = "\n".join(["set -ex", *lines])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def ran(project: Path) -> list[int]:
    """How many tests pytest ran for each `go test`, in their order."""
    logs = sorted(project.glob("run-*.jsonl"))
    return [log.read_text(encoding="utf-8").count('"event":"test_finish"') for log in logs]


def interpreter() -> Path:
    """An environment that has what section 1 installs; make release-check tries that."""
    return Path(os.environ.get("NESTED_PYTHON", sys.executable)).parents[1]


def lines_of(*sections: str) -> list[str]:
    """The commands of the sections; the Go file is written where the page has it."""
    lines: list[str] = []
    for section in sections:
        for command in commands(section):
            lines.append(command)
            if command.startswith("go test") and "dry-run" not in command:
                lines.append(f"cp report/events.jsonl ../run-{len(lines):02}.jsonl")
        if section == "2":
            lines.append(f"cat >bridge_test.go <<'GO'\n{go_file()}GO")
    return lines


@pytest.mark.timeout(LIMIT_SECONDS + 20)
def test_the_commands_work_as_printed_though_no_proxy_has_our_name(
    project: Path, proxy: Proxy
) -> None:
    (project / ".venv").symlink_to(interpreter())

    done = follow(project, proxy.url, lines_of("0", "2", "3", "4"))

    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert ran(project) == [4, 3, 3, 1], said
    assert done.stdout.count("ok  \texample.org/bridge") == len(commands("3") + commands("4")) - 2
    assert (project / "bridge" / "report" / "timeline.html").is_file()


@pytest.mark.timeout(LIMIT_SECONDS + 20)
@pytest.mark.skipif(
    "RELEASE_CHECK" not in os.environ, reason="downloads; make release-check does it"
)
@pytest.mark.parametrize("proxy", [404], indirect=True)
def test_the_whole_page_works_with_an_interpreter_that_pip_made(
    project: Path, proxy: Proxy
) -> None:
    done = follow(project, proxy.url, lines_of("0", "1", "2", "3"))

    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert ran(project) == [4], said


@pytest.mark.parametrize("proxy", [404], indirect=True)
def test_a_broken_assertion_fails_its_spec_at_its_line(project: Path, proxy: Proxy) -> None:
    (project / ".venv").symlink_to(interpreter())
    (project / "test_login.py").write_text(PROJECT.replace('== "one"', '== "two"'))

    done = follow(project, proxy.url, lines_of("0", "2", "3"))

    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "3 Passed" in said
    assert "1 Failed" in said
    assert "test_login.py:12" in said


def test_nobody_is_told_to_ask_a_registry_for_a_name_that_is_not_ours() -> None:
    lines = [line for section in "01234" for line in commands(section)]

    assert not [line for line in lines if re.search(r"install .*(?<!/)pytest-ginkgo", line)]
    assert not [line for line in lines if line.startswith(("go get", "go install"))]
