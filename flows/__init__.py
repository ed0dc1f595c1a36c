"""Prefect flows over plain stage functions, and the command line. It decides nothing."""
