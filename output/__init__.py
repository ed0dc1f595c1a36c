"""The writers: row formats, dataset files, the dataset card and the report."""
