"""Compares results of two seeds on surveys of real data.

Soundings along the lines of each survey are inverted with two seeds. For each state of the verdict (the worse of both runs), the
tables show by how much the 5th, the 50th and the 95th percentile of log10 conductivity differ between the seeds, as a part of the
width of the 90 % interval (mean of both), over depth cells. Surveys without data are left out and named.

Usage: studies/seeds.py [--survey NAME]... [--soundings N] [--configurations FOLDER] [--set KEY=VALUE]... [--program PATH]
                        [--seeds A B] [--threads N] [--output FOLDER] [--reuse]
"""

import argparse
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import numpy as np

from results import GEOBIPY, ROOT, Results, run, set_arguments

CONFIGURATIONS = ROOT.parent / "shared/field/configs"
SOUNDINGS = 8
PERCENTILES = (0.05, 0.5, 0.95)
SMALL = 0.1  # of the width: a difference that cannot be seen
STATES = {1: "converged", 5: "usable", 2: "not_converged"}  # from the best, by number in files
RANK = {number: place for place, number in enumerate(STATES)}
# Other configurations of the same surveys.
LEFT_OUT = ("udf_hiqga", "udf_sampled", "tempest_total", "geotem")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--survey", action="append", help="name of a configuration without .toml; all but duplicates when not given")
    parser.add_argument("--soundings", type=int, default=SOUNDINGS, help="soundings of each survey, along its lines")
    parser.add_argument("--configurations", type=Path, default=CONFIGURATIONS)
    parser.add_argument("--set", action="append", default=[], help="for every survey: sampler.maximum_iterations=30000")
    parser.add_argument("--program", default=GEOBIPY, help="an older program may be run for comparison")
    parser.add_argument("--seeds", type=int, nargs=2, default=(1, 2))
    parser.add_argument("--threads", type=int, default=0, help="number of threads; 0: all cores")
    parser.add_argument("--output", type=Path, default=ROOT / "out/seeds")
    parser.add_argument("--reuse", action="store_true", help="continue existing results")
    return parser.parse_args()


def surveys(chosen):
    """Returns the configurations whose survey file exists, by name."""
    if not chosen.configurations.is_dir():
        print(f"skipped: there is no folder {chosen.configurations}")
        return {}
    found = {}
    paths = sorted(chosen.configurations.glob("*.toml"))
    for path in paths:
        if not (path.stem in chosen.survey if chosen.survey else path.stem not in LEFT_OUT):
            continue
        data = path.parent / tomllib.loads(path.read_text())["survey"]["data"]
        if data.exists():
            found[path.stem] = path
        else:
            print(f"{path.stem}: skipped, there is no {data}")
    for name in chosen.survey or ():
        if name not in (path.stem for path in paths):
            print(f"{name}: skipped, there is no {chosen.configurations / name}.toml")
    return found


