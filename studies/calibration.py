"""Simulation-based calibration (Talts et al. 2018) of the whole program; docs/validation.md explains method and results.

Models, errors, geometry and noise are drawn from the prior (`geobipy simulate --prior-draws`) and inverted. If prior, likelihood,
sampler and files are right, the rank of the truth among the samples of its posterior is uniform.

A system that fails is drawn once more, and is judged wrong if it fails again.

Usage: studies/calibration.py [--reuse] [--system NAME]... [--draws N] [--seed N] [--threads N] [--program PATH]
       studies/calibration.py --wrong PROGRAM    (a program with a wrong acceptance ratio: succeeds if the error is found)
       studies/calibration.py --self-test        (tests the statistics; no program is run)
"""

import argparse
import csv
import math
import shutil
import tomllib
from collections import namedtuple
from pathlib import Path

import numpy as np

from rank_tests import Ecdf, chi_square_p, histogram, ranks, self_test
from results import GEOBIPY, ROOT, Results, earth_at, models, plt, run, save, set_arguments, write_block

DRAWS = 300  # soundings of each system
WRONG_DRAWS = 100  # enough for a wrong program
ALPHA = 0.01  # false alarms of all tests of a system together
LEVELS = (0.5, 0.8, 0.9, 0.95)  # probabilities of central intervals
SHALLOW_M = 30.0
DOCUMENT = ROOT / "docs/validation.md"
PICTURE = ROOT / "docs/images/calibration.png"

# `geometry` are arguments for the position of the coils; a survey has no other height or offset. Lines of the example that begin
# with `without` are left out, and `sets` are changed.
System = namedtuple("System", "title example geometry depths_m sets without", defaults=(None,))
PLANE = ("--height", 120, "--offset", -107, 0, -45)


def gate_noise(stm, at_1_ms):
    """Returns standard deviations that fall with time like the field over a halfspace."""
    table = (ROOT / "examples/tdem" / stm).read_text().split("WindowTimes Begin")[1].split("WindowTimes End")[0]
    gates = [[float(number) for number in row.split()[:2]] for row in table.strip().splitlines()]
    return [float(f"{at_1_ms * (0.5e3 * (start + end)) ** -2:.3g}") for start, end in gates]


def same_noise(std):
    """Returns settings for standard deviations that do not depend on the data, given as quoted noise. No posterior is exact with
    a fraction of the noisy datum, which is all that an inversion has.
    """
    return "errors.quoted_relative=1e-12", f"errors.quoted_additive={std}"


FIXED_CENTER = ("prior.conductivity_center=fixed", "prior.conductivity_center_s_per_m=0.02")
SYSTEMS = {
    "resolve": System(
        "RESOLVE: frequency domain, height sampled", "resolve/resolve.toml", ("--height", 30), (3, 10, 22, 40, 70, 117),
        (*FIXED_CENTER, "geometry.height.prior=normal", "geometry.height.std_m=1.0")),
    "helicopter": System(
        "Dual-moment helicopter: dB/dt, height sampled", "tdem/helicopter.toml", ("--height", 30, "--offset", -13, 0, 2),
        (4, 15, 37, 77, 151, 292), FIXED_CENTER),
    "fixed_wing": System(
        "Fixed wing: total B field, place and pitch of the bird sampled", "tdem/fixed_wing.toml", PLANE,
        (4, 15, 37, 77, 151, 292),
        (*FIXED_CENTER, "survey.vector_amplitude=false", "errors.relative_minimum=1e-5", "errors.relative_maximum=1e-3",
         "errors.additive_minimum=1e-3", "errors.additive_maximum=0.1",
         *(f"geometry.{offset}.{key}" for offset in ("txrx_dx", "txrx_dz")
           for key in ("prior=uniform", "half_width_m=5.0", "std_m=0.0")),
         "geometry.rx_pitch.prior=uniform", "geometry.rx_pitch.half_width_deg=5.0"), "quoted_"),
    "helicopter_factor": System(
        "Dual-moment helicopter: a factor of given standard deviations sampled", "tdem/helicopter.toml",
        ("--height", 30, "--offset", -13, 0, 2), (4, 15, 37, 77, 151, 292),
        (*FIXED_CENTER, *same_noise(gate_noise("helicopter_lm.stm", 3e-14) + gate_noise("helicopter_hm.stm", 3e-14)))),
    "fixed_wing_amplitude": System(
        "Fixed wing: length of the (X, Z) vector, place of the bird and a factor of given standard deviations sampled",
        "tdem/fixed_wing.toml", PLANE, (4, 15, 37, 77, 151, 292), (*FIXED_CENTER, *same_noise(0.01))),
}
REPEATED_SEED = 100
PANELS = ("model", "ln conductivity", "errors and geometry")
Quantity = namedtuple("Quantity", "panel name truth samples")
Row = namedtuple("Row", "panel name cells chi_square ecdf coverage correlation")


