"""Chat completions of an endpoint: what is sent, what is trusted, what becomes of failures."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
import trustme
from aiohttp import web
from holmesgpt_api.chat import Chat, speaks_openai

from .test_holmes_engine import completion  # type: ignore[import-not-found] # no package

ASKED = [{"role": "user", "content": "why?"}]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# Importing the SDK's client libraries takes seconds.
pytestmark = pytest.mark.slow


@asynccontextmanager
async def endpoint(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The base URL of a server that answers with this."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1"
    finally:
        await runner.cleanup()


def ask(
    handler: Handler,
    parameters: dict[str, Any] | None = None,
    *,
    model: str = "openai/mock-model",
    tls: ssl.SSLContext | None = None,
    ca_file: Path | None = None,
) -> Any:
    """One completion."""

    async def run() -> Any:
        async with endpoint(handler, tls) as url:
            chat = Chat(model, url, "key", 10, ca_file)
            try:
                return await chat.complete(ASKED, parameters or {}, {"X-Request-ID": "r-1"})
            finally:
                await chat.close()

    return asyncio.run(run())


async def answers(_: web.Request) -> web.Response:
    return web.json_response(completion({"role": "assistant", "content": "so"}, "stop"))


def test_a_completion_is_what_the_sdk_expects() -> None:
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(await request.json(), headers=dict(request.headers))
        return await answers(request)

    answer = ask(handler, {"max_tokens": 7, "max_retries": 0, "temperature": 0.5})

    assert answer.choices[0].message.content == "so"
    assert answer.usage.total_tokens == 2
    headers = seen.pop("headers")
    assert (headers["Authorization"], headers["X-Request-ID"]) == ("Bearer key", "r-1")
    expected = {"model": "mock-model", "messages": ASKED, "max_tokens": 7, "temperature": 0.5}
    assert {name: seen.get(name) for name in expected} == expected
    assert "max_retries" not in seen


def test_a_newer_model_is_asked_with_its_own_names() -> None:
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(await request.json())
        return await answers(request)

    ask(handler, {"max_tokens": 7}, model="openai/gpt-5")

    assert seen["max_completion_tokens"] == 7
    assert "max_tokens" not in seen


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (429, openai.RateLimitError),
        (500, openai.APIStatusError),
    ],
)
def test_a_refusal_is_the_sdks_error(status: int, error: type[openai.APIStatusError]) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "no"}}, status=status)

    with pytest.raises(error, match="no") as caught:
        ask(handler)

    assert caught.value.status_code == status


@pytest.mark.parametrize("text", ["", "[]", "{", '{"choices": 1}', '{"choices": []}', "null"])
def test_what_is_no_completion_is_an_error(text: str) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="application/json")

    with pytest.raises(openai.APIConnectionError):
        ask(handler)


def serving(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_the_given_authority_is_trusted_and_no_other(tmp_path: Path) -> None:
    ours, another = trustme.CA(), trustme.CA()
    file = tmp_path / "ca.pem"
    ours.cert_pem.write_to_path(str(file))

    assert ask(answers, tls=serving(ours), ca_file=file).choices
    for tls, trusted in ((serving(another), file), (serving(ours), None)):
        with pytest.raises(openai.APIConnectionError, match="certificate"):
            ask(answers, tls=tls, ca_file=trusted)


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_of_authorities_that_cannot_be_used_is_named(
    tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)

    with pytest.raises(ValueError, match=f"LLM_CA_FILE: {file}"):
        Chat("openai/m", "http://llm.invalid", "key", 1, file)


@pytest.mark.parametrize(("model", "does"), [("openai/m", True), ("anthropic/m", False)])
def test_only_openais_protocol_is_spoken(model: str, does: bool) -> None:
    assert speaks_openai(model) is does
