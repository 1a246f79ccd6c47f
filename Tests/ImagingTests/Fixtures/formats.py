"""Writes webp.json, tiff.json and heic.json: files of every type, decoded by Pillow 13 over black.

HEIC by pillow-heif 1.8, tiled and planar TIFF by tifffile. Run by hand: python3 formats.py
"""

import base64
import io
import json
import pathlib

import numpy as np
import pillow_heif
import tifffile
from PIL import Image

pillow_heif.register_heif_opener()
rng = np.random.default_rng(1)
WIDTH, HEIGHT = 13, 9


def noise(*shape, top=256):
    return rng.integers(0, top, (HEIGHT, WIDTH, *shape)).astype(np.uint8)


def smooth(width, height, channels=3):
    """Different in each corner, with few high frequencies."""
    v, u = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    bands = [30 + 200 * u, 30 + 200 * v * (1 - u / 2), 127 + 100 * np.sin(3 * u + 5 * v), 255 * (1 - v)]
    return np.stack(bands[:channels], -1).astype(np.uint8)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def tiff(samples, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, samples, metadata=None, **options)
    return file.getvalue()


exif = Image.Exif()
exif[0x0112] = 6
exif[0x0132] = "2020:01:05 10:11:12"
rgb, rgba = Image.fromarray(noise(3)), Image.fromarray(noise(4))
grey = Image.fromarray(noise())
fine, alpha = Image.fromarray(smooth(64, 48)), Image.fromarray(smooth(64, 48, 4))
pages = io.BytesIO()
rgb.save(pages, "TIFF", save_all=True, append_images=[grey])

FILES = {
    "webp": {
        "lossless": saved(rgb, "WEBP", lossless=True),
        "lossless, alpha": saved(rgba, "WEBP", lossless=True, exact=True),
        "lossy": saved(fine, "WEBP", quality=80),
        "lossy, alpha": saved(alpha, "WEBP", quality=80, exact=True),
        "turned": saved(rgb, "WEBP", lossless=True, exif=exif),
    },
    "tiff": {
        "rgb": saved(rgb, "TIFF"),
        "rgba": saved(rgba, "TIFF"),
        "grey": saved(grey, "TIFF"),
        "grey and alpha": saved(Image.fromarray(noise(2), "LA"), "TIFF"),
        "bilevel": saved(Image.fromarray(noise(top=2).astype(bool)), "TIFF", compression="group4"),
        "palette": saved(rgb.quantize(40), "TIFF"),
        "cmyk": saved(Image.fromarray(noise(4), "CMYK"), "TIFF"),
        "lzw": saved(rgb, "TIFF", compression="tiff_lzw"),
        "deflate": saved(rgb, "TIFF", compression="tiff_adobe_deflate"),
        "packbits": saved(rgb, "TIFF", compression="packbits"),
        "jpeg": saved(fine, "TIFF", compression="jpeg", quality=90),
        "tiles": tiff(smooth(40, 30), tile=(32, 32), photometric="rgb"),
        "planes": tiff(np.moveaxis(noise(3), -1, 0), planarconfig="separate", photometric="rgb"),
        "big-endian": tiff(noise(3), byteorder=">", photometric="rgb"),
        "BigTIFF": tiff(noise(3), bigtiff=True, photometric="rgb"),
        "two pages": pages.getvalue(),
        "turned": saved(rgb, "TIFF", exif=exif),
    },
    "heic": {
        "full colour": saved(fine, "HEIF", quality=90, chroma=444, save_nclx_profile=True),
        "half colour": saved(fine, "HEIF", quality=90, chroma=420),
        "grey": saved(fine.convert("L"), "HEIF", quality=90),
        "alpha": saved(alpha, "HEIF", quality=90, chroma=444),
        "turned": saved(fine, "HEIF", quality=90, chroma=444, exif=exif),
    },
}

for kind, files in FILES.items():
    pictures = []
    for name, file in files.items():
        stored = Image.open(io.BytesIO(file))
        mode = stored.mode
        # Pillow turns a TIFF file as it decodes it.
        stored.load()
        turn = stored.getexif().get(0x0112, 1)
        image = stored.transpose(Image.Transpose.ROTATE_270) if turn == 6 else stored
        if image.mode in ("RGBA", "LA") or "transparency" in image.info:
            image = image.convert("RGBA")
            black = Image.new("RGB", image.size)
            black.paste(image, mask=image.getchannel("A"))
            image = black
        image = image.convert("RGB")
        pictures.append(
            {
                "name": name,
                "mode": mode,
                "file": base64.b64encode(file).decode(),
                "width": image.width,
                "height": image.height,
                "pixels": list(image.tobytes()),
            }
        )
    target = pathlib.Path(__file__).with_name(f"{kind}.json")
    target.write_text(json.dumps({"pictures": pictures}, separators=(",", ":")))
