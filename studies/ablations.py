"""Compares choices: standard deviations of the file or sampled errors, height fixed or solved for, smooth priors or not.

The wedge of `make demo`, whose truth is known, is simulated and inverted with each choice. The study makes a figure for each
question, and in docs/sampler.md a table and a sentence with the measured numbers for each.

Usage: studies/ablations.py [--quick] [--reuse] [--threads N] [--program PATH]
"""

import csv
import shutil
from collections import namedtuple

import numpy as np
from matplotlib.colors import LogNorm

from results import ROOT, Results, plt, recovery, run, save, set_arguments, study_options, write_block

DOCUMENT = ROOT / "docs/sampler.md"
EXAMPLE = ROOT / "examples/resolve"
SOUNDINGS = 60
SPACING_M = 10.0  # between soundings, of `simulate --wedge`
RELATIVE, ADDITIVE_PPM = 0.05, 5.0  # of the noise
HEIGHT_STD_M = 1.0
DEPTHS_M = (1, 2, 4, 7, 11, 16, 23, 32, 45, 65)
SHOWN_M = 70.0
PRIOR_WIDTH = 3.3  # decades, width of the 90 % interval where the data have no information: colours are gone there

# `survey`: a survey that `make_surveys` writes; `sets`: changes of the configuration.
Choice = namedtuple("Choice", "title survey sets")
AS_GIVEN = ("errors.std_factor_minimum=1.0", "errors.std_factor_maximum=1.0")  # without a sampled factor
CHOICES = {
    "sampled": Choice("sampled", "wedge", ()),
    "given": Choice("given, true", "given", AS_GIVEN),
    "half": Choice("given, half the true ones", "half", AS_GIVEN),
    "height_fixed": Choice("wrong by 1 m (std), fixed", "heights", ()),
    "height_solved": Choice("wrong by 1 m (std), solved for", "heights",
                            ("geometry.height.prior=normal", f"geometry.height.std_m={HEIGHT_STD_M}")),
    "by_distance": Choice("by distance, 10 m", "wedge",
                          ("prior.conductivity_correlation=by_distance", "prior.correlation_length_m=10.0")),
    "by_index": Choice("by index, 0.3 decades", "wedge",
                       ("prior.conductivity_correlation=by_index", "prior.gradient_log10_std=0.3")),
}
# The default run answers several questions, with a different name in each.
INDEPENDENT = "independent layers, the default"
QUESTIONS = {
    "errors": {"given": None, "half": None, "sampled": None},
    "height": {"height_fixed": None, "height_solved": None},
    "smoothness": {"sampled": INDEPENDENT, "by_distance": None, "by_index": None},
}
SAMPLER = set_arguments(["sampler.maximum_iterations=100000"])
QUICK = ["--every", 5, *set_arguments(["sampler.maximum_burn_in=5000", "sampler.maximum_iterations=10000"])]


# --- Surveys and inversions ---


def make_surveys(folder, program):
    """Makes the wedge with noise, and the surveys for the choices: with standard deviations or wrong heights."""
    for name in ("resolve.toml", "resolve.stm"):
        shutil.copy(EXAMPLE / name, folder)
    wedge = ("simulate", folder / "resolve.toml", "--wedge", SOUNDINGS)
    noise = ("--noise-relative", RELATIVE, "--noise-additive", ADDITIVE_PPM)
    run(*wedge, *noise, "--truth", folder / "truth.csv", "--output", folder / "wedge.csv", program=program)
    run(*wedge, "--output", folder / "free.csv", program=program)
    noisy, free = rows(folder / "wedge.csv"), rows(folder / "free.csv")
    for name, factor in (("given", 1.0), ("half", 0.5)):
        write(folder / f"{name}.csv", [row | stds(no_noise, factor) for row, no_noise in zip(noisy, free)])
    wrong_m = np.random.default_rng(1).normal(0.0, HEIGHT_STD_M, len(noisy))
    heights = [row | {"Height": float(row["Height"]) + by} for row, by in zip(noisy, wrong_m)]
    write(folder / "heights.csv", heights)


def stds(free, factor):
    """Returns columns of standard deviations, `factor` times those of the noise."""
    data = {name: float(value) for name, value in free.items() if name.startswith(("In_Phase", "Quadrature"))}
    return {f"{name}_std": factor * np.hypot(RELATIVE * datum, ADDITIVE_PPM) for name, datum in data.items()}


def rows(path):
    with open(path) as file:
        return list(csv.DictReader(file))


def write(path, table):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(table)


def invert(folder, options):
    for name, choice in CHOICES.items():
        sets = set_arguments([f"survey.data={choice.survey}.csv", *choice.sets])
        said = run("invert", folder / "resolve.toml", folder / name, *sets, *(QUICK if options.quick else SAMPLER),
                   "--threads", options.threads, program=options.program)
        print(f"{name}: {said.splitlines()[0]}", flush=True)


# --- Table and sentences ---


def score(folder, name):
    """Returns means over depths and soundings."""
    results = Results(folder / name)
    run_ones = results["status"] != 0
    scores = {what: values.mean() for what, values in recovery(results, folder / "truth.csv", DEPTHS_M).items()}
    # When the file has standard deviations this is a factor of them.
    given = CHOICES[name].sets == AS_GIVEN
    scores["relative"] = np.nan if given else np.median(results["sample_relative_error"][run_ones])
    scores["converged"] = np.mean(results["status"][run_ones] == 1)
    scores["seconds"] = results["cpu_seconds"][run_ones].mean()
    return scores


