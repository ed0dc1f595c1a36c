"""The batch API: the same requests, sent as files and answered within hours at a lower price."""
