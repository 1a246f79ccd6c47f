"""Writes resized_swin.json next to this file, from timm 1.0.31:

    python resized_swin.py

timm loads a small Swin's weights, filled by the rule of the references, into the same network for images of another
size. The file has the tables of biases whose window has changed, and the resulting features.
"""

import json
import pathlib

import timm
import torch
from timm.models.swin_transformer import SwinTransformer, checkpoint_filter_fn

from tiny_swin_odd import summary, values

assert timm.__version__ == "1.0.31", timm.__version__
torch.set_num_threads(1)
NETWORK = {"window_size": 7, "embed_dim": 8, "depths": [1, 1, 2, 1], "num_heads": [1, 2, 2, 4]}


def network(size):
    return SwinTransformer(img_size=size, patch_size=4, num_classes=0, drop_path_rate=0, **NETWORK).eval()


def case(old, new):
    source, model = network(old), network(new)
    weights = {name: values(name, tuple(value.shape)) for name, value in source.named_parameters()}
    filtered = checkpoint_filter_fn(weights, model)
    model.load_state_dict(filtered, strict=True)
    with torch.no_grad():
        features = model.forward_features(values("input", (1, 3, new, new)))
    # Nine digits, more than single precision has.
    tables = {
        name: [float(f"{number:.9g}") for number in value.flatten().tolist()]
        for name, value in filtered.items() if value.shape != weights[name].shape
    }
    return {"from": old, "to": new, "tables": tables, "features": summary(features)}


def main():
    result = {**NETWORK, "cases": [case(224, 128), case(224, 96), case(96, 224)]}
    folder = pathlib.Path(__file__).parent
    (folder / "resized_swin.json").write_text(json.dumps(result) + "\n")


main()
