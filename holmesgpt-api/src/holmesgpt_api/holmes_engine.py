"""The engine that HolmesGPT provides; beside holmes_llm no other module imports the SDK."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Read by litellm while it is imported: without it each start fetches a price list.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
import openai
import structlog
from holmes.core.tool_calling_llm import LLMInterruptedError, ToolCallingLLM
from holmes.core.tools import (
    StructuredToolResult,
    StructuredToolResultStatus,
    Tool,
    ToolInvokeContext,
    ToolParameter,
    Toolset,
    ToolsetStatusEnum,
    ToolsetTag,
)
from holmes.core.tools_utils.tool_executor import ToolExecutor
from holmes.core.truncation.input_context_window_limiter import CompactionInsufficientError

from holmesgpt_api.catalog import TOOL_DESCRIPTION, TOOL_NAME
from holmesgpt_api.chat import Chat, speaks_openai
from holmesgpt_api.datastorage import DataStorageError
from holmesgpt_api.engine import (
    Cancellation,
    DeadlineExceededError,
    EngineError,
    EngineResult,
    Investigation,
    InvestigationCancelledError,
    Message,
    ToolCall,
    ToolFunction,
)
from holmesgpt_api.holmes_llm import LONGEST_CALL, OUTPUT_TOKENS, DeadlineLLM, Loop

MAX_STEPS = 10
CONTEXT_TOKENS = 128_000
# What the tool's description and a first result may take.
TOOL_TOKENS = 4096
RETRY_AFTER = 5
FORBIDDEN = (401, 403)
TOO_MANY = 429
log = structlog.get_logger("holmesgpt_api.engine")


class CatalogTool(Tool):  # type: ignore[misc]
    """The catalogue search of one investigation as the SDK sees it."""

    toolset: Any = None
    search: Any = None

    def _invoke(self, params: dict[str, Any], context: ToolInvokeContext) -> StructuredToolResult:  # noqa: ARG002
        search: ToolFunction = self.search
        try:
            data = json.dumps(search(params))
        except DataStorageError as error:
            status = StructuredToolResultStatus.ERROR
            return StructuredToolResult(status=status, error=str(error), params=params)
        status = StructuredToolResultStatus.SUCCESS
        return StructuredToolResult(status=status, data=data, params=params)

    def get_parameterized_one_liner(self, params: dict[str, Any]) -> str:
        """What the call is about."""
        return f"{TOOL_NAME}: {params.get('query', '')}"


def _parameters() -> dict[str, ToolParameter]:
    text = {
        name: ToolParameter(type="string", required=True)
        for name in ("signal_type", "kind", "namespace", "name")
    }
    return {
        "query": ToolParameter(
            type="string", required=True, description="<signal_type> <severity> [keywords]"
        ),
        "rca_resource": ToolParameter(
            type="object",
            required=True,
            properties=text,
            description="The resource that the root cause lies in.",
        ),
        "filters": ToolParameter(
            type="object",
            required=False,
            additional_properties={"type": "string"},
            description="Further labels.",
        ),
        "top_k": ToolParameter(
            type="integer", required=False, description="How many workflows, at most 10."
        ),
    }


def _toolset(search: ToolFunction) -> Toolset:
    tool = CatalogTool(
        name=TOOL_NAME, description=TOOL_DESCRIPTION, parameters=_parameters(), search=search
    )
    toolset = Toolset(
        name="workflow/catalog",
        description="Remediation workflows",
        tools=[tool],
        tags=[ToolsetTag.CORE],
        enabled=True,
    )
    toolset.status = ToolsetStatusEnum.ENABLED
    tool.toolset = toolset
    return toolset


class HolmesEngine:
    """Investigates with the SDK's loop and the catalogue as its only tool."""

    def __init__(
        self, model: str, endpoint: str, api_key: str, ca_file: Path | None = None
    ) -> None:
        self._model = model
        self._endpoint = endpoint
        self._api_key = api_key
        self._loop = Loop()
        self._chat: Chat | None = None
        if speaks_openai(model):
            self._chat = Chat(model, endpoint, api_key, LONGEST_CALL, ca_file)

    def load(self) -> None:
        """Do what the SDK otherwise does in the first investigation."""
        litellm.suppress_debug_info = True
        for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.setLevel(logging.WARNING)
        cancellation = Cancellation(RETRY_AFTER)
        toolset = _toolset(lambda _: {})
        self._llm(cancellation, None).count_tokens([{"role": "user", "content": "x"}])
        ToolExecutor([toolset]).get_all_tools_openai_format()
        _ = openai.AsyncOpenAI(api_key="unset").chat.completions

    def investigate(self, investigation: Investigation) -> EngineResult:
        """Run the SDK's loop in the calling thread."""
        cancellation = investigation.cancellation
        llm = self._llm(cancellation, investigation.request_id)
        _check_size(llm, investigation.messages)
        ai = ToolCallingLLM(
            ToolExecutor([_toolset(investigation.search)]),
            max_steps=MAX_STEPS,
            llm=llm,
            tool_results_dir=None,
        )
        answer = _translated(
            lambda: ai.call(list(investigation.messages), cancel_event=cancellation.event),
            cancellation,
        )
        return EngineResult(
            text=answer.result or "",
            messages=list(answer.messages or []),
            tool_calls=[_tool_call(call) for call in answer.tool_calls or []],
            llm_calls=answer.num_llm_calls or 0,
            tokens=answer.total_tokens or 0,
        )

    def _llm(self, cancellation: Cancellation, request_id: str | None) -> DeadlineLLM:
        return DeadlineLLM(
            self._loop,
            self._chat,
            cancellation,
            request_id,
            model=self._model,
            api_key=self._api_key,
            api_base=self._endpoint,
            args={
                "custom_args": {"max_context_size": CONTEXT_TOKENS},
                "max_tokens": OUTPUT_TOKENS,
                "max_retries": 0,
            },
        )


