"""Ours and what it is measured against: each a function from texts to a label a text, -1 for none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from analytics.build.vectors import Encoder
from models.themes.clusters import NONE, nearest
from models.themes.discover import Theme, centres, find_themes
from models.themes.statements import statements
from tests.themes.corpora import Corpus

Labels = NDArray[np.int64]
Places = NDArray[np.int64]
Method = Callable[[Places, int], Labels]
"""Learns from the texts at these places (with a seed), and labels all texts."""


class Prepared:
    """A corpus with what all methods share, computed once."""

    def __init__(self, corpus: Corpus, encoder: Encoder) -> None:
        self.corpus = corpus
        self.encoder = encoder
        self.said = [[s.plain for s in statements(text, corpus.names)] for text in corpus.texts]
        self.plain = sorted({plain for said in self.said for plain in said})
        self.at = {plain: i for i, plain in enumerate(self.plain)}
        self.vectors = encoder.encode(self.plain)
        words = TfidfVectorizer(
            stop_words=sorted(ENGLISH_STOP_WORDS | corpus.names), min_df=3, max_df=0.3,
            ngram_range=(1, 2), max_features=3_000, sublinear_tf=True,
        )  # fmt: skip
        self.tfidf = words.fit_transform(corpus.texts)
        both = zip(self.said, corpus.texts, strict=True)
        whole = [" ".join(said) or text.lower() for said, text in both]
        self.whole = encoder.encode(whole)

    def themes(self, places: Sequence[int]) -> tuple[Theme, ...]:
        """Themes of the texts at some places."""
        counts: dict[str, int] = {}
        for place in places:
            for plain in dict.fromkeys(self.said[place]):
                counts[plain] = counts.get(plain, 0) + 1
        known = sorted(counts)
        vectors = self.vectors[[self.at[plain] for plain in known]]
        return find_themes(
            known, [counts[p] for p in known], vectors, self.encoder.encode, "", self.corpus.most
        )

    def ours(self, places: Places, seed: int) -> Labels:
        """The theme that a text's clearest statement belongs to."""
        themes = self.themes(places.tolist())
        middle = centres(themes)
        found = nearest(self.vectors, middle)
        close = (self.vectors @ middle.T).max(axis=1)
        kept = np.array([theme.kept for theme in themes])
        labels = np.full(len(self.said), NONE, dtype=np.int64)
        for text, said in enumerate(self.said):
            spots = [self.at[plain] for plain in said]
            spots = [s for s in spots if found[s] != NONE and kept[found[s]]]
            if spots:
                labels[text] = found[max(spots, key=lambda s: close[s])]
        return labels

    def kmeans_tfidf(self, count: int) -> Method:
        """Plain k-means on TF-IDF."""

        def label(places: Places, seed: int) -> Labels:
            fitted = KMeans(count, n_init=3, random_state=seed).fit(self.tfidf[places])
            return fitted.predict(self.tfidf).astype(np.int64)

        return label

    def nmf(self, count: int) -> Method:
        """TF-IDF factorised by NMF; a text belongs to its strongest factor if that is clear."""

        def label(places: Places, seed: int) -> Labels:
            fitted = NMF(count, init="nndsvda", random_state=seed, max_iter=150, tol=1e-3).fit(
                self.tfidf[places]
            )
            weights = fitted.transform(self.tfidf)
            total = weights.sum(axis=1)
            clear = (total > 0) & (weights.max(axis=1) >= 0.3 * total)
            return np.where(clear, weights.argmax(axis=1), NONE)

        return label

    def kmeans_vectors(self, count: int) -> Method:
        """k-means on the same sentence vectors, of whole texts."""

        def label(places: Places, seed: int) -> Labels:
            fitted = KMeans(count, n_init=1, random_state=seed).fit(self.whole[places])
            return fitted.predict(self.whole).astype(np.int64)

        return label

    def bertopic(self, places: Places, seed: int) -> Labels:
        """BERTopic as it comes (UMAP, HDBSCAN), on the same vectors of whole texts."""
        from bertopic import BERTopic
        from umap import UMAP

        umap = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
        )
        model = BERTopic(umap_model=umap, min_topic_size=15, calculate_probabilities=False)
        texts = [self.corpus.texts[i] for i in places]
        model.fit(texts, self.whole[places])
        topics, _ = model.transform(self.corpus.texts, self.whole)
        return np.asarray(topics, dtype=np.int64)
