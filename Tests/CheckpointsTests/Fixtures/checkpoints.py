"""Writes, with PyTorch 2.13, checkpoints as programs save them:

    python checkpoints.py   # in the folder of this file

types.pt has a tensor of each type, and tensors that are views: `turned`, `part` and `step` share one storage. module.pt
is the state of a network, as `torch.save(model.state_dict(), ...)` writes it. training.pt is a dictionary with that
state in `state_dict` and other values. The numbers count from 0.
"""

import collections
import pathlib

import torch

assert torch.__version__.startswith("2.13"), torch.__version__

FOLDER = pathlib.Path(__file__).parent


def counted(*shape, type=torch.float32):
    count = 1
    for length in shape:
        count *= length
    return torch.arange(count).to(type).reshape(shape)


def main():
    whole = counted(3, 4)
    types = {
        "float32": counted(2, 3),
        "float64": counted(2, type=torch.float64),
        "float16": counted(2, type=torch.float16),
        "bfloat16": counted(2, type=torch.bfloat16),
        "int64": counted(2, type=torch.int64),
        "number": torch.tensor(7.0),
        "empty": torch.zeros(0, 3),
        "turned": whole.T,
        "part": whole[1:, 2:],
        "step": whole[::2],
        "trained": torch.nn.Parameter(counted(2)),
    }
    torch.save(types, FOLDER / "types.pt")
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    for tensor in module.state_dict().values():
        tensor.copy_(counted(*tensor.shape, type=tensor.dtype))
    torch.save(module.state_dict(), FOLDER / "module.pt")
    training = {
        "epoch": 3,
        "rate": 0.1,
        "done": True,
        "names": ["w001", "w002"],
        "sizes": (300, 70000, -1, 1 << 40),
        "none": None,
        "state_dict": collections.OrderedDict(module.state_dict()),
    }
    torch.save(training, FOLDER / "training.pt")


main()
