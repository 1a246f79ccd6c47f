"""Writes measures.json: pictures with measures by OpenCV, NumPy and imagehash, and a resize with Pillow's Lanczos.

Run by hand, with Pillow before 13, which starts with the columns for tall pictures: python3 measures.py
"""

import base64
import json
import pathlib

import cv2
import imagehash
import numpy as np
from PIL import Image, ImageFilter

rng = np.random.default_rng(5)


def waves(height, width, blur):
    """Smooth patches of colour with edges, some too dark or too bright."""
    noise = Image.fromarray(rng.integers(0, 256, (9, 11, 3), dtype=np.uint8)).resize((width, height), Image.BICUBIC)
    grain = rng.integers(-20, 21, (height, width, 1))
    levels = np.clip((np.asarray(noise).astype(int) - 128) * 2 + 128 + grain, 0, 255).astype(np.uint8)
    return Image.fromarray(levels).filter(ImageFilter.GaussianBlur(blur))


pictures = []
for name, image in [
    ("sharp", waves(40, 56, 0)),
    ("blurred", waves(40, 56, 1.5)),
    ("high", waves(64, 33, 0.5)),
    ("small", waves(20, 16, 0)),
]:
    luma = np.asarray(image.convert("L"))
    laplacian = cv2.Laplacian(luma, cv2.CV_64F)
    down, across = round(0.2 * image.height), round(0.2 * image.width)
    middle = np.s_[down : image.height - down, across : image.width - across]
    pictures.append(
        {
            "name": name,
            "width": image.width,
            "height": image.height,
            "pixels": base64.b64encode(image.tobytes()).decode(),
            "sharpness": float(laplacian.std() / luma.mean()),
            "middle": float(laplacian[middle].std() / luma[middle].mean()),
            "exposure": float(luma.mean() / 255),
            "clippedDark": float((luma == 0).mean()),
            "clippedBright": float((luma == 255).mean()),
            "middleBright": float((luma[middle] == 255).mean()),
            "hash": str(imagehash.phash(image)),
            "lanczos": list(image.resize((8, 8), Image.LANCZOS).tobytes()),
        }
    )
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"pictures": pictures}, separators=(",", ":")))
