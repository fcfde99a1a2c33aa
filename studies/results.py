"""Shared functions of the studies: reading results of `geobipy invert`, running the program, common figure settings."""

import argparse
import csv
import re
import subprocess
from pathlib import Path

import h5py
import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend comes first)

ROOT = Path(__file__).resolve().parent.parent
GEOBIPY = ROOT / "target/release/geobipy"
LN10 = np.log(10.0)


def run(*arguments, program=GEOBIPY, progress=False):
    """Runs the program and returns its output; stops when the program fails. With `progress` its stderr is visible while it runs."""
    command = [str(program), *map(str, arguments)]
    stderr = None if progress else subprocess.PIPE
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr or ''}")
    return done.stdout


def set_arguments(values):
    """Puts `--set` before each of `values`."""
    return [argument for value in values for argument in ("--set", value)]


def study_options(documentation):
    """Returns the arguments of the studies that run the program and have a quick version."""
    parser = argparse.ArgumentParser(description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a trial with few soundings and short chains; does not change docs")
    parser.add_argument("--reuse", action="store_true", help="use existing results")
    parser.add_argument("--threads", type=int, default=0, help="number of threads; 0: all cores")
    parser.add_argument("--program", default=GEOBIPY)
    return parser.parse_args()


class Results:
    """All soundings of the line files of a folder, one array per variable, in order of line and fiducial."""

    def __init__(self, folder):
        paths = sorted(Path(folder).glob("line_*.h5"), key=lambda path: float(re.sub(r"[^\d.]", "", path.stem)))
        if not paths:
            raise SystemExit(f"{folder}: no line files")
        self.files = [h5py.File(path) for path in paths]

    def __getitem__(self, name):
        """Returns a variable by sounding."""
        return np.concatenate([file[name][...] for file in self.files])

    def __contains__(self, name):
        return name in self.files[0]

    def constant(self, name):
        """Returns a variable of the survey, or a coordinate."""
        return self.files[0][name][...]

    def percentiles(self, probabilities):
        """Returns log10 conductivity by (probability, sounding, depth cell), linear within the cells of the hitmap."""
        hitmap = self["hitmap"].astype(float)
        bounds = self.constant("log10_conductivity_bounds")
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        cumulative = np.cumsum(hitmap, axis=2)
        cumulative = np.concatenate([np.zeros_like(cumulative[:, :, :1]), cumulative], axis=2)
        cumulative /= np.maximum(cumulative[:, :, -1:], 1.0)
        found = np.full((len(probabilities), *hitmap.shape[:2]), np.nan)
        for sounding, depth in np.ndindex(*hitmap.shape[:2]):
            row = cumulative[sounding, depth]
            if row[-1] > 0.0:
                found[:, sounding, depth] = np.interp(probabilities, row, edges)
        return found

    def probability_below(self, log10_conductivity, cells):
        """Returns the posterior probability of less than `log10_conductivity` by (sounding, depth), at depth cells."""
        hitmap = self["hitmap"][:, cells].astype(float)
        bounds = self.constant("log10_conductivity_bounds")
        edges = np.append(bounds[:, 0], bounds[-1, 1])
        below = np.empty(hitmap.shape[:2])
        for sounding, depth in np.ndindex(*below.shape):
            cumulative = np.concatenate([[0.0], np.cumsum(hitmap[sounding, depth])])
            below[sounding, depth] = np.interp(log10_conductivity[sounding, depth], edges, cumulative)
            below[sounding, depth] /= max(cumulative[-1], 1.0)
        return below

    def depth_cells(self, depths_m):
        """Returns the depth cell that contains each depth."""
        return np.searchsorted(self.constant("depth_bounds")[:, 1], depths_m)


def earth_at(interface_depth_m, ln_conductivity, layer_count, depths_m):
    """Returns ln conductivity at `depths_m` of layered earths, by (earth, depth); layers beyond `layer_count` are ignored."""
    values = np.empty((len(layer_count), len(depths_m)))
    for i, k in enumerate(layer_count):
        layer = np.searchsorted(interface_depth_m[i, : k - 1], depths_m, side="right")
        values[i] = ln_conductivity[i, layer]
    return values


def models(path):
    """Returns the earths of a table of models, as `geobipy simulate` reads and writes it: interface depths in m and ln
    conductivity by (model, layer), NaN beyond the layers, and numbers of layers.
    """
    with open(path) as file:
        rows = list(csv.DictReader(file))
    conductivity, thickness_m = (
        [np.array([float(value) for value in row[column].split(";") if value]) for row in rows]  # no thickness: a halfspace
        for column in ("conductivity_S_per_m", "thickness_m"))
    layer_count = np.array([len(values) for values in conductivity])
    interface_depth_m, ln_conductivity = np.full((2, len(rows), layer_count.max()), np.nan)
    for i, k in enumerate(layer_count):
        interface_depth_m[i, : k - 1] = np.cumsum(thickness_m[i])
        ln_conductivity[i, :k] = np.log(conductivity[i])
    return interface_depth_m, ln_conductivity, layer_count


def models_at(path, depths_m):
    """Returns log10 conductivity at `depths_m` of a table of models, by (model, depth)."""
    return earth_at(*models(path), depths_m) / np.log(10.0)


def recovery(results, truth_table, depths_m):
    """Returns scores of posteriors for known earths: arrays by (sounding, depth), for soundings that were run.

    `covered`: the 90 % interval of log10 conductivity contains the truth; `log_score`: ln probability of the 0.2 decades about
    the truth; `width` of that interval and `error` of the median in decades.
    """
    # The hitmap is for the middle of depth cells, and so is the truth.
    cells = results.depth_cells(depths_m)
    truth = models_at(truth_table, results.constant("depth")[cells])
    run = results["status"] != 0
    near = results.probability_below(truth + 0.1, cells) - results.probability_below(truth - 0.1, cells)
    # One sample, distributed over the 35 windows of seven decades, is added to the 200 effective ones of the target, so that no
    # single depth that no sample found determines the score.
    log_score = np.log((200.0 * near + 1.0 / 35.0) / 201.0)
    low, median, high = results.percentiles([0.05, 0.5, 0.95])[:, :, cells]
    scores = {"covered": (low <= truth) & (truth <= high), "log_score": log_score, "width": high - low,
              "error": np.abs(median - truth)}
    return {name: values[run].astype(float) for name, values in scores.items()}


def save(figure, path):
    """Saves a figure for the documentation."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130, bbox_inches="tight")
    plt.close(figure)
    print(f"wrote {Path(path).relative_to(ROOT) if Path(path).is_relative_to(ROOT) else path}")


def write_block(document, name, text):
    """Puts `text` between the markers `name` of a document."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = Path(document).read_text().partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{document}: no {begin} ... {end}")
    Path(document).write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")
    print(f"wrote {name} of {Path(document).relative_to(ROOT)}")
