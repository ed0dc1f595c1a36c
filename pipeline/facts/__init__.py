"""What a text states that code can check: numbers, dates, names, negations, words."""
