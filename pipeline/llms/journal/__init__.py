"""Every paid reply, on disk before anything uses it."""
