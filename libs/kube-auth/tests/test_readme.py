"""The README's examples run as they stand there."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

README = (Path(__file__).parents[1] / "README.md").read_text()


def example(heading: str, language: str) -> str:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return found[0]


@asynccontextmanager
async def running(api: Any, code: str) -> AsyncIterator[httpx.AsyncClient]:
    """The example's application, with the fake API server behind its kubeconfig."""
    async with api:
        names: dict[str, Any] = {}
        exec(compile(code, "README.md", "exec"), names)
        app = names["app"]
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://s") as client,
        ):
            yield client


@pytest.mark.parametrize("framework", ["FastAPI", "Starlette"])
def test_an_example_is_a_guarded_service(
    api: Any, framework: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(api.kubeconfig))
    monkeypatch.setenv("POD_NAMESPACE", "ns")
    (tmp_path / "contract.yaml").write_text(example("FastAPI", "yaml"))
    token = {"Authorization": "Bearer t"}

    async def scenario() -> None:
        async with running(api, example(framework, "python")) as client:
            refused = await client.get("/items/7")
            assert refused.status_code == 401
            assert api.requests == []

            allowed = await client.get("/items/7", headers=token)
            assert allowed.status_code == 200
            assert allowed.json() == {"item": "7", "asked_by": api.token["user"]["username"]}
            right = api.requests[1][1]["spec"]["resourceAttributes"]
            assert right == {
                "namespace": "ns",
                "group": "",
                "resource": "services",
                "name": "items",
                "verb": "get",
            }
            assert (await client.get("/docs", headers=token)).status_code == 404
            assert (await client.delete("/items/7", headers=token)).status_code == 405

            async with asyncio.timeout(20):
                while (await client.get("/ready")).status_code != 200:  # noqa: ASYNC110 # asking moves it
                    # The application is in this loop; its own tasks need turns.
                    await asyncio.sleep(0)
            assert api.self_reviews == ["tokenreviews", "subjectaccessreviews"]

    asyncio.run(scenario())