def table(scores):
    lines = ["| choice | coverage of 90 % | interval (decades) | error of the median (decades) | relative error found "
             "| converged | CPU s |", "|---|---|---|---|---|---|---|"]
    for question, names in QUESTIONS.items():
        for name, other in names.items():
            s = scores[name]
            relative = "" if np.isnan(s["relative"]) else f"{s['relative']:.3f}"
            lines.append(f"| {question}: {other or CHOICES[name].title} | {s['covered']:.2f} | {s['width']:.2f} "
                         f"| {s['error']:.3f} | {relative} | {s['converged']:.2f} | {s['seconds']:.2f} |")
    return "\n".join(lines)


def sentences(scores):
    """Returns one sentence per question with the measured numbers; the sentences are correct for any numbers."""
    covered, width, error = (
        {name: f"{s[what]:.2f}" for name, s in scores.items()} for what in ("covered", "width", "error"))
    return {
        "errors":
            f"The 90 % interval contains the truth at {covered['given']} of the places where the file's standard deviations "
            f"are those of the noise, at {covered['half']} where they are half of that, and at {covered['sampled']} where "
            f"the errors are sampled, with intervals of {width['given']}, {width['half']} and {width['sampled']} decades.",
        "height":
            f"With heights that are wrong by {HEIGHT_STD_M:.0f} m (one standard deviation) the interval contains the truth at "
            f"{covered['height_fixed']} of the places where they are fixed and at {covered['height_solved']} where they are "
            f"solved for, beside {covered['sampled']} with the right ones; the median is off by {error['height_fixed']}, "
            f"{error['height_solved']} and {error['sampled']} decades.",
        "smoothness":
            f"Intervals are {width['sampled']} decades wide where layers are independent, {width['by_distance']} with a "
            f"correlation over 10 m and {width['by_index']} with steps of 0.3 decades, and hold the truth at "
            f"{covered['sampled']}, {covered['by_distance']} and {covered['by_index']} of the places; the median is off by "
            f"{error['sampled']}, {error['by_distance']} and {error['by_index']} decades.",
    }


# --- Pictures ---


def draw_section(panel, folder, name, title):
    """Draws the median along the line, faded by the width of the 90 % interval, under the true interfaces."""
    results = Results(folder / name)
    low, median, high = results.percentiles([0.05, 0.5, 0.95])
    bounds = results.constant("depth_bounds")
    shown = bounds[:, 0] < SHOWN_M
    run_ones = np.flatnonzero(results["status"])
    step = run_ones[1] - run_ones[0]
    edges_m = SPACING_M * (np.append(run_ones, run_ones[-1] + step) - 0.5 * step)
    strength = np.clip(1.0 - (high - low) / PRIOR_WIDTH, 0.05, 1.0)[run_ones][:, shown]
    colours = panel.pcolormesh(
        edges_m, np.append(bounds[shown, 0], bounds[shown, 1][-1]), 10.0 ** median[run_ones][:, shown].T,
        norm=LogNorm(1e-3, 0.3), cmap="turbo", alpha=strength.T, linewidth=0, rasterized=True)
    bottoms_m = [np.cumsum(np.array(row["thickness_m"].split(";"), float)) for row in rows(folder / "truth.csv")]
    panel.plot(SPACING_M * np.arange(len(bottoms_m)), bottoms_m, color="k", linewidth=1.0)
    panel.set(ylim=(SHOWN_M, 0), xlim=(edges_m[0], edges_m[-1]), ylabel="depth (m)")
    panel.set_title(title, loc="left")
    return colours


def picture(folder, question, scores, path):
    names = QUESTIONS[question]
    figure, panels = plt.subplots(len(names), 1, figsize=(7.2, 0.7 + 1.75 * len(names)), sharex=True, layout="constrained")
    for panel, (name, other) in zip(panels, names.items()):
        found = f"coverage {scores[name]['covered']:.2f}, interval {scores[name]['width']:.2f} decades"
        colours = draw_section(panel, folder, name, f"{question}: {other or CHOICES[name].title} ({found})")
    panels[-1].set_xlabel("distance along the line (m); lines: true interfaces; pale: wide 90 % interval")
    figure.colorbar(plt.cm.ScalarMappable(colours.norm, colours.cmap), ax=panels, label="conductivity (S/m)", aspect=40)
    save(figure, path)


def main():
    options = study_options(__doc__)
    folder = ROOT / ("out/ablations_quick" if options.quick else "out/ablations")
    images = folder if options.quick else ROOT / "docs/images"
    plt.rcParams.update({"font.size": 8, "axes.titlesize": 8.5})
    if not options.reuse:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make_surveys(folder, options.program)
        invert(folder, options)
    scores = {name: score(folder, name) for name in CHOICES}
    parts = [table(scores)]
    for question, sentence in sentences(scores).items():
        picture(folder, question, scores, images / f"ablation_{question}.png")
        parts.append(f"{sentence}\n\n![{question}](images/ablation_{question}.png)")
    text = "\n\n".join(parts)
    print(f"\n{text}\n")
    if not options.quick:
        write_block(DOCUMENT, "ablations", text)


if __name__ == "__main__":
    main()
