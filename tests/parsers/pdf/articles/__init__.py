"""Articles made from a seed, whose text and structure are known; LaTeX has set them once."""
