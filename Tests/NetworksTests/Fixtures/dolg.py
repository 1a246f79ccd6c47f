"""Writes dolg.json: DOLG's module in PyTorch, under the names of its authors' code, on small random maps.

Run by hand, with any PyTorch from 1.13 on: python3 dolg.py
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

BATCH, EARLIER, LAST = 3, 4, 5


class Attention(nn.Module):
    def __init__(self, channels, dilations):
        super().__init__()
        width = channels // 2
        self.aspp = nn.Module()
        self.aspp.aspp = nn.ModuleList(
            [nn.Conv2d(channels, width, 1)]
            + [nn.Conv2d(channels, width, 3, padding=d, dilation=d) for d in dilations])
        self.aspp.im_pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, width, 1), nn.ReLU())
        self.aspp.conv_after = nn.Sequential(nn.Conv2d(width * (len(dilations) + 2), channels, 1), nn.ReLU())
        self.conv1 = nn.Conv2d(channels, channels, 1)
        self.bn = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, 1, 1)

    def forward(self, x):
        whole = F.interpolate(self.aspp.im_pool(x), size=x.shape[2:], mode="bilinear", align_corners=False)
        x = self.aspp.conv_after(torch.cat([whole] + [branch(x) for branch in self.aspp.aspp], 1))
        x = self.bn(self.conv1(x))
        return F.softplus(self.conv2(F.relu(x))) * F.normalize(x, dim=1)


class DOLG(nn.Module):
    def __init__(self, dilations, projection):
        super().__init__()
        self.localmodel = Attention(EARLIER, dilations)
        self.pool_g = nn.Module()
        self.pool_g.p = nn.Parameter(torch.tensor([3.0]))
        self.fc_t = nn.Linear(LAST, EARLIER)
        self.projection = projection

    def forward(self, earlier, last):
        local = self.localmodel(earlier)
        p = self.pool_g.p
        fg = self.fc_t(last.clamp(min=1e-6).pow(p).mean((2, 3)).pow(1 / p))
        length = fg.norm(dim=1).view(-1, 1, 1)
        product = torch.bmm(fg.unsqueeze(2), torch.bmm(fg.unsqueeze(1), local.flatten(2)))
        projected = product / (length * length if self.projection == "paper" else length)
        remainder = (local.flatten(2) - projected).mean(2)
        return torch.cat([remainder, fg], 1)


def case(projection, dilations, training):
    # Stored numbers fit single precision, so that both sides start from the same numbers.
    model = DOLG(dilations, projection).float()
    with torch.no_grad():
        for buffer in (model.localmodel.bn.running_mean, model.localmodel.bn.running_var):
            buffer.uniform_(0.5, 1.5)
    earlier, last = torch.randn(BATCH, EARLIER, 8, 8), torch.randn(BATCH, LAST, 4, 4)
    start = {name: tensor.clone() for name, tensor in model.state_dict().items() if "num_batches" not in name}
    model, earlier, last = model.double(), earlier.double().requires_grad_(), last.double().requires_grad_()
    model.train(training)
    output = model(earlier, last)
    factors = torch.randn(output.shape)
    (output * factors.double()).sum().backward()
    return {
        "projection": projection, "dilations": dilations, "training": training,
        "state": {name: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()}
                  for name, tensor in start.items()},
        "earlier": earlier.flatten().tolist(), "last": last.flatten().tolist(), "factors": factors.flatten().tolist(),
        "output": output.flatten().tolist(),
        "grad_earlier": earlier.grad.flatten().tolist(), "grad_last": last.grad.flatten().tolist(),
        "gradients": {name: parameter.grad.flatten().tolist() for name, parameter in model.named_parameters()},
    }


def rounded(value):
    """Nine digits, more than single precision has."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(entry) for entry in value]
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return value


torch.manual_seed(4)
document = {
    "torch": torch.__version__, "batch": BATCH, "earlier_channels": EARLIER, "last_channels": LAST,
    "cases": [case("paper", [6, 12, 18], False), case("paper", [1, 2, 3], True),
              case("write-up", [1, 2, 3, 4, 5, 6, 7], True)],
}
path = pathlib.Path(__file__).with_name("dolg.json")
path.write_text(json.dumps(rounded(document)) + "\n")
