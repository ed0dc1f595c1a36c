"""What changed between two datasets, in words."""

from collections.abc import Iterator

from output.report.diff import Cause, RunDiff

_GONE = {
    Cause.DOCUMENT_ABSENT: "the document is gone: {}",
    Cause.DOCUMENT_CHANGED: "the document changed: {}",
    Cause.DOCUMENT_UNREAD: "the document could not be read: {}",
    Cause.DROPPED: "dropped now: {}",
    Cause.EDITED: "in other words since a person's edit, of {}",
    Cause.RECIPE_ABSENT: "the recipe is gone: {}",
    Cause.SETTING_CHANGED: "made with other settings: {}",
    Cause.NOT_MADE: "not made again by {}",
}
_COME = {
    Cause.DOCUMENT_ABSENT: "the document is new: {}",
    Cause.DOCUMENT_CHANGED: "the document changed: {}",
    Cause.DOCUMENT_UNREAD: "the document can be read now: {}",
    Cause.DROPPED: "kept now, dropped before: {}",
    Cause.EDITED: "in a person's words, of {}",
    Cause.RECIPE_ABSENT: "the recipe is new: {}",
    Cause.SETTING_CHANGED: "made with other settings: {}",
    Cause.NOT_MADE: "newly made by {}",
}


def diff_text(diff: RunDiff) -> str:
    """Return the changes for a terminal, a line each, with some questions below."""
    return "\n".join(_lines(diff))


def _lines(diff: RunDiff) -> Iterator[str]:
    removed, added = (sum(change.count for change in changes) for changes in (diff.removed, diff.added))
    yield f"From {diff.before} to {diff.after}: {diff.unchanged:,} rows unchanged, -{removed:,}, +{added:,}"
    if diff.moved:
        yield f"  {diff.moved:,} of the unchanged rows are in another split"
    if diff.settings:
        yield "Settings"
    for setting in diff.settings:
        yield f"  {setting.name}: {setting.before or 'unset'} -> {setting.after or 'unset'}"
    for title, sign, changes, words in (
        ("Removed", "-", diff.removed, _GONE),
        ("Added", "+", diff.added, _COME),
    ):
        if changes:
            yield title
        for change in changes:
            told = change.detail.replace("_", " ") if change.cause is Cause.DROPPED else change.detail
            yield f"  {sign}{change.count:,} {words[change.cause].format(told)}"
            yield from (f"      {question}" for question in change.examples)
