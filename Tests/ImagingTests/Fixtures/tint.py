"""Writes tint.json: pixels with changed hues and saturations, by OpenCV's conversion in float32 and by Albumentations 2, which uses steps of 2 degrees and 8 bits.

Run by hand: python3 tint.py
"""

import json
import pathlib

import cv2
import numpy as np
from albumentations.augmentations.pixel.functional import shift_hsv

rng = np.random.default_rng(3)
pixels = rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)
# Colours near grey, as in photographs, some of them grey or black.
pixels[4:] = np.clip(pixels[4:, :, :1].astype(int) + rng.integers(-12, 13, (4, 8, 3)), 0, 255)
pixels[7, 4:] = [[0, 0, 0], [90, 90, 90], [255, 255, 255], [255, 0, 0]]

cases = []
for hue, saturation in [(0, 40), (0, -40), (40, 0), (-40, 0), (17, 23), (-33, -9), (90, 255), (0, -255)]:
    h, s, v = cv2.split(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2HSV))
    h = np.mod(h + 2 * hue, 360)
    s = np.where(s == 0, 0, np.clip(s + saturation / 255, 0, 1)).astype(np.float32)
    exact = cv2.cvtColor(cv2.merge((h, s, v)), cv2.COLOR_HSV2RGB) * 255
    cases.append(
        {
            "hue": hue,
            "saturation": saturation,
            "exact": [round(float(level), 3) for level in exact.reshape(-1)],
            "albumentations": shift_hsv(pixels.copy(), hue, saturation, 0).reshape(-1).tolist(),
        }
    )
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(
    json.dumps({"width": 8, "height": 8, "pixels": pixels.reshape(-1).tolist(), "cases": cases}, separators=(",", ":"))
)
