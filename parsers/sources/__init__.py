"""Where files come from: paths, folders, globs, archives, web addresses and object stores."""
