#!/usr/bin/env python3
"""Compares effective samples per CPU second of GeoBIPy and this program on the same RESOLVE soundings, as a Markdown table.

The script installs GeoBIPy 2.3.2 from PyPI with all dependencies (1.5 GB) into a virtual environment in the target folder and
inverts soundings one after another on one thread, like GeoBIPy's serial program. GeoBIPy does not store its chain, so the script
reads the state after every iteration. It measures only mixing, not whether the chain samples the right posterior.

Options are those of resolve_options in GeoBIPy's documentation: up to 30 layers of at least 1 m, interfaces from 0.1 m to 200 m,
a prior on the gradient of ln conductivity (standard deviation 1.5) and none on conductivity itself, relative error from 0.001 to
0.5 starting at 0.05, additive error from 3 ppm to 20 ppm starting at 5 ppm; births, deaths and moves of an interface with
probability 1/6 each. Both errors have steps of standard deviation 0.001 in their logarithm; another edition of that file has
larger steps: --error-variances 2.5e-4 1e-5.

The chain begins at the iteration where GeoBIPy reports the end of burn-in; without a report it is the second half. There is a
single chain, so that R-hat compares its halves: the larger of rank-normalised and folded R-hat, for the worst quantity. Effective
samples (ESS) are bulk: rank-normalised, two halves, Geyer's initial monotone sequence (Vehtari et al. 2021). CPU seconds run from
the search for the best halfspace to the last iteration, burn-in included, without imports, compilation and writing of files. The
numbers of this program, at default settings, are those in its results: bulk, over layer count, misfit and conductivity at five
depths; target/release/geobipy must have been built.
"""

