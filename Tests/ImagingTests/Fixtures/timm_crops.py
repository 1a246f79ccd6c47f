"""Writes, with timm 1.0.31, timm_crops.json: small pictures after timm's transforms for evaluation.

    python timm_crops.py   # in the folder of this file

A picture has the levels (3x + 5y + 40c + xy // 7) % 256 for column x, row y and channel c.
"""

import json
import pathlib

import numpy
import timm
from PIL import Image
from timm.data.transforms_factory import transforms_imagenet_eval

assert timm.__version__ == "1.0.31", timm.__version__

CASES = [
    (61, 40, 16, "center", 0.875, "bicubic"),
    (40, 61, 16, "center", 0.9, "bicubic"),
    (23, 90, 16, "center", 0.9, "bilinear"),
    (50, 37, 16, "squash", 0.9, "bicubic"),
    (30, 31, 16, "center", 0.95, "lanczos"),
    (9, 8, 16, "center", 0.875, "bicubic"),
]


def main():
    references = []
    for width, height, size, mode, share, interpolation in CASES:
        x, y, c = numpy.meshgrid(numpy.arange(width), numpy.arange(height), numpy.arange(3), indexing="xy")
        levels = (3 * x + 5 * y + 40 * c + x * y // 7) % 256
        transform = transforms_imagenet_eval(
            size, crop_pct=share, crop_mode=mode, interpolation=interpolation, normalize=False
        )
        pixels = transform(Image.fromarray(levels.astype(numpy.uint8))).permute(1, 2, 0)
        references.append(
            {
                "width": width,
                "height": height,
                "size": size,
                "mode": mode,
                "share": share,
                "interpolation": interpolation,
                "pixels": pixels.flatten().tolist(),
            }
        )
    (pathlib.Path(__file__).parent / "timm_crops.json").write_text(json.dumps(references) + "\n")


main()
