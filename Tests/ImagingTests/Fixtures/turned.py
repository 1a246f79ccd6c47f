"""Writes turned.json: boxes turned about their centres, as Wildbook's theta turns them, cut out of a picture with NumPy.

The corners are those of `rotate_box` in wbia-plugin-miew-id, which draws Wildbook's boxes; the levels are interpolated
between the centres of the four nearest pixels, and the outermost pixels are repeated outside.

Run by hand: python3 turned.py
"""

import json
import math
import pathlib

import numpy as np

WIDTH, HEIGHT = 40, 30
rng = np.random.default_rng(5)
picture = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def corners(box, theta):
    x, y, w, h = box
    centre = np.array([x + w / 2, y + h / 2])
    turn = np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])
    return (np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]) - centre) @ turn.T + centre


def interpolated(x, y):
    """The levels at a point; pixel (0, 0) covers the unit square."""
    x = min(max(x - 0.5, 0), WIDTH - 1)
    y = min(max(y - 0.5, 0), HEIGHT - 1)
    left, top = int(x), int(y)
    right, bottom = min(left + 1, WIDTH - 1), min(top + 1, HEIGHT - 1)
    across, down = x - left, y - top
    upper = picture[top, left] * (1 - across) + picture[top, right] * across
    lower = picture[bottom, left] * (1 - across) + picture[bottom, right] * across
    return upper * (1 - down) + lower * down


def cut(box, theta):
    first, right, _, down = corners(box, theta)
    w, h = box[2:]
    return np.array(
        [
            [
                interpolated(*(first + (right - first) * (column + 0.5) / w + (down - first) * (row + 0.5) / h))
                for column in range(w)
            ]
            for row in range(h)
        ]
    )


cases = []
for box, theta in [
    ([8, 6, 20, 12], 0.5),
    ([8, 6, 20, 12], -0.5),
    ([10, 8, 15, 13], math.pi / 2),
    ([10, 8, 14, 12], math.pi),
    ([10, 8, 15, 11], 2.2),
    ([12, 9, 11, 9], 1e-3),
    ([2, 3, 34, 22], 0.35),
    ([1, 1, 38, 28], 0.2),
]:
    cases.append(
        {
            "box": box,
            "theta": theta,
            "corners": corners(box, theta).reshape(-1).tolist(),
            "levels": [round(float(level), 2) for level in cut(box, theta).reshape(-1)],
        }
    )
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps(
        {"width": WIDTH, "height": HEIGHT, "pixels": picture.reshape(-1).tolist(), "cases": cases},
        separators=(",", ":"),
    )
)
