"""One file per filter."""
