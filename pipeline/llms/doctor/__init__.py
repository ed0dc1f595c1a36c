"""What `tunesmith doctor` asks endpoints, so that a run need not find out."""
