"""From a path or address to documents, one file per format."""
