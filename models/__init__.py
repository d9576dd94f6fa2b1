"""Text models: the sentence encoder, the scorer of sentiment and emotion, and their training."""
