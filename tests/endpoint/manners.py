"""How servers differ on the wire, as their documentation and issues had it in November 2026."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Manner:
    """One server's ways. `too_long` is what it says of a long prompt, `thinking` the key of thoughts.

    `window` names the window in the list of models, which may be `bare`, a list and no object, and may say
    more of each, as in `listed`.
    """

    too_long: Mapping[str, Any]
    too_long_status: int = 400
    bare: bool = False
    window: str = ""
    listed: Mapping[str, str] = field(default_factory=dict)
    cached: Literal["details", "usage", "timings", "none"] = "none"
    thinking: str = ""
    refuses: tuple[str, ...] = ()
    refusal: str = "Unsupported parameter: '{shown}' ({name}) is not supported."
    headers: Mapping[str, str] = field(default_factory=dict)

    def usage_of(self, prompt: int, cached: int, completion: int) -> dict[str, Any]:
        """Return what a completion says of its tokens, beside the answer."""
        usage: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion}
        if self.cached == "details":
            usage["prompt_tokens_details"] = {"cached_tokens": cached}
        elif self.cached == "usage":
            usage["cached_tokens"] = cached
        timings = {"timings": {"cache_n": cached}} if self.cached == "timings" else {}
        return {"usage": usage, **timings}


def _error(message: str, **others: Any) -> dict[str, Any]:
    return {"error": {"message": message, **others}}


PLAIN = Manner(
    _error("maximum context length is exceeded", type="simulated", code="context_length_exceeded"),
    window="max_model_len",
    cached="details",
)
MANNERS: Mapping[str, Manner] = {
    "": PLAIN,
    "vllm": Manner(
        _error(
            "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length "
            "is 4096 tokens and your request has 4000 input tokens",
            type="BadRequestError",
            param=None,
            code=400,
        ),
        window="max_model_len",
        thinking="reasoning",
    ),
    "vllm-2024": Manner(
        {"object": "error", "message": "max_tokens must be at least 1, got -812.", "code": 400},
        window="max_model_len",
        thinking="reasoning_content",
    ),
    "llamacpp": Manner(
        _error(
            "the request exceeds the available context size. try increasing the context size or enable "
            "context shift",
            code=400,
            type="exceed_context_size_error",
            n_prompt_tokens=14429,
            n_ctx=8192,
        ),
        cached="details",
        thinking="reasoning_content",
    ),
    "llamacpp-2025": Manner(
        _error("the request exceeds the available context size. try increasing it", code=500),
        too_long_status=500,
        cached="timings",
    ),
    "ollama": Manner(
        _error("the input length exceeds the context length", type="api_error", code=None),
        thinking="reasoning",
    ),
    "lmstudio": Manner(
        {
            "error": "The number of tokens to keep from the initial prompt is greater than the context"
            " length. Try to load the model with a larger context length, or provide a shorter input"
        },
        refuses=("json_object",),
        refusal="'response_format.type' must be 'json_schema' or 'text'",
        thinking="reasoning_content",
    ),
    "llama": Manner(
        {"title": "Bad Request", "detail": "The prompt is too long: the maximum context window is 128000"},
        refuses=("json_object",),
    ),
    "together": Manner(
        _error(
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 131073. Given: 200000 "
            "`inputs` tokens and 512 `max_new_tokens`",
            type="invalid_request_error",
            code=None,
        ),
        too_long_status=422,
        bare=True,
        window="context_length",
        cached="usage",
        headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0.2", "x-tokenlimit-remaining": "9000"},
    ),
    "openai": Manner(
        _error("Your input exceeds the context window of this model.", code="context_length_exceeded"),
        cached="details",
        listed={"shutdown_date": "2027-01-14"},
    ),
    "groq": Manner(
        _error(
            "Please reduce the length of the messages or completion.",
            type="invalid_request_error",
            param="messages",
            code="context_length_exceeded",
        ),
        window="context_window",
        cached="details",
        thinking="reasoning",
        headers={"x-ratelimit-remaining-requests": "14370", "x-ratelimit-reset-requests": "2m59.56s"},
    ),
    "groq-spent": Manner(
        _error("Please reduce the length of the messages or completion."),
        cached="details",
        headers={"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "14m24s"},
    ),
    "openrouter": Manner(
        _error(
            "Provider returned error",
            code=400,
            metadata={
                "raw": '{"error":{"message":"This model\'s maximum context length is 8192 tokens."}}',
                "provider_name": "Example",
            },
        ),
        window="context_length",
        cached="details",
        thinking="reasoning",
    ),
}
