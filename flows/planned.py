"""What a dry run says: what would be asked, and what it would cost."""

from typing import TYPE_CHECKING

import orjson

from schemas.requests import Usage

if TYPE_CHECKING:
    from flows.stages.plan import Plan


def plan_text(plan: "Plan") -> str:
    """Return what a run would do."""
    unreadable = [f"{count} {reason.replace('_', ' ')}" for reason, count in plan.unreadable.items()]
    unreadable += [f"{plan.needs_vision} without text, for a vision model"] if plan.needs_vision else []
    lines = [
        f"Documents  {plan.documents:,} of {plan.characters:,} characters"
        + (f"; not usable: {', '.join(unreadable)}" if unreadable else ""),
        *(f"  {count:,} shown {mode}" for mode, count in plan.modes.items()),
        f"Samples    about {plan.expected.samples:,}, before curation",
        "Asked      "
        + ("requests, tokens in, of these cached, tokens out, cost" if plan.requests else "nothing"),
        *(_expected_line(f"{line.stage} {line.recipe}", line.usage) for line in plan.expected.lines),
        _expected_line("all together", plan.usage),
        *(f"Assumed    {each}" for each in plan.expected.assumed),
        *([plan.warning] if plan.warning else []),
        f"Nothing was sent to {plan.model}.",
    ]
    return "\n".join(lines)


def _expected_line(name: str, usage: Usage) -> str:
    cost = f"{f'${usage.cost_usd:,.2f}':>10}" if usage.cost_usd else f"{'unknown':>10}"
    return (
        f"  {name:<28} {usage.requests:>9,} {usage.prompt_tokens:>13,} {usage.cached_tokens:>13,} "
        f"{usage.completion_tokens:>12,} {cost}"
    )


def plan_json(plan: "Plan") -> str:
    """Return the same for programs."""
    told = orjson.loads(orjson.dumps(plan)) | {"requests": plan.requests, "usage": plan.usage}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
