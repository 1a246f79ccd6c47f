"""Writes, from timm 1.0.31, the facts that every variant of the catalogue is compared with:

    python variants.py   # in the folder of this file: parameters.txt and variants.json

parameters.txt has a block for each variant: its name, then a line for each module with its tensors, under the names of
the state dict without the classifier; `.` is the network itself. Equal neighbours share a line: `blocks.1-3` means
three. A variant with the same tensors as an earlier one has the line `= NAME`.

variants.json has image size, mean, deviation and licence of timm's default weights, the tags with other statistics or
another licence, the number of parameters, and the multiply-adds of the convolutions, linear layers and products of
attention at that size, counted by hooks on tensors without numbers.
"""

import json
import pathlib
import re

import timm
import torch
from timm.models import get_pretrained_cfg
from timm.models.eva import EvaAttention
from timm.models.swin_transformer import WindowAttention
from timm.models.vision_transformer import Attention

assert timm.__version__ == "1.0.31", timm.__version__

VARIANTS = (
    [f"tf_efficientnet_lite{index}" for index in range(5)]
    + [f"tf_efficientnet_b{index}" for index in range(9)]
    + [f"efficientnet_b{index}" for index in range(9)]
    + ["tf_efficientnetv2_s", "tf_efficientnetv2_m", "efficientnetv2_rw_m"]
    + [f"convnext_{size}" for size in "atto femto pico nano tiny small base large".split()]
    + [f"swin_{size}_patch4_window7_224" for size in "tiny small base large".split()]
    + [f"swin_{size}_patch4_window12_384" for size in "base large".split()]
    + ["vit_base_patch16_224"]
    + [
        f"vit_{size}_patch{form}"
        for form in ("14_dinov2", "14_reg4_dinov2", "16_dinov3")
        for size in "small base large".split()
    ]
)


def modules(model):
    """Each module that has tensors, with its tensors."""
    found = {}
    for name, tensor in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        module, _, last = name.rpartition(".")
        shape = ",".join(str(length) for length in tensor.shape)
        found.setdefault(module, []).append(f"{last}={shape}")
    return {module: " ".join(tensors) for module, tensors in found.items()}


def merged(found):
    """Lines for the modules, with equal blocks in one line."""
    blocks = {}
    for module, tensors in found.items():
        match = re.match(r"(blocks\.\d+|(?:stages|layers)\.\d+\.blocks|blocks)\.(\d+)(?:\.(.*))?$", module)
        place = (match[1], int(match[2])) if match else (module, None)
        blocks.setdefault(place, []).append(f"{match[3] or ''} {tensors}" if match else tensors)
    runs = []
    for (place, index), body in blocks.items():
        if index is not None and runs and runs[-1][0] == place and runs[-1][3] == body and runs[-1][2] == index - 1:
            runs[-1][2] = index
        else:
            runs.append([place, index, index, body])
    for place, first, last, body in runs:
        if first is None:
            yield f"{place or '.'} {body[0]}"
            continue
        count = str(first) if first == last else f"{first}-{last}"
        for line in body:
            module, tensors = line.split(" ", 1)
            yield f"{place}.{count}{'.' if module else ''}{module} {tensors}"


def multiply_adds(name, size):
    """The multiply-adds for one image, counted on tensors without numbers."""
    total = 0

    def convolved(module, _, output):
        nonlocal total
        total += output.numel() * module.weight.numel() // module.out_channels

    def multiplied(module, _, output):
        nonlocal total
        total += output.numel() * module.in_features

    def attended(module, inputs, _):
        nonlocal total
        windows, places, channels = inputs[0].shape
        total += 2 * windows * places * places * channels

    with torch.device("meta"):
        model = timm.create_model(name, num_classes=0).eval()
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.register_forward_hook(convolved)
            elif isinstance(module, torch.nn.Linear):
                module.register_forward_hook(multiplied)
            elif isinstance(module, (WindowAttention, Attention, EvaAttention)):
                module.register_forward_hook(attended)
        with torch.inference_mode():
            model(torch.empty(1, 3, size, size))
    return total


def main():
    folder = pathlib.Path(__file__).parent
    lists, facts, lines = {}, {}, []
    for name in VARIANTS:
        with torch.device("meta"):
            model = timm.create_model(name, num_classes=0)
        body = list(merged(modules(model)))
        twin = next((other for other, known in lists.items() if known == body), None)
        lists[name] = body
        lines += [name] + ([f"  = {twin}"] if twin else [f"  {line}" for line in body])
        default = get_pretrained_cfg(name)
        tags = [full.partition(".")[2] for full in timm.list_pretrained(f"{name}.*")]
        differing = {tag: get_pretrained_cfg(f"{name}.{tag}") for tag in tags}
        facts[name] = {
            "image_size": default.input_size[1],
            "mean": default.mean,
            "deviation": default.std,
            "weights": {
                tag: {"mean": other.mean, "deviation": other.std}
                for tag, other in differing.items()
                if (other.mean, other.std) != (default.mean, default.std)
            },
            "licence": default.license,
            "licences": {tag: other.license for tag, other in differing.items() if other.license != default.license},
            "features": model.num_features,
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "multiply_adds": multiply_adds(name, default.input_size[1]),
        }
    (folder / "parameters.txt").write_text("\n".join(lines) + "\n")
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(fact)}" for name, fact in facts.items())
    (folder / "variants.json").write_text("{\n" + rows + "\n}\n")


main()
