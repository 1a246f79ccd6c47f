"""Writes, from timm 1.0.31, maps.json: the outputs of networks of the catalogue for an image with odd sides.

    python maps.py   # in the folder of this file

Parameters and images follow the rule of the other references (../Golden.swift). For each network: the last map, the
one before it (`features_only`, `out_indices` -2) and the pooled features, in evaluation, each by its shape, its norm
and its first numbers.
"""

import json
import math
import pathlib

import numpy
import timm
import torch

assert timm.__version__ == "1.0.31", timm.__version__

NETWORKS = ["tf_efficientnet_lite0", "efficientnet_b0", "efficientnetv2_rw_m", "convnext_atto"]
SHAPE = (2, 3, 75, 91)


def formula(name, shape):
    """The rule's numbers for a name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed) + numpy.arange(1, math.prod(shape) + 1, dtype=numpy.uint64) * numpy.uint64(
            0x9E3779B97F4A7C15
        )
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z ^= z >> numpy.uint64(31)
    v = 2 * ((z >> numpy.uint64(11)) * 2.0**-53) - 1
    last = name.rpartition(".")[2]
    scale, offset = {
        "running_mean": (0.1, 0),
        "running_var": (0.5, 1),
        "bias": (0.1, 0),
        "gamma": (0.2, 0.5),
        "relative_position_bias_table": (0.5, 0),
        "input": (math.sqrt(3), 0),
    }.get(last, (0.2, 1) if len(shape) == 1 else (math.sqrt(3 / math.prod(shape[1:])), 0))
    return torch.tensor((offset + scale * v).astype(numpy.float32).reshape(shape))


def filled(model):
    """The model with the rule's numbers, in evaluation mode."""
    for name, tensor in model.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(formula(name, tensor.shape))
    return model.eval()


def summary(tensor):
    """The facts of a tensor that a test compares."""
    values = tensor.double().flatten()
    return {"shape": list(tensor.shape), "norm": values.norm().item(), "head": values[:16].tolist()}


def main():
    images = formula("input", SHAPE)
    references = {}
    with torch.inference_mode():
        for name in NETWORKS:
            model = filled(timm.create_model(name, num_classes=0))
            features = model.forward_features(images)
            stages = timm.create_model(name, features_only=True, out_indices=[-2])
            names = {key.replace("stages_", "stages.").replace("stem_", "stem."): key for key in stages.state_dict()}
            own = model.state_dict()
            stages.load_state_dict({key: own[plain] for plain, key in names.items()})
            references[name] = {
                "last": summary(features),
                "before_last": summary(stages.eval()(images)[0]),
                "pooled": summary(model.forward_head(features, pre_logits=True)),
            }
    document = {"input_shape": SHAPE, "networks": references}
    (pathlib.Path(__file__).parent / "maps.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
