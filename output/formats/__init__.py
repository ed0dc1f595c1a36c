"""One file per row format."""
