"""Our exports train: TRL on a tiny random Llama, for a few steps, with nothing downloaded.

Needs the dependency group `train`; run with `pytest -m extra tests/output/test_training.py`.
"""

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datasets
import pytest

from output.writing import write_dataset
from schemas.samples import Sample, Split
from schemas.settings import load_settings
from tests.output.builders import CARD, SOURCES, conversation, exchange, preferred, reasoned, selected

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast, Trainer

pytestmark = [pytest.mark.extra, pytest.mark.timeout(900)]

ROWS = 32
STEPS = 30
TEMPLATE = (
    "{% for turn in messages %}<|{{ turn.role }}|>{{ turn.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def _tokenizer() -> "PreTrainedTokenizerFast":
    """A byte-level tokenizer without merges: it can hold any text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate([*SPECIAL, *alphabet])}
    inner = Tokenizer(models.BPE(vocabulary, []))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens(SPECIAL)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token=SPECIAL[0], eos_token=SPECIAL[1], chat_template=TEMPLATE
    )


def _model(vocabulary: int) -> "LlamaForCausalLM":
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=512,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=1,
    )
    return LlamaForCausalLM(config)


def _rows(tmp_path: Path, sample: Sample, settings: dict[str, Any]) -> datasets.Dataset:
    rows = [selected(sample, Split.TRAIN) for _ in range(ROWS)]
    write_dataset(lambda: rows, tmp_path / "dataset", load_settings(settings), SOURCES, CARD)
    return datasets.load_dataset(str(tmp_path / "dataset"), split="train", cache_dir=str(tmp_path / "cache"))


def _arguments(tmp_path: Path) -> dict[str, Any]:
    return {
        "output_dir": str(tmp_path / "out"),
        "max_steps": STEPS,
        "per_device_train_batch_size": 4,
        "learning_rate": 5e-3,
        "lr_scheduler_type": "constant",
        "logging_steps": 1,
        "report_to": [],
        "save_strategy": "no",
        "use_cpu": True,
        "bf16": False,
        "gradient_checkpointing": False,
        "max_length": 512,
        "seed": 0,
    }


def _falls(trainer: "Trainer", name: str) -> None:
    trainer.train()
    losses = [step["loss"] for step in trainer.state.log_history if "loss" in step]
    print(f"{name}: loss {losses[0]:.3f} -> {losses[-1]:.3f} in {len(losses)} steps")
    assert len(losses) == STEPS
    assert all(map(isfinite, losses))
    assert losses[-1] < 0.7 * losses[0]


SFT: dict[str, tuple[Sample, dict[str, Any]]] = {
    "plain": (exchange(), {}),
    "plain, JSON lines": (exchange(), {"storage": "jsonl"}),
    "reasoning": (reasoned(), {"output": {"reasoning": "think"}}),
    "multi-turn": (conversation(), {}),
    "prompt and completion": (exchange(), {"format": "prompt_completion"}),
    "text": (exchange(), {"format": "text"}),
}


@pytest.mark.parametrize("name", SFT)
def test_sft_learns_from_our_rows(tmp_path: Path, name: str) -> None:
    trl = pytest.importorskip("trl")
    tokenizer, (sample, settings) = _tokenizer(), SFT[name]
    trainer = trl.SFTTrainer(
        model=_model(len(tokenizer)),
        args=trl.SFTConfig(**_arguments(tmp_path)),
        train_dataset=_rows(tmp_path, sample, settings),
        processing_class=tokenizer,
    )
    _falls(trainer, f"SFT, {name}")


@pytest.mark.parametrize("implicit", [False, True])
def test_dpo_learns_from_our_preferences(tmp_path: Path, implicit: bool) -> None:
    trl = pytest.importorskip("trl")
    tokenizer = _tokenizer()
    settings = {"format": "preference", "output": {"implicit_prompt": implicit}}
    trainer = trl.DPOTrainer(
        model=_model(len(tokenizer)),
        ref_model=_model(len(tokenizer)),
        args=trl.DPOConfig(**_arguments(tmp_path)),
        train_dataset=_rows(tmp_path, preferred(), settings),
        processing_class=tokenizer,
    )
    _falls(trainer, f"DPO, {'implicit' if implicit else 'explicit'} prompt")
