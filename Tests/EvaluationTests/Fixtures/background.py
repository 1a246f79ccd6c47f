"""Writes background.json: invented ranks of right photographs with their measures by NumPy, and similarities with the areas under their ROC curves by scikit-learn 1.9.

Run by hand: python3 background.py
"""

import json
import pathlib

import numpy as np
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(11)
LIMIT = 20


def average_precision(ranks):
    hits = sorted(rank for rank in ranks if rank <= LIMIT)
    return sum((place + 1) / rank for place, rank in enumerate(hits)) / min(len(ranks), LIMIT)


rows = []
for number in range(40):
    candidates = int(rng.integers(30, 61))
    right = int(rng.integers(1, 6))
    rows.append(
        {
            "whale": f"w{number % 9}",
            "candidates": candidates,
            # Good, worse, and hardly better than by chance.
            "everything": sorted((rng.choice(candidates // 6, right, replace=False) + 1).tolist()),
            "animal": sorted((rng.choice(candidates // 3, right, replace=False) + 1).tolist()),
            "background": sorted((rng.choice(candidates, right, replace=False) + 1).tolist()),
        }
    )
measures = {
    sight: {
        "map": float(np.mean([average_precision(row[sight]) for row in rows])),
        "top1": float(np.mean([row[sight][0] == 1 for row in rows])),
    }
    for sight in ("everything", "animal", "background")
}
chance = float(np.mean([len(row["everything"]) / row["candidates"] for row in rows]))

areas = []
for own, others in (1, 1), (1, 9), (5, 30), (12, 7):
    # Tenths, so that some are equal.
    positive = np.round(rng.normal(0.6, 0.3, own), 1)
    negative = np.round(rng.normal(0.4, 0.3, others), 1)
    labels = [1] * own + [0] * others
    area = roc_auc_score(labels, np.concatenate([positive, negative]))
    areas.append({"own": positive.tolist(), "others": negative.tolist(), "area": float(area)})

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        {"rows": rows, "measures": measures, "chance": chance, "areas": areas}, separators=(",", ":")
    )
)
