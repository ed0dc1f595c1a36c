"""Numbers of reward models, from the `/score`, `/classify` and `/pooling` of vLLM."""
