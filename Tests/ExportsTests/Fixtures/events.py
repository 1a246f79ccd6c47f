"""Writes events.hex: the epochs of EventFileTests as TensorBoard 2.21 writes them.

Run it with tensorboard installed: python events.py
"""

import io
import pathlib

from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

START = 1480000000.0
EPOCHS = [
    (1, 3.5, [("train/loss", 2.5), ("train/learning_rate", 0.001), ("validation/mAP", 0.125),
              ("speed/images_per_second", 40.5), ("speed/waiting_share", 0.25)]),
    (300, 2.25, [("train/loss", 1.5), ("train/learning_rate", 0.0005),
                 ("speed/images_per_second", 41.0), ("speed/waiting_share", 0.0)]),
]

output = io.BytesIO()
writer = RecordWriter(output)
writer.write(event_pb2.Event(wall_time=START, file_version="brain.Event:2").SerializeToString())
time = START
for step, seconds, scalars in EPOCHS:
    time += seconds
    event = event_pb2.Event(wall_time=time, step=step)
    for tag, value in scalars:
        event.summary.value.add(tag=tag, simple_value=value)
    writer.write(event.SerializeToString())
lines = output.getvalue().hex()
text = "\n".join(lines[start:start + 100] for start in range(0, len(lines), 100)) + "\n"
pathlib.Path(__file__).with_name("events.hex").write_text(text)
