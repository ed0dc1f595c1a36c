"""Child processes that parse: each file within limits, and no file able to stop a run."""
