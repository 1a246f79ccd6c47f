"""Writes png.json: PNG files of every type, decoded by Pillow 13 over black.

Run by hand: python3 png.py
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

rng = np.random.default_rng(1)
WIDTH, HEIGHT = 13, 9


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def raw(samples, depth, colour, interlaced=False, extra=b""):
    """A file without row filters, for types that Pillow does not write. `samples` has shape [rows, columns, channels]."""

    def rows(part):
        lines = []
        for row in part.reshape(part.shape[0], -1):
            if depth == 16:
                packed = row.astype(">u2").tobytes()
            else:
                bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
                packed = np.packbits(bits.reshape(-1)).tobytes()
            lines.append(b"\0" + packed)
        return b"".join(lines)

    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [samples[y::dy, x::dx] for y, x, dy, dx in passes] if interlaced else [samples]
    data = b"".join(rows(part) for part in parts if part.size)
    head = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, colour, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    )


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def noise(*shape, top=256):
    return rng.integers(0, top, (HEIGHT, WIDTH, *shape))


palette = chunk(b"PLTE", rng.integers(0, 256, 3 * 16, dtype=np.uint8).tobytes())
exif = Image.Exif()
exif[0x0112] = 6
key = noise(3)
files = {
    "rgb": saved(Image.fromarray(noise(3).astype(np.uint8))),
    "rgba": saved(Image.fromarray(noise(4).astype(np.uint8))),
    "grey": saved(Image.fromarray(noise().astype(np.uint8))),
    "grey and alpha": saved(Image.fromarray(noise(2).astype(np.uint8), "LA")),
    "bilevel": saved(Image.fromarray(noise(top=2).astype(bool))),
    "grey of 2 bits": raw(noise(1, top=4), 2, 0),
    "grey of 4 bits": raw(noise(1, top=16), 4, 0),
    "grey of 16 bits": saved(Image.fromarray(noise(top=65536).astype(np.uint16))),
    "rgb of 16 bits": raw(noise(3, top=65536), 16, 2),
    "rgba of 16 bits": raw(noise(4, top=65536), 16, 6),
    "palette": saved(Image.fromarray(noise(3).astype(np.uint8)).quantize(40)),
    "palette of 4 bits": raw(noise(1, top=16), 4, 3, extra=palette),
    "palette and alpha": raw(noise(1, top=16), 4, 3, extra=palette + chunk(b"tRNS", bytes([0, 90, 255, 200]))),
    "a transparent colour": raw(
        key, 8, 2, extra=chunk(b"tRNS", b"".join(struct.pack(">H", int(level)) for level in key[3, 5]))),
    "interlaced": raw(noise(3), 8, 2, interlaced=True),
    "interlaced, rgba of 16 bits": raw(noise(4, top=65536), 16, 6, interlaced=True),
    "interlaced, bilevel": raw(noise(1, top=2), 1, 0, interlaced=True),
    "gamma": raw(noise(3), 8, 2, extra=chunk(b"gAMA", struct.pack(">I", 20000))),
    "turned": saved(Image.fromarray(noise(3).astype(np.uint8)), exif=exif),
}

pictures = []
for name, file in files.items():
    stored = Image.open(io.BytesIO(file))
    image = ImageOps.exif_transpose(stored)
    if image.mode == "I;16":
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        image = image.convert("RGBA")
        black = Image.new("RGB", image.size)
        black.paste(image, mask=image.getchannel("A"))
        image = black
    image = image.convert("RGB")
    pictures.append(
        {
            "name": name,
            "mode": stored.mode,
            "file": base64.b64encode(file).decode(),
            "width": image.width,
            "height": image.height,
            "pixels": list(image.tobytes()),
        }
    )
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"pictures": pictures}, separators=(",", ":")))
