"""A run as a folder: its lock, its manifest, and its Parquet files."""
