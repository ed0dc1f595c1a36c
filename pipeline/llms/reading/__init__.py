"""From what a model said to a validated answer, without guessing."""