def _check_size(llm: DeadlineLLM, messages: list[Message]) -> None:
    """Refuse what cannot fit; the SDK would first ask the LLM to shorten it."""
    room = CONTEXT_TOKENS - OUTPUT_TOKENS - TOOL_TOKENS
    # A token has at least one byte, so a short text need not be counted.
    if sum(len(str(message.get("content")).encode()) for message in messages) <= room:
        return
    tokens = llm.count_tokens(messages).total_tokens
    if tokens > room:
        raise EngineError(413, f"the incident takes {tokens} tokens of the model's {room}")


def _tool_call(call: Any) -> ToolCall:
    result = call.result
    params = result.params
    return ToolCall(
        name=str(call.tool_name),
        arguments=dict(params) if isinstance(params, dict) else {},
        result=str(result.data if result.data is not None else result.error or ""),
        failed=result.status == StructuredToolResultStatus.ERROR,
    )


def _translated(call: Callable[[], Any], cancellation: Cancellation) -> Any:
    """Run the loop; the SDK's and litellm's errors become ours."""
    try:
        return call()
    except LLMInterruptedError as error:
        raise InvestigationCancelledError from error
    except openai.APITimeoutError as error:
        cancellation.remaining()
        raise EngineError(504, "the LLM did not answer in time") from error
    except CompactionInsufficientError as error:
        raise EngineError(502, "the investigation outgrew the model's context") from error
    except openai.APIError as error:
        status = getattr(error, "status_code", None)
        if status in FORBIDDEN:
            raise EngineError(502, "the LLM refuses our credentials") from error
        if status == TOO_MANY:
            raise EngineError(503, "the LLM is overloaded", RETRY_AFTER) from error
        if isinstance(status, int) and 400 <= status < 500:
            raise EngineError(502, f"the LLM refuses the request: {status}") from error
        raise EngineError(503, "the LLM is not available", RETRY_AFTER) from error
    except (DeadlineExceededError, InvestigationCancelledError, DataStorageError):
        raise
    except Exception as error:
        # The boundary to the SDK, which raises plain exceptions, too: for too many steps, say.
        log.exception("the SDK failed")
        raise EngineError(502, f"the investigation failed: {type(error).__name__}") from error
