"""The gateway to models, and its providers."""
