"""One file per kind of fact: how it is recognised, and how its question is worded."""
