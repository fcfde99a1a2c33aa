"""Opens every line file of an interrupted run and compares its finished soundings with those of a complete run.

usage: compare_finished.py WHOLE_DIRECTORY CUT_DIRECTORY
"""

import sys
from pathlib import Path

import h5py
import numpy as np

whole_directory, cut_directory = map(Path, sys.argv[1:])
finished = 0
for path in cut_directory.glob("line_*.h5"):
    with h5py.File(path) as cut, h5py.File(whole_directory / path.name) as whole:
        assert set(cut) == set(whole), set(cut) ^ set(whole)
        done = cut["status"][:] != 0
        finished += done.sum()
        for name, dataset in cut.items():
            if "sounding" in name or name == "cpu_seconds" or dataset.ndim == 0 or len(dataset) != len(done):
                continue
            got, expected = dataset[:][done], whole[name][:][done]
            assert got.tobytes() == expected.tobytes(), f"{path}: {name} of a finished sounding is not whole"
        assert np.all(cut["status"][:][done] == whole["status"][:][done])
print(f"{finished} finished soundings are whole")
