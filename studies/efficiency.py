"""Compares the effective samples per second of processor time of this program and of an older one.

Both programs invert the same soundings with the same model, prior, budget and seeds, one after the other, seed by seed. Soundings
without a survey file are left out and named. The first table has the least bulk effective sample size over layer count, misfit
and log10 conductivity at five depths, by processor second, burn-in included. The second table shows that both programs sample the
same posterior: differences of posterior means in units of their Monte Carlo error.

Usage: studies/efficiency.py --old PROGRAM [--program PATH] [--seeds N] [--iterations N] [--sounding NAME]... [--publish]
"""

import argparse
import csv
import shutil
from pathlib import Path

import numpy as np

from results import GEOBIPY, ROOT, Results, run, set_arguments, write_block

SHARED = ROOT.parent / "shared/field"
CONFIGS = SHARED / "configs"
SYNTHETIC = SHARED / "geobipy_synthetic"
DOCUMENT = ROOT / "docs/sampler.md"
# Both programs get the same bound, independent of their defaults.
COMMON = ["prior.conductivity_maximum_s_per_m=10", "sampler.maximum_burn_in=20000", "sampler.ess_target=600"]
FACTOR_FIXED = ["errors.std_factor_minimum=1", "errors.std_factor_maximum=1"]


def synthetic(config, earth):
    """Returns line and fiducial of the sounding in the middle of a synthetic survey, and its survey file."""
    path = SYNTHETIC / f"{config}_{earth}.csv"
    if not path.exists():
        return None
    with path.open() as table:
        rows = list(csv.DictReader(table, skipinitialspace=True))
    row = {key.strip().lower(): value for key, value in rows[len(rows) // 2].items()}
    line = row.get("line_number") or row.get("line")
    return CONFIGS / f"{config}_glacial.toml", [f"survey.data={path}"], float(line), float(row["fiducial"])


def soundings():
    """Returns configuration, settings, line and fiducial by name; None when there is no survey."""
    found = {f"SkyTEM, {earth}": synthetic("skytem", earth) for earth in ("glacial", "resistive_basement", "saline_clay")}
    found["Tempest, glacial"] = synthetic("tempest", "glacial")
    for name, config, settings, line, fiducial in [
        ("UDF 47364249", "udf", [], 100502, 47364249.0),
        ("UDF 47364013.5", "udf", [], 100502, 47364013.5),
        ("UDF 47364045", "udf", [], 100502, 47364045.0),
        ("UDF 47364082.5", "udf", [], 100502, 47364082.5),
        ("Tempest 3752.8", "tempest_ga_amplitude", [], 1007001, 3752.8),
        ("Wisconsin", "wisconsin", ["survey.allow_rejected_rows=true"], 103301, None),
        ("GEOTEM", "geotem_amplitude", [], 10010, None),
    ]:
        path = CONFIGS / f"{config}.toml"
        found[name] = (path, settings, line, fiducial) if path.exists() else None
    return found


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", required=True, help="the older program")
    parser.add_argument("--program", default=GEOBIPY)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=100_000)
    parser.add_argument("--sounding", action="append", help="part of a name; all when not given")
    parser.add_argument("--publish", action="store_true", help="writes the tables into docs/sampler.md")
    parser.add_argument("--output", type=Path, default=ROOT / "out/efficiency")
    return parser.parse_args()


def invert(program, newer, sounding, seed, iterations, folder):
    """Returns effective samples per CPU second, and means with their variances, of one run."""
    config, settings, line, fiducial = sounding
    shutil.rmtree(folder, ignore_errors=True)
    settings = [*settings, *COMMON, f"sampler.maximum_iterations={iterations}"]
    if newer and ("tempest_ga" in config.stem or config.stem == "wisconsin"):
        settings += FACTOR_FIXED
    chosen = ["--line", line, *(["--fiducial", fiducial] if fiducial is not None else ["--every", 1000])]
    run("invert", config, folder, *chosen, "--seed", seed, "--threads", 1, *set_arguments(settings), program=program)
    results = Results(folder)
    done = np.flatnonzero(np.isin(results["status"], (1, 2, 5)))[0]
    ess = np.concatenate(
        [[results["ess_layer_count"][done], results["ess_misfit"][done]], results["ess_log10_conductivity"][done]]
    )
    return ess, results["cpu_seconds"][done], *moments(results, done, ess)


def moments(results, sounding, ess):
    """Returns posterior means of layer count, misfit and log10 conductivity at the diagnostic depths, and their Monte Carlo
    variances.
    """

    def of_histogram(values, counts):
        mean = np.average(values, weights=counts)
        return mean, np.average((values - mean) ** 2, weights=counts)

    layers = results["layer_count_histogram"][sounding]
    found = [of_histogram(np.arange(1, len(layers) + 1), layers)]
    misfits = results["sample_misfit"][sounding]
    found.append((np.mean(misfits), np.var(misfits)))
    bounds = results.constant("depth_bounds")
    for depth in results.constant("diagnostic_depth"):
        cell = min(np.searchsorted(bounds[:, 1], depth, side="right"), len(bounds) - 1)
        found.append(of_histogram(results.constant("log10_conductivity"), results["hitmap"][sounding, cell]))
    means, variances = np.array(found).T
    return means, variances / np.maximum(ess, 1.0)


def main():
    chosen = options()
    table = ["| sounding | old: median (worst seed) | new: median (worst seed) | ratio |", "|---|---:|---:|---:|"]
    same = [
        "| sounding | layers, old / new | misfit, old / new | largest difference of 7 means, in Monte Carlo errors |",
        "|---|---|---|---:|",
    ]
    ratios = []
    for name, sounding in soundings().items():
        if chosen.sounding and not any(part in name for part in chosen.sounding):
            continue
        if sounding is None:
            print(f"left out: {name}, its survey is not there")
            continue
        runs = {"old": [], "new": []}
        for seed in range(1, chosen.seeds + 1):
            for which, program in (("old", chosen.old), ("new", chosen.program)):
                folder = chosen.output / which
                runs[which].append(invert(program, which == "new", sounding, seed, chosen.iterations, folder))
        least = {which: np.array([ess.min() / seconds for ess, seconds, *_ in of]) for which, of in runs.items()}
        ratio = np.exp(np.mean(np.log(least["new"])) - np.mean(np.log(least["old"])))
        ratios.append(ratio)
        cells = [f"{np.median(least[which]):.1f} ({least[which].min():.1f})" for which in ("old", "new")]
        table.append(f"| {name} | {cells[0]} | {cells[1]} | **{ratio:.1f}** |")
        print(table[-1], flush=True)
        means = {which: np.mean([run[2] for run in of], axis=0) for which, of in runs.items()}
        # When chains do not agree, the scatter of the seeds gives the error.
        errors = {
            which: np.maximum(
                np.mean([run[3] for run in of], axis=0), np.var([run[2] for run in of], axis=0, ddof=1) if len(of) > 1 else 0.0
            )
            / len(of)
            for which, of in runs.items()
        }
        difference = np.abs(means["new"] - means["old"]) / np.sqrt(errors["old"] + errors["new"])
        pairs = [f"{means['old'][i]:.2f} / {means['new'][i]:.2f}" for i in (0, 1)]
        same.append(f"| {name} | {pairs[0]} | {pairs[1]} | {difference.max():.1f} |")
    table.append(f"| geometric mean | | | **{np.exp(np.mean(np.log(ratios))):.1f}** |")
    text = "\n".join([*table, "", *same])
    print(text)
    if chosen.publish:
        write_block(DOCUMENT, "efficiency", text)


if __name__ == "__main__":
    main()
