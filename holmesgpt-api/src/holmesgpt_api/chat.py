"""Chat completions of an endpoint that speaks OpenAI's protocol, without a client in between.

The SDK's own way there goes through two client libraries, which take a large part
of an investigation's processor time.
"""

import json
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiohttp
import certifi
import httpx
import litellm
import openai
from litellm.utils import get_optional_params

PROVIDER = "openai"
# More than ten analyses wait for an LLM at once; a connection each.
CONNECTIONS = 256
ERRORS: dict[int, type[openai.APIStatusError]] = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
}


def speaks_openai(model: str) -> bool:
    """Whether a model, written provider/name, is asked for in this protocol."""
    return model.partition("/")[0] == PROVIDER


@lru_cache(maxsize=64)
def _parameters(model: str, given: str) -> dict[str, Any]:
    """What this model calls the parameters: newer ones have another name for the tokens, say."""
    named: dict[str, Any] = get_optional_params(
        model=model, custom_llm_provider=PROVIDER, **json.loads(given)
    )
    extra = named.pop("extra_body", None) or {}
    named.pop("max_retries", None)
    return named | extra


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    """TLS that trusts these authorities and no others; without a file, the public ones."""
    try:
        return ssl.create_default_context(cafile=ca_file or certifi.where())
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or "it holds no certificate"
        raise ValueError(f"LLM_CA_FILE: {ca_file} cannot be used: {reason}") from error


def _completion(answer: Any) -> Any:
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not isinstance(choices, list) or not choices:
        raise ValueError("there are no choices")
    return litellm.ModelResponse(**answer)


class Chat:
    """Asks one model; its methods run on one event loop."""

    def __init__(
        self,
        model: str,
        endpoint: str,
        api_key: str,
        seconds: float,
        ca_file: Path | None = None,
    ) -> None:
        self._model = model.partition("/")[2]
        self._url = f"{endpoint.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._seconds = seconds
        self._tls = _trusting(ca_file)
        self._session: aiohttp.ClientSession | None = None

    async def complete(
        self,
        messages: list[dict[str, Any]],
        parameters: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Any:
        """A completion as litellm has it. Raises openai.APIError."""
        named = _parameters(self._model, json.dumps(parameters, sort_keys=True))
        body = json.dumps({"model": self._model, "messages": messages, **named}).encode()
        asked = {**self._headers, "Content-Type": "application/json", **(headers or {})}
        try:
            async with self._open().post(self._url, data=body, headers=asked) as answer:
                text = await answer.read()
        except TimeoutError as error:
            raise openai.APITimeoutError(self._request()) from error
        except aiohttp.ClientError as error:
            raise openai.APIConnectionError(message=str(error), request=self._request()) from error
        if answer.status != 200:
            raise self._failure(answer.status, text)
        try:
            return _completion(json.loads(text))
        except (ValueError, TypeError, RecursionError) as error:
            raise openai.APIConnectionError(
                message="the answer is not a chat completion", request=self._request()
            ) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=self._tls),
                timeout=aiohttp.ClientTimeout(total=self._seconds),
            )
        return self._session

    def _failure(self, status: int, text: bytes) -> openai.APIStatusError:
        kind = ERRORS.get(status, openai.APIStatusError)
        response = httpx.Response(status, request=self._request())
        return kind(text[:500].decode(errors="replace"), response=response, body=None)

    def _request(self) -> httpx.Request:
        return httpx.Request("POST", self._url)