# --- Running the program ---


def sample(system, seed, program, folder, options):
    """Makes the survey and inverts it, or completes an earlier inversion with --reuse."""
    config = folder / Path(system.example).name
    sets = set_arguments((*system.sets, *options.set))
    if not options.reuse:
        shutil.rmtree(folder, ignore_errors=True)
    if not (folder / "free.csv").exists():
        folder.mkdir(parents=True, exist_ok=True)
        example = ROOT / "examples" / system.example
        for path in example.parent.glob("*.stm"):
            shutil.copy(path, folder)
        lines = example.read_text().splitlines(keepends=True)
        config.write_text("".join(line for line in lines if not system.without or not line.startswith(system.without)))
        draws = ("--prior-draws", options.draws, "--seed", seed, "--truth", folder / "truth.csv", "--force")
        run("simulate", config, *sets, *draws, *system.geometry, program=program)
        # The same models without noise give the misfit of the truth.
        free = ("--models", folder / "truth.csv", "--output", folder / "free.csv")
        run("simulate", config, *sets, *free, program=program)
    # An inversion continues where it was stopped.
    if not finished(folder / "results"):
        threads = ("--threads", options.threads)
        print(run("invert", config, folder / "results", *sets, *threads, program=program, progress=True), end="")


def finished(folder):
    """Returns whether all soundings are finished. Closes the files again, because the program may write to them later."""
    if not list(folder.glob("line_*.h5")):
        return False
    results = Results(folder)
    left = np.any(results["status"] == 0)
    for file in results.files:
        file.close()
    return not left


# --- The truth and its posterior ---


def quantities(system, folder, results):
    """Yields the ranked quantities: the truth by sounding, posterior samples by (sounding, sample)."""
    with open(folder / "truth.csv") as file:
        rows = list(csv.DictReader(file))
    columns = [name for name in rows[0] if name not in ("conductivity_S_per_m", "thickness_m")]  # lists
    truth = {name: np.array([float(row[name]) for row in rows]) for name in columns}
    assert np.allclose(truth["fiducial"], results["fiducial"], rtol=0.0, atol=1e-6), "soundings in another order"
    interfaces, ln_conductivity, layers = models(folder / "truth.csv")
    sampled, sampled_layers = results["sample_interface_depth"], results["sample_layer_count"]
    shape = sampled_layers.shape
    yield Quantity("model", "layers", layers, sampled_layers)
    shallow = [np.sum(depth_m < SHALLOW_M, axis=-1) for depth_m in (interfaces, sampled)]
    yield Quantity("model", f"interfaces above {SHALLOW_M:.0f} m", *shallow)
    yield Quantity("model", "misfit", true_misfit(folder, results, truth), results["sample_misfit"])

    true_at = earth_at(interfaces, ln_conductivity, layers, system.depths_m)
    flat = [values.reshape(-1, values.shape[-1]) for values in (sampled, results["sample_ln_conductivity"])]
    sampled_at = earth_at(*flat, sampled_layers.ravel(), system.depths_m).reshape(*shape, -1)
    for i, depth_m in enumerate(system.depths_m):
        yield Quantity("ln conductivity", f"ln conductivity at {depth_m} m", true_at[:, i], sampled_at[:, :, i])

    # A factor of given standard deviations replaces the relative error.
    for kind, sampled in (("relative_error",) * 2, ("additive_error",) * 2, ("std_factor", "relative_error")):
        for i, group in enumerate(names(results, "error_group")):
            if f"{kind}_{group}" not in truth:
                continue
            name = kind.replace("_", " ") + ("" if group == "all" else f" {group}")
            yield Quantity("errors and geometry", name, truth[f"{kind}_{group}"], results[f"sample_{sampled}"][:, :, i])
    for i, parameter in enumerate(names(results, "geometry_parameter")):
        column = next(name for name in (f"{parameter}_m", f"{parameter}_deg") if name in truth)
        yield Quantity("errors and geometry", parameter, truth[column], results["sample_geometry"][:, :, i])


def names(results, coordinate):
    return results.files[0][coordinate].attrs[f"{coordinate}_names"].decode().split()


