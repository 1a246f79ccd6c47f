"""Writes, with timm 1.0.31, published.json: models as they are published, and the embedding of a picture by each.

    python published.py   # in the folder of this file

Parameters follow the rule of the other references (../../BackbonesTests/Golden.swift); so no weights are stored.
`config` is the config.json that timm itself writes for a hub, or MiewID's. `size` is the side that the test asks for, if
it is not that of the config. The picture has the levels ((x² + 2y² + 3cxy) // 50) % 256 for column x, row y and channel
c, and goes through timm's transforms for evaluation. `embedding` has unit length.
"""

import json
import pathlib
import sys
import tempfile

import numpy
import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config
from timm.models._hub import save_config_for_hf

sys.path.append(str(pathlib.Path(__file__).parents[2] / "BackbonesTests" / "Fixtures"))
from maps import filled, formula  # noqa: E402

assert timm.__version__ == "1.0.31", timm.__version__

WIDTH, HEIGHT = 150, 100
MIEWID = {
    "architectures": ["MiewIdNet"],
    "model_name": "efficientnetv2_rw_m",
    "model_type": "miewid",
    "n_classes": 10,
    "use_fc": False,
}


def picture():
    y, x, c = numpy.meshgrid(numpy.arange(HEIGHT), numpy.arange(WIDTH), numpy.arange(3), indexing="ij")
    return Image.fromarray(((x * x + 2 * y * y + 3 * c * x * y) // 50 % 256).astype(numpy.uint8))


def entry(reference, files, config, embedding, size=None):
    unit = torch.nn.functional.normalize(embedding.double().flatten(), dim=0)
    return {
        "reference": reference,
        "file": files,
        "config": config,
        "size": size,
        "width": unit.numel(),
        "head": unit[:32].tolist(),
    }


def of_timm(reference, file, name, statistics, size=None):
    """A model in timm's form, with the statistics of its input."""
    model = filled(timm.create_model(name, num_classes=0, **({"img_size": size} if size else {})))
    published = timm.create_model(name, num_classes=0)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "config.json"
        save_config_for_hf(published, path, data_config=statistics)
        config = json.loads(path.read_text())
    data = resolve_data_config(pretrained_cfg=config["pretrained_cfg"])
    if size:
        data["input_size"] = (3, size, size)
        # Positions are resampled from the published size.
        whole = {key: formula(key, tensor.shape) for key, tensor in published.state_dict().items()}
        model.load_state_dict(timm.models.vision_transformer.checkpoint_filter_fn(whole, model))
    return entry(reference, file, config, model(create_transform(**data)(picture())[None]), size)


def of_miewid(reference, file):
    """A model in MiewID's form: a generalised mean with exponent 3, and batch norm."""
    network = timm.create_model(MIEWID["model_name"], num_classes=0, global_pool="").eval()
    for key, tensor in network.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            tensor.copy_(formula(f"backbone.{key}", tensor.shape))
    norm = torch.nn.BatchNorm1d(network.num_features).eval()
    for key, tensor in norm.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            tensor.copy_(formula(f"bn.{key}", tensor.shape))
    transform = create_transform((3, 440, 440), crop_pct=1, crop_mode="squash", interpolation="bilinear")
    features = network.forward_features(transform(picture())[None])
    return entry(reference, file, MIEWID, norm(features.clamp(min=1e-6).pow(3).mean((2, 3)).pow(1 / 3)))


def main():
    half = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}
    own = {"mean": (0.4, 0.5, 0.45), "std": (0.2, 0.25, 0.3), "input_size": (3, 96, 96), "crop_pct": 0.9}
    with torch.inference_mode():
        models = [
            of_timm("someone/whales-atto", "model.safetensors", "convnext_atto", own),
            of_timm(
                "BVRA/MegaDescriptor-T-224", "pytorch_model.bin", "swin_tiny_patch4_window7_224", half
            ),
            of_timm(
                "timm/vit_small_patch14_dinov2.lvd142m", "model.safetensors", "vit_small_patch14_dinov2", {}, size=98
            ),
            of_miewid("conservationxlabs/miewid-msv3", "model.safetensors"),
        ]
    (pathlib.Path(__file__).parent / "published.json").write_text(json.dumps(models, indent=1) + "\n")


main()
