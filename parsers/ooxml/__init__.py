"""What Word, PowerPoint and Excel files share: the package, its parts, their relations, its formulas."""
