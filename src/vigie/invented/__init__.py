"""Names, habits and words that do not exist, for the demonstration."""
