"""Writes, from PyTorch 2.13 and timm 1.0.31, derivatives.json: the derivatives of a pair's similarity by its maps.

    python derivatives.py   # in the folder of this file

Parameters and images follow the rule (maps.py). The last map goes through a generalised mean (p = 3) and a product
with the matrix `neck.weight`; the similarity is the product of both rows divided by their lengths, which are
constants. For the last map and the one before it, the file has the derivative averaged over the places, and Grad-CAM
of the map minus its mean over the places, before its positive part is taken; each by its shape, its norm and its first
numbers.
"""

import json
import pathlib

import timm
import torch

from maps import filled, formula, summary

NETWORKS = {
    "tf_efficientnet_lite0": ((2, 3, 96, 96), lambda model: model.blocks[4]),
    "swin_tiny_patch4_window7_224": ((2, 3, 224, 224), lambda model: model.layers[2]),
}
EMBEDDING = 16


def reference(name, shape, stage_before_last):
    """The numbers for one network."""
    with torch.no_grad():
        model = filled(timm.create_model(name, num_classes=0))
    kept = {}
    stage_before_last(model).register_forward_hook(lambda module, inputs, output: kept.update(before_last=output))
    kept["last"] = model.forward_features(formula("input", shape))
    # timm stores Swin's channels last.
    order = (0, 3, 1, 2) if name.startswith("swin") else (0, 1, 2, 3)
    pooled = kept["last"].permute(order).clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)
    embeddings = pooled @ formula("neck.weight", (EMBEDDING, pooled.shape[1])).T
    units = embeddings / embeddings.detach().norm(dim=1, keepdim=True)
    similarity = (units[0] * units[1]).sum()
    found = {"similarity": similarity.item()}
    for part in ("last", "before_last"):
        (derivative,) = torch.autograd.grad(similarity, kept[part], retain_graph=True)
        weights = derivative.permute(order).mean((2, 3), keepdim=True)
        features = kept[part].detach().permute(order)
        heat = (weights * (features - features.mean((2, 3), keepdim=True))).sum(1)
        found[part] = {"weights": summary(weights), "heat": summary(heat)}
    return {"input_shape": shape, **found}


def main():
    document = {name: reference(name, *rest) for name, rest in NETWORKS.items()}
    (pathlib.Path(__file__).parent / "derivatives.json").write_text(json.dumps(document, indent=1) + "\n")


main()
