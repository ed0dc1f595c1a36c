"""Hypothesis strategies for everything that the store holds."""

from hypothesis import strategies as st

from schemas.documents import (
    Block,
    BlockKind,
    Box,
    Document,
    Figure,
    Metadata,
    OutlineEntry,
    PageNote,
    PageQuality,
    Source,
)
from schemas.ledger import End, Outcome, Stage
from schemas.requests import Image, Message, ToolCall
from schemas.samples import Evidence, Judged, Origin, Sample, Verdict

TEXT = st.text(max_size=12)  # without surrogates, with NUL
NUMBER = st.integers(0, 2**40)
PAGE = st.none() | st.integers(1, 9999)
POINT = st.floats(allow_nan=False)
SCORE = st.none() | st.floats(0, 1)
BYTES = st.binary(max_size=8)

BOX = st.builds(Box, POINT, POINT, POINT, POINT)
DOCUMENTS = st.builds(
    Document,
    source=st.builds(Source, TEXT, TEXT, TEXT, NUMBER, TEXT),
    text=TEXT,
    blocks=st.lists(
        st.builds(Block, st.sampled_from(BlockKind), NUMBER, NUMBER, PAGE, NUMBER, st.none() | BOX),
        max_size=3,
    ).map(tuple),
    figures=st.lists(st.builds(Figure, TEXT, TEXT, BYTES, PAGE, st.none() | BOX, TEXT, TEXT), max_size=2).map(
        tuple
    ),
    page_notes=st.lists(
        st.builds(PageNote, st.integers(1, 99), st.sampled_from(PageQuality), TEXT), max_size=2
    ).map(tuple),
    outline=st.lists(st.builds(OutlineEntry, TEXT, NUMBER, PAGE), max_size=2).map(tuple),
    metadata=st.builds(Metadata, TEXT, TEXT, TEXT, TEXT, TEXT),
    language=st.none() | TEXT,
    page_count=PAGE,
)

IMAGE = st.builds(Image, TEXT, BYTES)
MESSAGE = st.builds(
    Message,
    st.sampled_from(["system", "user", "assistant", "tool"]),
    TEXT,
    st.lists(IMAGE, max_size=2).map(tuple),
    st.lists(st.builds(ToolCall, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    st.none() | TEXT,
)
SAMPLES = st.builds(
    Sample,
    recipe=TEXT,
    kind=TEXT,
    messages=st.lists(MESSAGE, max_size=3).map(tuple),
    origin=st.builds(Origin, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple), st.booleans()),
    evidence=st.lists(st.builds(Evidence, TEXT, NUMBER, NUMBER, TEXT, PAGE), max_size=2).map(tuple),
    unlocated=st.lists(TEXT, max_size=2).map(tuple),
    reasoning=st.none() | TEXT,
    chosen=st.none() | MESSAGE,
    rejected=st.none() | MESSAGE,
    images=st.lists(IMAGE, max_size=1).map(tuple),
    language=st.none() | TEXT,
    difficulty=st.none() | TEXT,
)
JUDGED = st.builds(
    Judged,
    SAMPLES,
    st.lists(st.builds(Verdict, TEXT, st.booleans(), TEXT, SCORE, TEXT), max_size=3).map(tuple),
)
OUTCOMES = st.builds(Outcome, st.sampled_from(Stage), TEXT, st.sampled_from(End), TEXT, TEXT)
