"""The labels of the text models, in the order of their outputs."""

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("joy", "sadness", "anger", "fear", "love", "surprise")
NO_EMOTION = "none"
