"""Writes outlines.json: COCO's outlines and the masks that pycocotools 2.0.11 decodes from them.

Run by hand: python3 outlines.py
"""

import json
import pathlib

import numpy as np
from pycocotools import mask as coco

rng = np.random.default_rng(7)


def runs(mask):
    """The uncompressed counts: pixels outside, inside, outside and so on, down the columns."""
    pixels = mask.astype(bool).reshape(-1, order="F")
    changes = np.flatnonzero(np.diff(pixels)) + 1
    edges = [0, *changes.tolist(), len(pixels)]
    counts = np.diff(edges).tolist()
    return [0] + counts if pixels[0] else counts


def star(points, width, height, reach=1.0):
    """A polygon around the middle whose points have fractions."""
    angles = np.sort(rng.uniform(0, 2 * np.pi, points))
    radii = rng.uniform(0.2, 0.5, points) * reach
    x = width / 2 + radii * width * np.cos(angles)
    y = height / 2 + radii * height * np.sin(angles)
    return np.stack([x, y], 1).round(3).reshape(-1).tolist()


cases = []


def polygons(name, parts, width, height):
    mask = coco.decode(coco.merge(coco.frPyObjects(parts, height, width)))
    cases.append(dict(name=name, width=width, height=height, segmentation=parts, counts=runs(mask)))


def pixels(name, mask):
    height, width = mask.shape
    compressed = coco.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode()
    counts = runs(mask)
    for kind, value in ("compressed", compressed), ("counts", counts):
        segmentation = dict(size=[height, width], counts=value)
        cases.append(
            dict(name=f"{name}, {kind}", width=width, height=height, segmentation=segmentation, counts=counts)
        )


for number in range(6):
    polygons(f"star {number}", [star(3 + 4 * number, 37 + number, 29)], 37 + number, 29)
polygons("beyond the edges", [star(9, 31, 23, 2.6)], 31, 23)
polygons("two parts", [[2, 2, 12.5, 3, 8, 14], [18.2, 5, 27, 5.7, 25, 19, 17, 17.1]], 30, 22)
polygons("parts that overlap", [[2, 2, 20, 2, 20, 15, 2, 15.5], [10, 8, 28, 9, 26, 20]], 30, 22)
polygons("a hole joined to the boundary", [[2, 2, 26, 2, 26, 19, 2, 19, 2, 2, 8, 6, 8, 14, 20, 14, 20, 6, 8, 6]], 30, 22)
polygons("a part within another, which is no hole", [[2, 2, 26, 2, 26, 19, 2, 19], [8, 6, 20, 6, 20, 14, 8, 14]], 30, 22)
polygons("repeated points", [[3, 3, 3, 3, 17, 4, 17, 4, 9, 16, 3, 3]], 20, 18)
polygons("whole pixels", [[5, 4, 15, 4, 18, 8, 15, 11, 5, 11]], 20, 15)
polygons("crossing itself", [[2, 2, 25, 18, 25, 2, 2, 18]], 30, 22)
polygons("thinner than a pixel", [[2, 5.1, 25, 5.3, 25, 5.4]], 30, 22)
polygons("in the corner", [[-3.5, -2.25, 9, -4, -2, 11.75]], 16, 12)

pixels("noise", rng.random((17, 23)) < 0.5)
pixels("sparse", rng.random((40, 60)) < 0.01)
pixels("from the first pixel", np.indices((11, 13)).sum(0) < 9)
pixels("all", np.ones((9, 14), bool))
pixels("one pixel", np.arange(30 * 20).reshape(30, 20) == 311)
wide = np.zeros((700, 900), bool)
wide[100:640, 30:870] = True
wide[300:400, 400:500] = False
pixels("long runs", wide)

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases, separators=(",", ":")))
