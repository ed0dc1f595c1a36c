"""The edge to an endpoint: what is sent, what comes back, and what its errors mean."""
