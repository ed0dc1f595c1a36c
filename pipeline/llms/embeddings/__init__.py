"""Vectors of texts, from the `/embeddings` of any OpenAI-compatible endpoint."""

from pipeline.llms.embeddings.embedder import Embedded, Embedder, open_embedder

__all__ = ["Embedded", "Embedder", "open_embedder"]
