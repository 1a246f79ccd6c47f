"""Writes tsne.json: scikit-learn's results for random unit vectors in eight groups."""

import json
import pathlib

import numpy
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, _t_sne
from sklearn.metrics import pairwise_distances
from scipy.spatial.distance import squareform

generator = numpy.random.default_rng(7)
centres = generator.normal(size=(8, 12))
rows = numpy.concatenate([centre + 0.7 * generator.normal(size=(15, 12)) for centre in centres])
rows = (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype(numpy.float32)
pca = PCA(n_components=3, svd_solver="full").fit(rows.astype(numpy.float64))
distances = pairwise_distances(rows.astype(numpy.float64), squared=True)
condensed = _t_sne._joint_probabilities(distances, 10, 0)
affinities = squareform(condensed)
points = generator.normal(size=(len(rows), 2)).astype(numpy.float32)
loss, gradient = _t_sne._kl_divergence(points.astype(numpy.float64).ravel(), condensed, 1.0, len(rows), 2)
start = pca.transform(rows.astype(numpy.float64))[:, :2]
start = start / numpy.std(start[:, 0]) * 1e-4
final = TSNE(
    perplexity=10, init=start, method="exact", max_iter=1000, n_iter_without_progress=1000, min_grad_norm=0
).fit(rows.astype(numpy.float64))
pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "source": f"scikit-learn {sklearn.__version__}",
            "rows": rows.tolist(),
            "shares": pca.explained_variance_ratio_.tolist(),
            "components": pca.transform(rows.astype(numpy.float64)).tolist(),
            "affinities": affinities[0].tolist(),
            "points": points.tolist(),
            "gradient": gradient.reshape(-1, 2).tolist(),
            "divergence": float(loss),
            "final": float(final.kl_divergence_),
        }
    )
)
