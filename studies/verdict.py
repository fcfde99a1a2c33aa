"""Tests whether the states of the verdict mean what they say, by coverage where the truth is known: docs/validation.md.

Models, errors and noise are drawn from the prior (`geobipy simulate --prior-draws`) and inverted with budgets that are too short
for many of them, so that all states occur. The posterior probability below the truth is uniform if the posterior is right. Poor
posteriors are too narrow or shifted: their 90 % intervals contain the truth less often, and the truth is further from the middle
than the root mean square 1 / sqrt(12) = 0.289 of a uniform rank. A long run with another seed gives a more exact error of a short
run: the difference of their probabilities below the truth.

Usage: studies/verdict.py [--draws N] [--system NAME]... [--reuse] [--threads N] [--program PATH]
"""

import argparse
import shutil
from pathlib import Path

import numpy as np

from calibration import SYSTEMS
from results import GEOBIPY, ROOT, Results, models_at, run, set_arguments, write_block

DRAWS = {"resolve": 300, "helicopter": 60}
BUDGETS = ((500, 500), (2000, 2500), (4000, 8000))  # iterations of burn-in and after it
LONG = (20000, 100000)  # every n-th sounding is used
DEPTHS = 20  # number of depth cells, evenly among those of the grid
STATES = {1: "converged", 5: "usable", 2: "not converged"}
ERRORS = (0.0, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 1.0)  # bounds of classes of the error of the median
DOCUMENT = ROOT / "docs/validation.md"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, help="soundings of each system; another number does not change docs")
    parser.add_argument("--system", action="append", choices=DRAWS, help="only this system; does not change docs")
    parser.add_argument("--reuse", action="store_true", help="use existing results")
    parser.add_argument("--threads", type=int, default=0, help="number of threads; 0: all cores")
    parser.add_argument("--program", default=GEOBIPY)
    return parser.parse_args()


def soundings(name, chosen):
    """Returns for all short budgets: status, errors of median and tails that 95 % of cells do not exceed, R-hat, CPU seconds,
    ranks of the truth by (sounding, depth), and their differences from those of a converged long run, NaN without one.
    """
    system, folder = SYSTEMS[name], ROOT / "out/verdict" / name
    config, sets = folder / Path(system.example).name, set_arguments(system.sets)
    if not chosen.reuse:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        folder.mkdir(parents=True)
        example = ROOT / "examples" / system.example
        for path in (example, *example.parent.glob("*.stm")):
            shutil.copy(path, folder)
        draws = ("--prior-draws", chosen.draws or DRAWS[name], "--seed", 500, "--truth", folder / "truth.csv", "--force")
        run("simulate", config, *sets, *draws, *system.geometry, program=chosen.program)
    parts = []
    for seed, (burn_in, iterations) in ((2, LONG), *((1, budget) for budget in BUDGETS)):
        budget = set_arguments((f"sampler.maximum_burn_in={burn_in}", f"sampler.maximum_iterations={iterations}"))
        output = folder / f"results_{iterations}"
        every = ("--every", 2 if (burn_in, iterations) == LONG else 1)
        run("invert", config, output, *sets, *budget, *every, "--seed", seed, "--threads", chosen.threads, program=chosen.program)
        results = Results(output)
        depths_m = results.constant("depth")
        cells = np.linspace(0, len(depths_m) - 1, DEPTHS).round().astype(int)
        truth = models_at(folder / "truth.csv", depths_m[cells])
        ranks = results.probability_below(truth, cells)
        if iterations == LONG[1]:
            reference = np.where((results["status"] == 1)[:, None], ranks, np.nan)
            continue
        tails = np.maximum(results["monte_carlo_error_p05"], results["monte_carlo_error_p95"])
        parts.append((results["status"], np.quantile(results["monte_carlo_error_p50"], 0.95, axis=1), np.quantile(tails, 0.95, axis=1),
                      results["rhat_maximum"], results["cpu_seconds"], ranks, ranks - reference))
    return [np.concatenate(part) for part in zip(*parts)]


def row(title, chosen, ranks, differences):
    """Returns a row for soundings `chosen`; standard errors are over soundings, because their depths are not independent."""
    if not np.any(chosen):
        return f"| {title} | 0 | | | | |"
    ranks, differences = ranks[chosen], differences[chosen]
    scored = (np.abs(ranks - 0.5) <= 0.45, ranks < 0.5)
    means = [f"{100 * np.mean(of):.1f} ± {100 * np.std(np.mean(of, axis=1)) / np.sqrt(len(of)):.1f}" for of in scored]
    known = differences[np.isfinite(differences)]
    difference = f"{np.sqrt(np.mean(known**2)):.3f}" if len(known) else ""
    return f"| {title} | {len(ranks)} | {means[0]} | {means[1]} | {np.sqrt(np.mean((ranks - 0.5) ** 2)):.3f} | {difference} |"


def table(status, median_error, tail_error, rhat, *ranks):
    yield "| soundings | number | 90 % interval contains the truth, % | truth below the median, % | RMS of rank about its middle | RMS of rank less that of a long run |"
    yield "|---|---:|---:|---:|---:|---:|"
    for number, state in STATES.items():
        yield row(f"**{state}**", status == number, *ranks)
    usable = (median_error <= 0.05) & (tail_error <= 0.03)
    yield row("R-hat > 1.1, percentiles certain", (rhat > 1.1) & usable, *ranks)
    yield row("R-hat <= 1.1, percentiles uncertain", (rhat <= 1.1) & ~usable, *ranks)
    for low, high in zip(ERRORS, ERRORS[1:]):
        yield row(f"error of the median {low:g} to {high:g}", (low < median_error) & (median_error <= high), *ranks)


def main():
    chosen, texts = options(), []
    for name in chosen.system or DRAWS:
        status, median_error, tail_error, rhat, cpu, ranks, differences = soundings(name, chosen)
        kept = np.isin(status, tuple(STATES))
        numbers = [values[kept] for values in (status, median_error, tail_error, rhat, ranks, differences)]
        head = f"**{SYSTEMS[name].title.split(':')[0]}.** {len(status)} inversions, {np.sum(cpu) / 60:.1f} CPU minutes."
        texts += ["\n".join([head, "", *table(*numbers)])]
    print("\n\n".join(texts))
    if not (chosen.draws or chosen.system):
        write_block(DOCUMENT, "verdict", "\n\n".join(texts))


if __name__ == "__main__":
    main()
