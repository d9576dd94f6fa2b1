"""The three processes: what they are, keeping them alive, and ending them together."""
