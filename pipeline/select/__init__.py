"""Which samples go into the dataset: duplicates, threshold, diversity, split."""