def true_misfit(folder, results, truth):
    """Returns chi-square of the data without noise, with the drawn errors. It does not depend on signs."""
    config = tomllib.loads(results.files[0]["configuration"][()].decode())
    observed, free = (survey_data(path, config, results) for path in (folder / config["survey"]["data"], folder / "free.csv"))
    assert np.allclose(abs(observed), abs(results["data_observed"]), rtol=1e-6), "channels in another order"
    groups = [names(results, "error_group")[group] for group in results.constant("channel_error_group")]
    if "data_std_given" in results:
        std = np.stack([truth[f"std_factor_{group}"] for group in groups], axis=1) * results["data_std_given"]
        return np.sum(((observed - free) / std) ** 2, axis=1)
    relative, additive = (np.stack([truth[f"{kind}_error_{group}"] for group in groups], axis=1)
                          for kind in ("relative", "additive"))
    if config["errors"].get("additive_decay") == "inverse_sqrt_time":
        additive = additive / np.sqrt(results.constant("channel_time") / 1e-3)
    return np.sum((observed - free) ** 2 / ((relative * free) ** 2 + additive**2), axis=1)


def survey_data(path, config, results):
    """Returns the data of a survey file, its last columns. Where primary fields (PX, PZ) come before them, these are total
    fields; where lengths of the vectors of one system's components are inverted, these are the lengths.
    """
    parts = len(config["survey"]["components"]) if config["survey"].get("vector_amplitude") else 1
    with open(path) as file:
        header = next(csv.reader(file))
    table = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)
    data = table[:, -parts * results["data_observed"].shape[1] :]
    primary = table[:, [name in ("PX", "PY", "PZ") for name in header]]
    if primary.shape[1]:
        data = data + np.repeat(primary, data.shape[1] // primary.shape[1], axis=1)
    return np.linalg.norm(data.reshape(len(data), parts, -1), axis=1) if parts > 1 else data


def evaluate(quantity, ecdf, rng):
    """Returns a row of the table."""
    values = ranks(quantity.truth, quantity.samples, rng)
    cells = histogram(values)
    coverage = [np.mean(np.abs(values - 0.5) < level / 2) for level in LEVELS]
    # Correlation of ranks. When the data have information, truth and posterior median are correlated, or units and signs are
    # wrong.
    orders = [np.argsort(np.argsort(x)) for x in (quantity.truth, np.median(quantity.samples, axis=1))]
    return Row(quantity.panel, quantity.name, cells, float(chi_square_p(cells)), ecdf.p(ecdf.strangest(cells)), coverage,
               np.corrcoef(orders)[0, 1])


# --- Results ---

Outcome = namedtuple("Outcome", "system rows alpha ecdf text failing lost")


def calibrate(name, program, folder, options, again=False):
    """Runs and judges one system; with `again` it uses other draws."""
    # Each system has its own models.
    system, seed = SYSTEMS[name], options.seed + list(SYSTEMS).index(name) + REPEATED_SEED * again
    sample(system, seed, program, folder, options)
    results = Results(folder / "results")
    status = results["status"]
    if len(status) != options.draws:
        raise SystemExit(f"{folder}: got {len(status)} soundings, expected {options.draws}: run without --reuse")
    kept = np.isin(status, (1, 2, 5))
    ecdf, rng = Ecdf(int(kept.sum())), np.random.default_rng(seed)
    rows = [evaluate(q._replace(truth=q.truth[kept], samples=q.samples[kept]), ecdf, rng)
            for q in quantities(system, folder, results)]
    alpha = ALPHA / (2 * len(rows))
    failing = [row.name for row in rows if min(row.chi_square, row.ecdf) <= alpha]
    lost = int(np.sum(~kept))
    text = "\n".join([
        f"**{system.title}.** {len(status)} soundings: {np.sum(status == 1)} converged, {np.sum(status == 5)} usable, {np.sum(status == 2)} not, "
        f"{lost} failed; {results['cpu_seconds'].sum() / 3600:.2f} CPU hours. A test fails at p <= {alpha:.2g}: "
        + (f"**fails** ({', '.join(failing) or 'failed soundings'})." if failing or lost else "**passes**."),
        "", *table(rows, alpha, ecdf.draws)])
    return Outcome(system, rows, alpha, ecdf, text, failing, lost)


def table(rows, alpha, draws):
    errors = [100 * math.sqrt(level * (1 - level) / draws) for level in LEVELS]
    heads = [f"{100 * level:.0f} % (± {error:.1f})" for level, error in zip(LEVELS, errors)]
    yield f"| quantity | chi-square p | ECDF p | {' | '.join(heads)} | correlation |"
    yield "|---|" + "---:|" * (len(heads) + 3)
    for row in rows:
        p = [f"**{p:.1g}**" if p <= alpha else f"{p:.2g}" for p in (row.chi_square, row.ecdf)]
        coverage = [f"{100 * share:.1f}" for share in row.coverage]
        yield f"| {row.name} | {' | '.join(p + coverage)} | {row.correlation:.2f} |"


def draw(outcomes, path):
    """Draws ECDF minus uniform of every quantity, by system and kind of quantity."""
    plt.rcParams.update({"font.size": 8, "axes.titlesize": 8.5, "axes.spines.top": False, "axes.spines.right": False})
    figure, grid = plt.subplots(len(outcomes), len(PANELS), figsize=(7.2, 2.9 * len(outcomes)), sharex=True, sharey=True,
                                squeeze=False, layout="constrained")
    for outcome, panels in zip(outcomes, grid):
        z, (lowest, highest) = outcome.ecdf.bounds, outcome.ecdf.envelope(outcome.alpha)
        for panel, title in zip(panels, PANELS):
            rows = [row for row in outcome.rows if row.panel == title]
            panel.fill_between(z, lowest - z, highest - z, color="0.9", linewidth=0)
            panel.axhline(0.0, color="0.6", linewidth=0.6)
            deep = title == "ln conductivity"
            colours = plt.get_cmap("viridis_r")(np.linspace(0.1, 1.0, len(rows))) if deep else plt.get_cmap("tab10").colors
            for row, colour in zip(rows, colours):
                ecdf = np.cumsum(row.cells)[:-1] / outcome.ecdf.draws
                panel.plot(z, ecdf - z, color=colour, linewidth=1.1, label=row.name.removeprefix("ln conductivity at "))
            panel.set(title=title, xlim=(0, 1), xticks=(0, 0.5, 1))
            panel.tick_params(labelbottom=True)
            panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=3 if deep else 1 if len(rows) < 4 else 2,
                         frameon=False, fontsize=6.8, handlelength=1.2, columnspacing=0.9, labelspacing=0.25)
        panels[0].set_ylabel(f"{outcome.system.title.split(':')[0]}\nECDF of ranks - uniform")
    save(figure, path)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, help=f"soundings of each system ({DRAWS}; with --wrong {WRONG_DRAWS})")
    parser.add_argument("--system", action="append", choices=SYSTEMS, help="only this system; may be repeated")
    parser.add_argument("--threads", type=int, default=0, help="threads of the inversion; 0 uses all cores")
    parser.add_argument("--program", type=Path, default=GEOBIPY)
    parser.add_argument("--seed", type=int, default=1, help="seed of draws and noise")
    parser.add_argument("--reuse", action="store_true", help="continue earlier inversions; only judge complete ones")
    parser.add_argument("--wrong", type=Path, metavar="PROGRAM", help="a program that must be found wrong")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--set", action="append", default=[], help=argparse.SUPPRESS)  # short chains for trials
    options = parser.parse_args()
    options.usual = WRONG_DRAWS if options.wrong else DRAWS
    options.draws = options.draws or options.usual
    return options


