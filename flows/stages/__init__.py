"""The stages of a run as plain functions: what Prefect's tasks call, and what runs with --direct."""
