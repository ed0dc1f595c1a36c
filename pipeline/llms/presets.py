"""The providers that are nothing but data: addresses, keys' variables, models, windows and prices.

Prices are US dollars per million tokens, as pages of 2026 state them; where no page was found to state one,
or it differs by route, none is given. They change: `llm.price` goes before them.
"""

from schemas.contracts import ModelCard, Price, ProviderEntry
from schemas.registry import providers

_LLAMA_API_WINDOW = 128_000
_LLAMA_4_WINDOW = 131_072

providers.add(
    "llama",
    ProviderEntry(
        "the Llama API",
        base_url="https://api.llama.com/compat/v1/",
        key_variable="LLAMA_API_KEY",
        models=(
            ModelCard("Llama-4-Maverick-17B-128E-Instruct-FP8", _LLAMA_API_WINDOW),
            ModelCard("Llama-4-Scout-17B-16E-Instruct-FP8", _LLAMA_API_WINDOW),
            ModelCard("Llama-3.3-70B-Instruct", _LLAMA_API_WINDOW),
            ModelCard("Llama-3.3-8B-Instruct", _LLAMA_API_WINDOW),
        ),
        structured=("json_schema",),
    ),
)
providers.add(
    "together",
    ProviderEntry(
        "Together AI",
        base_url="https://api.together.xyz/v1",
        key_variable="TOGETHER_API_KEY",
        models=(
            ModelCard("meta-llama/Llama-4-Scout-17B-16E-Instruct", 1_048_576),
            ModelCard("meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8", 1_048_576),
        ),
        max_tokens_parameter="max_tokens",
    ),
)
providers.add(
    "groq",
    ProviderEntry(
        "Groq",
        base_url="https://api.groq.com/openai/v1",
        key_variable="GROQ_API_KEY",
        models=(
            # Vercel's list of who serves Scout (stored 2026); nothing is said of cheaper cached tokens.
            ModelCard("meta-llama/llama-4-scout-17b-16e-instruct", _LLAMA_4_WINDOW, Price(0.11, 0.11, 0.34)),
        ),
    ),
)
providers.add(
    "openrouter",
    ProviderEntry(
        "OpenRouter, many providers behind one key",
        base_url="https://openrouter.ai/api/v1",
        key_variable="OPENROUTER_API_KEY",
        max_tokens_parameter="max_tokens",
    ),
)
providers.add(
    "openai",
    ProviderEntry(
        "OpenAI, or any compatible endpoint with --base-url",
        base_url="https://api.openai.com/v1",
        key_variable="OPENAI_API_KEY",
        models=(
            # Vercel's page of the model (stored 2026); cached tokens at a quarter.
            ModelCard("gpt-4.1-mini", 1_047_576, Price(0.4, 0.1, 1.6)),
        ),
        batch_price=0.5,  # as the provider said in November 2026; others say "up to" or "typically" half
    ),
)
providers.add(
    "vllm",
    ProviderEntry(
        "a local vLLM server",
        base_url="http://localhost:8000/v1",
        key_variable="VLLM_API_KEY",
        max_tokens_parameter="max_tokens",
    ),
)
providers.add(
    "ollama",
    ProviderEntry(
        "a local Ollama",
        base_url="http://localhost:11434/v1",
        key_variable="OLLAMA_API_KEY",
        max_tokens_parameter="max_tokens",
    ),
)
providers.add(
    "llamacpp",
    ProviderEntry(
        "a local llama.cpp server",
        base_url="http://localhost:8080/v1",
        key_variable="LLAMACPP_API_KEY",
        max_tokens_parameter="max_tokens",
    ),
)
providers.add(
    "lmstudio",
    ProviderEntry(
        "a local LM Studio",
        base_url="http://localhost:1234/v1",
        key_variable="LMSTUDIO_API_KEY",
        structured=("json_schema",),
        max_tokens_parameter="max_tokens",
    ),
)
