"""Writes tiny_swin_odd.json next to this file, from timm 1.0.31 and tiny_swin.json, whose network and rule it uses:

    python tiny_swin_odd.py

The images are neither square nor of the size that the network is built for. They give maps with odd sides, which
merging pads, windows over the edges, and stages whose window is smaller for the smaller map.
"""

import json
import pathlib

import numpy
import timm
import torch
from timm.models.swin_transformer import SwinTransformer

assert timm.__version__ == "1.0.31", timm.__version__
torch.set_num_threads(1)
MASK = 2**64 - 1


def values(name, shape):
    """The rule of the references for a network without batch norm."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & MASK
    count = int(numpy.prod(shape))
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    v = 2 * ((z >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-53) - 1
    last = name.split(".")[-1]
    if last == "relative_position_bias_table":
        v = 0.5 * v
    elif last == "bias":
        v = 0.1 * v
    elif last == "input":
        v = numpy.sqrt(3) * v
    elif last != "probe":
        v = 1 + 0.2 * v if len(shape) == 1 else numpy.sqrt(3 / numpy.prod(shape[1:])) * v
    return torch.from_numpy(v.astype(numpy.float32).reshape(shape))


def summary(tensor):
    flat = tensor.detach().double().flatten()
    return {"norm": flat.norm().item(), "sum": flat.sum().item(), "head": flat[:16].tolist()}


def run(reference, shape):
    """The reference's fields for images of another shape."""
    model = SwinTransformer(
        img_size=reference["img_size"], patch_size=reference["patch_size"], window_size=reference["window_size"],
        embed_dim=reference["embed_dim"], depths=reference["depths"], num_heads=reference["num_heads"],
        num_classes=0, drop_path_rate=0, strict_img_size=False)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(values(name, tuple(parameter.shape)))
    images = values("input", shape).requires_grad_()
    features = model.eval().forward_features(images)
    pooled = features.mean((1, 2))
    result = {"feature_shape": list(features.shape), "features": summary(features), "pooled": summary(pooled)}
    pooled = model.train().forward_features(images).mean((1, 2))
    (pooled * values("probe", tuple(pooled.shape))).sum().backward()
    result["train"] = {
        "pooled": summary(pooled),
        "grad_input": summary(images.grad),
        "grad_norms": {name: value.grad.double().norm().item() for name, value in model.named_parameters()},
    }
    return result


def main():
    folder = pathlib.Path(__file__).parent
    reference = json.loads((folder / "tiny_swin.json").read_text())
    again = run(reference, tuple(reference["input_shape"]))
    known = reference["features"]["norm"]
    assert abs(again["features"]["norm"] - known) < 1e-5 * known, "this is not the rule or the network of tiny_swin.json"
    odd = {"name": "tiny_swin_odd", "input_shape": [2, 3, 56, 72]}
    odd = {**reference, **odd, **run(reference, tuple(odd["input_shape"]))}
    del odd["note_window"]
    (folder / "tiny_swin_odd.json").write_text(json.dumps(odd, indent=1) + "\n")


if __name__ == "__main__":
    main()
