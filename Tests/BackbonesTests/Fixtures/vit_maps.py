"""Writes, from timm 1.0.31, vit_maps.json: the maps of vision transformers for an image that is not square and smaller
than theirs.

    python vit_maps.py   # in the folder of this file

Parameters and images follow the rule of the other references (../Golden.swift). For each network: the patches after the
last norm (`last`), those that the last block reads (`before_last`), those that its attention reads (`source`) and the
pooled features, in evaluation, each by its shape, its norm and its first numbers.
"""

import json
import pathlib

import timm
import torch

from maps import filled, formula, summary

assert timm.__version__ == "1.0.31", timm.__version__

SHAPES = {
    "vit_base_patch16_224": (2, 3, 48, 80),
    "vit_small_patch14_dinov2": (2, 3, 42, 70),
    "vit_small_patch14_reg4_dinov2": (2, 3, 42, 70),
    "vit_small_patch16_dinov3": (2, 3, 48, 80),
}


def reference(name, shape):
    """The facts of a network's maps."""
    model = filled(timm.create_model(name, num_classes=0, dynamic_img_size=True))
    read = []
    model.blocks[-1].norm1.register_forward_hook(lambda module, inputs, output: read.append(output))
    images = formula("input", shape)
    pooled = model(images)
    tokens, maps = model.forward_intermediates(images)
    height, width = maps[-2].shape[2:]

    def placed(tokens):
        return tokens[:, -height * width :].reshape(shape[0], height, width, -1).permute(0, 3, 1, 2)

    return {
        "input_shape": shape,
        "last": summary(placed(tokens)),
        "before_last": summary(maps[-2]),
        "source": summary(placed(read[-1])),
        "pooled": summary(pooled),
    }


def main():
    with torch.inference_mode():
        references = {name: reference(name, shape) for name, shape in SHAPES.items()}
    (pathlib.Path(__file__).parent / "vit_maps.json").write_text(json.dumps(references, indent=1) + "\n")


if __name__ == "__main__":
    main()