def spread(config, count, sets, program):
    """Returns arguments that select about `count` soundings along the lines of the survey."""
    told = subprocess.run([str(program), "check", str(config), *sets], capture_output=True, text=True, check=False).stdout
    number, lines = (int(re.search(rf"(\d+) {word}s?\b", told)[1]) for word in ("sounding", "line"))
    # Every line has its first sounding and then every n-th.
    return ("--every", max(1, -(-(number + lines) // count)))


def invert(name, config, chosen):
    """Returns results of both seeds."""
    sets = set_arguments(chosen.set)
    both = []
    for seed in chosen.seeds:
        folder = chosen.output / name / f"seed_{seed}"
        if not chosen.reuse:
            shutil.rmtree(folder, ignore_errors=True)
        every = spread(config, chosen.soundings, sets, chosen.program)
        run("invert", config, folder, *sets, "--seed", seed, "--threads", chosen.threads, *every, program=chosen.program)
        both.append(Results(folder))
    return both


def read(results, rows):
    """Returns the compared quantities of soundings `rows`."""
    rhat = np.max([np.max(results[name][rows].reshape(len(rows), -1), axis=1) for name in
                   ("rhat_layer_count", "rhat_misfit", "rhat_log10_conductivity")], axis=0)
    ess = np.min([np.min(results[prefix + name][rows].reshape(len(rows), -1), axis=1) for prefix in ("ess_", "ess_tail_")
                  for name in ("layer_count", "misfit", "log10_conductivity")], axis=0)
    return {"status": results["status"][rows], "cpu": results["cpu_seconds"][rows], "rhat": rhat, "ess": ess,
            "percentiles": results.percentiles(PERCENTILES)[:, rows]}


def compare(name, config, chosen):
    """Compares two runs of one survey: numbers by sounding."""
    both = invert(name, config, chosen)
    done = np.flatnonzero(np.isin(both[0]["status"], tuple(STATES)) & np.isin(both[1]["status"], tuple(STATES)))
    one, two = (read(results, done) for results in both)
    width = 0.5 * sum(r["percentiles"][2] - r["percentiles"][0] for r in (one, two))
    worse = [max(pair, key=RANK.get) for pair in zip(one["status"], two["status"])]
    return {"name": name, "status": np.array(worse, dtype=int), "one": one, "two": two,
            "difference": np.abs(one["percentiles"] - two["percentiles"]) / width}


def table(rows):
    yield "| survey | state | soundings | percentile | median | 90 % | 95 % | max | below 0.1 |"
    yield "|---|---|---:|---|---:|---:|---:|---:|---:|"
    parts = [(row["name"], [row]) for row in rows] + ([("all", rows)] if len(rows) > 1 else [])
    for name, part in parts:
        for number, state in STATES.items():
            count = sum(int(np.sum(row["status"] == number)) for row in part)
            if not count:
                continue
            cells = np.concatenate([row["difference"][:, row["status"] == number].reshape(3, -1) for row in part], axis=1)
            for percentile, values in zip(("p05", "p50", "p95"), cells):
                at = " | ".join(f"{value:.3f}" for value in np.quantile(values, (0.5, 0.9, 0.95, 1.0)))
                yield f"| {name} | {state} | {count} | {percentile} | {at} | {np.mean(values < SMALL):.0%} |"


def summary(rows):
    yield f"| survey | {' | '.join(STATES.values())} | CPU s mean | median | max | R-hat median | worst | least ESS median | worst |"
    yield "|---|" + "---:|" * (len(STATES) + 7)
    for row in rows:
        values = {key: np.concatenate([row[run_][key] for run_ in ("one", "two")]) for key in ("status", "cpu", "rhat", "ess")}
        if not len(values["status"]):
            yield f"| {row['name']} | no sounding |"
            continue
        shares = " | ".join(f"{np.mean(values['status'] == number):.0%}" for number in STATES)
        cpu, rhat, ess = values["cpu"], values["rhat"], values["ess"]
        yield (f"| {row['name']} | {shares} | {cpu.mean():.2f} | {np.median(cpu):.2f} | {cpu.max():.2f} | {np.median(rhat):.3f} | "
               f"{rhat.max():.2f} | {np.median(ess):.0f} | {ess.min():.0f} |")


def main():
    chosen = options()
    rows = [compare(name, config, chosen) for name, config in surveys(chosen).items()]
    if not rows:
        print("seeds: nothing to do")
        return
    print("\n".join(["Both runs together:", "", *summary(rows), "",
                     "Differences between seeds over the width of the 90 % interval, over depth cells:", "", *table(rows)]))
    chosen.output.mkdir(parents=True, exist_ok=True)
    kept = [{"survey": row["name"], "status": row["status"].tolist(), "rhat": [row[r]["rhat"].tolist() for r in ("one", "two")],
             "ess": [row[r]["ess"].tolist() for r in ("one", "two")],
             "p50_difference_95": np.quantile(row["difference"][1], 0.95, axis=-1).tolist()} for row in rows]
    (chosen.output / "soundings.json").write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
