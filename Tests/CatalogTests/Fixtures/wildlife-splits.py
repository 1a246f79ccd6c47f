"""Writes wildlife-splits.json: splits of invented animals by wildlife-datasets 1.0.9.

Usage: python wildlife-splits.py PATH/TO/site-packages/wildlife_datasets wildlife-splits.json
"""
import json
import sys
import types

import pandas as pd

folder = sys.argv[1]
# Imports only the splits, because the package requires the libraries of every data set.
package = types.ModuleType("wildlife_datasets")
package.__path__ = [folder]
sys.modules["wildlife_datasets"] = package
from wildlife_datasets import splits


def frame(counts, dates=None):
    rows = [
        dict(image_id=f"a{i:03}-{k:03}", identity=f"a{i:03}", date=None if dates is None else dates[i][k])
        for i, n in enumerate(counts)
        for k in range(n)
    ]
    return pd.DataFrame(rows)


def trained(df, index, animals):
    counts = df.loc[index].identity.value_counts()
    return [int(counts.get(f"a{i:03}", 0)) for i in range(animals)]


# Animals with 1 to 25 photographs, some on the same day.
sizes = list(range(1, 26))
days = [[f"2019-0{1 + (k * 7 + i) % 9}-1{(k * i) % 5}" for k in range(n)] for i, n in enumerate(sizes)]
# With animals of one size, the sizes of the parts do not depend on the draw.
animals, photographs = 40, 10
closed, opened, disjoint, proportion = [], [], [], []
for ratio in [0.05, 0.5, 0.7, 0.8, 0.9, 1.0]:
    df = frame(sizes)
    train, _ = splits.ClosedSetSplit(ratio).split(df)[0]
    closed.append(dict(ratio_train=ratio, trained=trained(df, train, len(sizes))))
df = frame([photographs] * animals)
for ratio, unseen in [(0.8, 0.1), (0.6, 0.3), (0.8, 0.25), (0.9, 0.2)]:
    train, _ = splits.OpenSetSplit(ratio, ratio_class_test=unseen).split(df)[0]
    opened.append(dict(ratio_train=ratio, ratio_class_test=unseen, trained=sorted(trained(df, train, animals))))
for unseen in [0.1, 0.25, 0.5]:
    train, _ = splits.DisjointSetSplit(ratio_class_test=unseen).split(df)[0]
    disjoint.append(dict(ratio_class_test=unseen, trained=sorted(trained(df, train, animals))))
for ratio in [0.1, 0.5, 0.8, 1.0]:
    df = frame(sizes, days)
    _, test = splits.TimeProportionSplit(ratio).split(df)[0]
    proportion.append(dict(ratio=ratio, test=sorted(df.loc[test].image_id)))
values = dict(
    source="wildlife-datasets 1.0.9", days=days, closed=closed, open=opened, disjoint=disjoint,
    time_proportion=proportion, animals=animals, photographs=photographs,
)
with open(sys.argv[2], "w") as file:
    json.dump(values, file, separators=(",", ":"))
    file.write("\n")
