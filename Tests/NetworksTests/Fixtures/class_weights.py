"""Writes class_weights.json: PyTorch's weighted cross-entropy, and focal loss with its weights, in double precision.

Run by hand, with any PyTorch from 1.13 on: python3 class_weights.py
"""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.manual_seed(5)
COUNTS = [9, 1, 4, 2]
labels = torch.tensor([0, 1, 2, 3, 0, 2])
logits = torch.randn(len(labels), len(COUNTS), dtype=torch.float64) * 3
weights = torch.tensor([sum(COUNTS) / (len(COUNTS) * count) for count in COUNTS], dtype=torch.float64)


def loss(x, gamma, smoothing, reduction):
    mean = F.cross_entropy(x, labels, weight=weights, label_smoothing=smoothing)
    if gamma == 0:
        return mean
    if reduction == "batch":
        return (1 - torch.exp(-mean)) ** gamma * mean
    plain = F.cross_entropy(x, labels, label_smoothing=smoothing, reduction="none")
    each = F.cross_entropy(x, labels, weight=weights, label_smoothing=smoothing, reduction="none")
    return ((1 - torch.exp(-plain)) ** gamma * each).sum() / weights[labels].sum()


cases = []
for gamma, smoothing, reduction in [(0, 0, "sample"), (0, 0.2, "sample"), (2, 0, "sample"), (2, 0.1, "sample"),
                                    (6, 0.2, "batch")]:
    x = logits.clone().requires_grad_()
    value = loss(x, gamma, smoothing, reduction)
    value.backward()
    cases.append({"gamma": gamma, "smoothing": smoothing, "reduction": reduction, "loss": value.item(),
                  "gradient": x.grad.tolist()})
document = {"torch": torch.__version__, "counts": COUNTS, "labels": labels.tolist(), "logits": logits.tolist(),
            "weights": weights.tolist(), "cases": cases}
path = pathlib.Path(__file__).with_name("class_weights.json")
path.write_text(json.dumps(document) + "\n")