import argparse
import contextlib
import datetime
import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / "target" / "geobipy_efficiency"
PROGRAM = ROOT / "target" / "release" / "geobipy"
PACKAGES = ["geobipy==2.3.2", "numpy<2.4"]  # numpy 2.4 no longer converts an array of one element to a number, which GeoBIPy needs
THREADS = ["NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]

WEDGE = (ROOT / "examples" / "resolve", "wedge.csv", "resolve.stm", [10, 30, 50])
REAL = (ROOT.parent / "shared" / "field" / "resolve_small", "Resolve_small.txt", "FdemSystem2.stm", [10, 50, 90])

INSIDE = Path(sys.prefix).resolve() == ENVIRONMENT.resolve()
if INSIDE:
    import geobipy
    import h5py
    import numpy as np
    from scipy.special import ndtri
    from scipy.stats import rankdata

OPTIONS = {
    "update_plot_every": 5000,
    **dict.fromkeys(["interactive_plot", "save_png", "solve_parameter"], False),
    "save_hdf5": True,  # GeoBIPy requires a plot or a file; `invert` then prevents the file
    **dict.fromkeys(["solve_gradient", "solve_relative_error", "solve_additive_error"], True),
    "maximum_number_of_layers": 30,
    "minimum_depth": 0.1,
    "maximum_depth": 200.0,
    "minimum_thickness": 1.0,
    "initial_relative_error": 0.05,
    "minimum_relative_error": 0.001,
    "maximum_relative_error": 0.5,
    "initial_additive_error": 5.0,
    "minimum_additive_error": 3.0,
    "maximum_additive_error": 20.0,
    **dict.fromkeys(["probability_of_birth", "probability_of_death", "probability_of_perturb"], 1.0 / 6.0),
    "probability_of_no_change": 0.5,
}


# Below, `halves` are the two halves of a chain of one quantity, one per row.
def rank_normalised(halves):
    return ndtri((rankdata(halves).reshape(halves.shape) - 0.375) / (halves.size + 0.25))


def variances(halves):
    """Returns the variance within the halves, and the total variance with the distance of their means."""
    count = halves.shape[1]
    within = halves.var(axis=1, ddof=1).mean()
    return within, within * (count - 1) / count + halves.mean(axis=1).var(ddof=1)


def r_hat(halves):
    folded = np.abs(halves - np.median(halves))
    within, total = np.transpose([variances(rank_normalised(values)) for values in (halves, folded)])
    return np.nanmax(np.sqrt(total / within))


def effective_samples(halves):
    values = rank_normalised(halves)
    count = values.shape[1]
    within, total = variances(values)
    # Zeros after the values keep the ends of a half from being neighbours.
    spectrum = np.fft.rfft(values - values.mean(axis=1, keepdims=True), 2 * count)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2)[:, :count].mean(axis=0) / count
    correlation = 1.0 - (within - covariance) / total
    correlation[0] = 1.0
    pairs = correlation[: count // 2 * 2].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs <= 0.0)
    pairs = np.minimum.accumulate(pairs[: negative[0]] if len(negative) else pairs)
    # An oscillating chain could have any effective sample size; Vehtari et al. limit it.
    return values.size / max(2.0 * pairs.sum() - 1.0, 1.0 / np.log10(values.size))


def record(inference, depths_m):
    """Makes the inference append layer count, misfit and log10 conductivities to the list that is returned."""
    rows = []
    update = inference.update

    def update_and_look():
        update()
        model = inference.model
        layers = np.searchsorted(np.asarray(model.mesh.edges)[1:-1], depths_m)
        rows.append([model.nCells.item(), float(inference.data_misfit), *np.log10(np.asarray(model.values)[layers])])

    inference.update = update_and_look
    return rows


def invert(options, sounding, depths_m, seed):
    """Returns the chain by iteration and quantity, the first iteration after burn-in or None, and CPU seconds."""
    # Each sounding needs a new reader, because GeoBIPy's only reads forwards.
    survey = geobipy.FdemData._initialize_sequential_reading(options["data_filename"], options["system_filename"])
    datapoint = survey._read_record(sounding)
    if datapoint is None:
        raise SystemExit(f"{options['data_filename']}: no sounding {sounding}")
    inference = geobipy.Inference1D(prng=np.random.Generator(np.random.PCG64DXSM(seed)), **options)
    rows = record(inference, depths_m)
    start = time.process_time()
    with contextlib.redirect_stdout(sys.stderr):
        inference.initialize(datapoint)
        inference.save_hdf5 = False
        inference.infer(None)
    seconds = time.process_time() - start
    return np.array(rows), int(inference.burned_in_iteration) if inference.burned_in else None, seconds


def row(sounding, chain, burned_in, seconds):
    start = len(chain) // 2 if burned_in is None else burned_in
    half = (len(chain) - start) // 2
    quantities = [values[: 2 * half].reshape(2, half) for values in chain[start:].T]
    samples = [effective_samples(halves) for halves in quantities]
    ending = "never burned in" if burned_in is None else f"burned in at {burned_in}"
    cells = [str(sounding), f"{len(chain)}, {ending}", f"{seconds:.0f}", f"{max(map(r_hat, quantities)):.2f}"]
    cells += [f"{number:.0f}" for number in (*samples[:2], np.nanmin(samples[2:]))]
    return [*cells, f"{np.nanmin(samples) / seconds:.4f}"]


def ours(data, system, sounding):
    """Returns the cells of a row for this program."""
    header, *lines = Path(data).read_text(encoding="utf-8").splitlines()
    names = [name.lower() for name in header.replace(",", " ").split()]
    column = next(names.index(name) for name in ("fiducial", "fid") if name in names)
    fiducial = lines[sounding].replace(",", " ").split()[column]
    with tempfile.TemporaryDirectory() as temporary:
        sets = [f"--set=survey.data={data}", f"--set=survey.system={system}"]
        config = str(WEDGE[0] / "resolve.toml")
        command = [str(PROGRAM), "invert", config, temporary, "--threads=1", f"--fiducial={fiducial}", *sets]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with h5py.File(next(Path(temporary).glob("line_*.h5"))) as file:
            row = int(np.flatnonzero(file["fiducial"][...] == float(fiducial))[0])
            of = {name: file[name][row] for name in file if name.startswith(("ess_", "rhat_")) and "tail" not in name}
            seconds, iterations = file["cpu_seconds"][row], file["burn_in"][row] + file["iterations"][row]
    rhat = max(np.max(of[f"rhat_{name}"]) for name in ("layer_count", "misfit", "log10_conductivity"))
    samples = [of["ess_layer_count"], of["ess_misfit"], np.min(of["ess_log10_conductivity"])]
    cells = [f"{sounding}, ours", f"4 x {iterations}, converged" if rhat <= 1.05 else f"4 x {iterations}", f"{seconds:.2f}"]
    return [*cells, f"{rhat:.2f}", *(f"{number:.0f}" for number in samples), f"{min(samples) / seconds:.0f}"]


def measure(arguments):
    folder, data, system, soundings = REAL if arguments.real else WEDGE
    relative, additive = arguments.error_variances
    options = OPTIONS | {
        "data_type": geobipy.FdemData,
        "data_directory": str(folder),
        "data_filename": data,
        "relative_error_proposal_variance": relative,
        "additive_error_proposal_variance": additive,
    }
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("geobipy", "numba", "numpy"))
    depths = ", ".join(f"{depth:g}" for depth in arguments.depths)
    print(f"{datetime.date.today()}, {data}; {versions}, Python {platform.python_version()}, one thread; variances of")
    print(f"error steps {relative:g}, {additive:g}; conductivity at {depths} m; seed {arguments.seed}.\n")
    with tempfile.TemporaryDirectory() as temporary:
        # GeoBIPy's reader of systems does not accept comments.
        lines = (folder / system).read_text(encoding="utf-8").splitlines(keepends=True)
        copy = Path(temporary, system)
        copy.write_text("".join(text for text in lines if not text.startswith("//")), encoding="utf-8")
        options["system_filename"] = str(copy)

        soundings = arguments.soundings or soundings
        for sounding in soundings:  # This compiles the code, and fails at once if there is no such sounding.
            invert(geobipy.user_parameters(**options, n_markov_chains=300), sounding, arguments.depths, seed=0)
        print("| sounding | iterations | CPU s | R-hat | ESS: layer count | misfit | conductivity | least per CPU s |")
        print("|---" + "|---:" * 7 + "|", flush=True)
        options = geobipy.user_parameters(**options, n_markov_chains=arguments.iterations)
        for sounding in soundings:
            cells = row(sounding, *invert(options, sounding, arguments.depths, arguments.seed))
            print("| " + " | ".join(cells) + " |", flush=True)
            print("| " + " | ".join(ours(folder / data, folder / system, sounding)) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", action="store_true", help=f"soundings of {REAL[1]} instead of {WEDGE[1]}")
    parser.add_argument("--soundings", type=int, nargs="+", help="index of a sounding, from 0 (default: three along the line)")
    parser.add_argument("--iterations", type=int, default=100_000, help="iterations after burn-in (default: %(default)s)")
    parser.add_argument("--depths", type=float, nargs="+", default=[10.0, 25.0, 50.0, 80.0, 125.0], help="in m")
    parser.add_argument("--error-variances", type=float, nargs=2, default=[1e-6, 1e-6], help="relative, additive")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if INSIDE:
        return measure(arguments)
    python = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
    environment = os.environ | dict.fromkeys(THREADS, "1") | {"MPLBACKEND": "Agg"}
    return subprocess.run([python, __file__, *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
