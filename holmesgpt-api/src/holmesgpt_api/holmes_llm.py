"""The SDK's LLM with a deadline: what a request costs beside the LLM's own time."""

import asyncio
import concurrent.futures
import json
import threading
from collections import Counter
from functools import lru_cache
from typing import Any

import litellm
from holmes.core.llm import ContextWindowUsage, DefaultLLM
from holmes.core.tool_calling_llm import LLMInterruptedError

from holmesgpt_api.chat import Chat
from holmesgpt_api.engine import Cancellation, DeadlineExceededError

OUTPUT_TOKENS = 4096
# The longest that an analysis may be given; its own deadline ends a call before.
LONGEST_CALL = 600.0


@lru_cache(maxsize=16)
def _system_tokens(model: str, text: str) -> int:
    return int(litellm.token_counter(model=model, messages=[{"role": "system", "content": text}]))


@lru_cache(maxsize=16)
def _tool_tokens(model: str, tools: str) -> int:
    messages = [{"role": "user", "content": ""}]
    with_tools = litellm.token_counter(model=model, messages=messages, tools=json.loads(tools))
    return int(with_tools - litellm.token_counter(model=model, messages=messages))


class Loop:
    """One event loop in a thread of its own, on which all LLM requests run."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="llm", daemon=True).start()

    def submit(self, coroutine: Any) -> "concurrent.futures.Future[Any]":
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)


class DeadlineLLM(DefaultLLM):  # type: ignore[misc]
    """Waits no longer than the investigation may last, and stops at once on cancel."""

    def __init__(
        self,
        loop: Loop,
        chat: Chat | None,
        cancellation: Cancellation,
        request_id: str | None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._loop = loop
        # None: a provider whose protocol litellm knows.
        self._chat = chat
        self._cancellation = cancellation
        self._headers = {"X-Request-ID": request_id} if request_id else None

    def count_tokens(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]] | None = None
    ) -> ContextWindowUsage:
        """Count each message once, where the SDK counts all of them three times.

        The sum is some tokens above the SDK's count, as each message pays for a reply.
        """
        by_role: Counter[str] = Counter()
        for message in messages:
            if message.get("token_count") is None:
                message["token_count"] = self._count(message)
            by_role[str(message.get("role"))] += message["token_count"]
        offered = _tool_tokens(self.model, json.dumps(tools, sort_keys=True)) if tools else 0
        known = {role: by_role.pop(role, 0) for role in ("system", "user", "tool", "assistant")}
        return ContextWindowUsage(
            total_tokens=sum(known.values()) + by_role.total() + offered,
            system_tokens=known["system"],
            user_tokens=known["user"],
            tools_tokens=known["tool"],
            assistant_tokens=known["assistant"],
            tools_to_call_tokens=offered,
            other_tokens=by_role.total(),
        )

    def _count(self, message: dict[str, Any]) -> int:
        if message.get("role") == "system" and isinstance(message.get("content"), str):
            return _system_tokens(self.model, message["content"])
        return int(litellm.token_counter(model=self.model, messages=[message]))

    def get_maximum_output_token(self) -> int:
        """What is requested; the SDK's own reserve leaves no room in small contexts."""
        return OUTPUT_TOKENS

    def completion(
        self,
        messages: list[dict[str, Any]],
        tools: list[dict[str, Any]] | None = None,
        tool_choice: Any = None,
        response_format: Any = None,
        temperature: float | None = None,
        drop_params: bool | None = None,
        stream: bool | None = None,  # noqa: ARG002
    ) -> Any:
        """Send one chat completion."""
        remaining = self._cancellation.remaining()
        given = {
            **self.args,
            **({"tools": tools, "tool_choice": tool_choice} if tools else {}),
            **({"temperature": temperature} if temperature is not None else {}),
            **({"response_format": response_format} if response_format is not None else {}),
            "drop_params": drop_params,
        }
        plain = [
            {name: value for name, value in message.items() if name != "token_count"}
            for message in messages
        ]
        future = self._loop.submit(self._asked(plain, given))
        self._cancellation.on_cancel(future.cancel)
        try:
            return future.result(remaining)
        except concurrent.futures.CancelledError as error:
            raise LLMInterruptedError from error
        except TimeoutError as error:
            future.cancel()
            raise DeadlineExceededError from error

    def _asked(self, messages: list[dict[str, Any]], given: dict[str, Any]) -> Any:
        if self._chat is not None:
            return self._chat.complete(messages, given, self._headers)
        return litellm.acompletion(
            model=self.model,
            api_key=self.api_key,
            base_url=self.api_base,
            messages=messages,
            # Not what remains: each other value would be another client and connection.
            timeout=LONGEST_CALL,
            extra_headers=self._headers,
            **given,
        )
