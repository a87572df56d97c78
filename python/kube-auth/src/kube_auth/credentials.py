"""Where the API server is and how this service proves itself to it.

Credentials come from a kubeconfig or from the mounted ServiceAccount. Files may
appear later and may rotate: they are read again when they change.
"""

import base64
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kube_auth.errors import ReviewUnavailableError

MOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
UNUSABLE = (
    AttributeError,
    OSError,
    KeyError,
    TypeError,
    ValueError,
    StopIteration,
    yaml.YAMLError,
)


@dataclass(frozen=True)
class Credentials:
    """One consistent reading of the credential files."""

    server: str
    tls: ssl.SSLContext | None
    token: str


class CredentialSource:
    """Reads credentials, and reads them again when a file behind them changed."""

    def __init__(self, kubeconfig: Path | None, env: Mapping[str, str], mount: Path = MOUNT):
        self._kubeconfig = kubeconfig
        self._env = env
        self._mount = mount
        self._stamp: tuple[tuple[Path, int, int, int], ...] = ()
        self._current: Credentials | None = None

    def load(self) -> Credentials:
        """The credentials as of now. Raises ReviewUnavailableError while a file is missing."""
        stamp = self._stat(path for path, *_ in self._stamp)
        if self._current is not None and stamp and stamp == self._stamp:
            return self._current
        self._current = None
        try:
            _, files = self._read()
            # The stamp is older than what is kept: a change in between is seen next time.
            self._stamp = self._stat(files)
            self._current, _ = self._read()
        except UNUSABLE as error:
            where = self._kubeconfig or self._mount
            raise ReviewUnavailableError(f"no credentials in {where}: {_why(error)}") from error
        return self._current

    def _read(self) -> tuple[Credentials, list[Path]]:
        if self._kubeconfig is not None:
            return _from_kubeconfig(self._kubeconfig)
        return _from_mount(self._mount, self._env)

    def _stat(self, paths: Iterable[Path]) -> tuple[tuple[Path, int, int, int], ...]:
        found = []
        for path in paths:
            try:
                status = path.stat()
            except OSError:
                return ()
            found.append((path, status.st_mtime_ns, status.st_ino, status.st_size))
        return tuple(found)


def _why(error: Exception) -> str:
    # Other errors quote what they read, which may be a token.
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return type(error).__name__


def _from_mount(mount: Path, env: Mapping[str, str]) -> tuple[Credentials, list[Path]]:
    token, authority = mount / "token", mount / "ca.crt"
    host, port = env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"]
    if ":" in host:
        host = f"[{host}]"
    tls = ssl.create_default_context(cafile=str(authority))
    credentials = Credentials(f"https://{host}:{port}", tls, token.read_text().strip())
    return credentials, [token, authority]


def _from_kubeconfig(path: Path) -> tuple[Credentials, list[Path]]:
    document = yaml.safe_load(path.read_text())
    context = _named(document["contexts"], document["current-context"])["context"]
    cluster = _named(document["clusters"], context["cluster"])["cluster"]
    user = _named(document["users"], context["user"])["user"]
    files = [path]

    def data(holder: dict[str, str], key: str) -> str | None:
        if f"{key}-data" in holder:
            return base64.b64decode(holder[f"{key}-data"]).decode()
        if key not in holder:
            return None
        file = path.parent / holder[key]
        files.append(file)
        return file.read_text()

    token = user.get("token", "")
    if "tokenFile" in user:
        token_file = path.parent / user["tokenFile"]
        files.append(token_file)
        token = token_file.read_text().strip()
    tls = None
    if cluster["server"].startswith("https:"):
        tls = ssl.create_default_context(cadata=data(cluster, "certificate-authority"))
    if not token:
        raise ValueError("the user has no token")
    return Credentials(cluster["server"].rstrip("/"), tls, token), files


def _named(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["name"] == name)
