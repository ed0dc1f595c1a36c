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
PICTURE_FORMATS = ("messages", "sharegpt", "openai", "llama_factory", "raw")
TEXT_FORMATS = ("text", "messages", "raw", "custom")