def main():
    options = arguments()
    if options.self_test:
        return self_test(DRAWS, ALPHA / 30)  # about thirty tests of a system
    # Trials do not change the document. Systems may be run one by one, and then all be judged with --reuse.
    trial = options.draws != options.usual or options.set or options.seed != 1
    folder = ROOT / "out/calibration" / ("trial" if trial else "")
    if options.wrong:
        outcome = calibrate("resolve", options.wrong, folder / "wrong", options)
        found = "the error was found" if outcome.failing else "the error was not found"
        verdict = f"{len(outcome.failing)} of {len(outcome.rows)} quantities fail: {found}."
        print(f"{outcome.text}\n\n{verdict}")
        if not trial:
            write_block(DOCUMENT, "wrong", f"{verdict}\n\n{outcome.text}")
        return None if outcome.failing else "the error of the wrong program was not found"
    outcomes, wrong = [], []
    for name in dict.fromkeys(options.system or SYSTEMS):
        outcome = calibrate(name, options.program, folder / name, options)
        outcomes.append(outcome)
        texts = [outcome.text]
        if outcome.failing and not outcome.lost:  # lost soundings are no matter of chance
            outcome = calibrate(name, options.program, folder / f"{name}_repeated", options, again=True)
            texts.append("**Repeated with other draws:**\n\n" + outcome.text)
        if outcome.failing or outcome.lost:
            wrong.append(outcome.system.title)
        print("\n\n".join(texts), flush=True)
        if not trial:
            write_block(DOCUMENT, name, "\n\n".join(texts))
    draw(outcomes, PICTURE if not trial and len(outcomes) == len(SYSTEMS) else folder / "calibration.png")
    return "not calibrated: " + "; ".join(wrong) if wrong else None


if __name__ == "__main__":
    raise SystemExit(main())
