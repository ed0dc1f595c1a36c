"""One file per recipe."""

CHAT_FORMATS = (
    "messages",
    "prompt_completion",
    "alpaca",
    "sharegpt",
    "openai",
    "llama_factory",
    "axolotl",
    "unsloth",
    "torchtune",
    "text",
    "raw",
    "custom",
)
PREFERENCE_FORMATS = ("preference", "llama_factory", "raw", "custom")
TEXT_FORMATS = ("text", "messages", "raw", "custom")
