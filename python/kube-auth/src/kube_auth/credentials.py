"""Where the API server is and how this service proves itself to it.

Credentials come from a kubeconfig or from the mounted ServiceAccount. Files may
appear later and may rotate: they are read again when they change.
"""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kube_auth.errors import ReviewUnavailableError

MOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


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
        self._stamp: tuple[tuple[Path, int, int], ...] = ()
        self._current: Credentials | None = None

    def load(self) -> Credentials:
        """The credentials as of now. Raises ReviewUnavailableError while a file is missing."""
        if self._current is not None and self._stamp == self._stat(p for p, *_ in self._stamp):
            return self._current
        try:
            if self._kubeconfig is not None:
                self._current, files = _from_kubeconfig(self._kubeconfig)
            else:
                self._current, files = _from_mount(self._mount, self._env)
        except (OSError, KeyError, TypeError, ValueError, StopIteration, yaml.YAMLError) as error:
            self._current = None
            where = self._kubeconfig or self._mount
            raise ReviewUnavailableError(f"no credentials in {where}: {error!r}") from error
        self._stamp = self._stat(files)
        return self._current

    def _stat(self, paths: Any) -> tuple[tuple[Path, int, int], ...]:
        found = []
        for path in paths:
            try:
                status = path.stat()
            except OSError:
                return ()
            found.append((path, status.st_mtime_ns, status.st_ino))
        return tuple(found)


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
