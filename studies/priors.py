"""Compares how well priors recover known earths; makes tables and figures of docs/priors.md.

The program inverts simulated surveys of known earths, frequency and time domain, under the default prior and under variants that
change one thing each. If its data are available, it also inverts a part of a real line, whose truth is not known.

Usage: studies/priors.py [--quick] [--reuse] [--threads N] [--program PATH]
"""

import shutil
from collections import namedtuple

import numpy as np

from results import ROOT, Results, models_at, plt, recovery, run, save, set_arguments, study_options, write_block

DOCUMENT = ROOT / "docs/priors.md"
FIELD_CONFIG = ROOT / "studies/data/udf.toml"
FIELD = ROOT.parent / "shared/field/udf_skytem"

# Three-layer earths: S/m; depth in m of the upper and of the lower interface at either end of a line.
FAMILIES = (
    ((0.01, 0.1, 0.0333), (5.0, 0.6), (7.5, 50.0)),
    ((0.01, 0.1, 1.0), (5.0, 0.6), (7.5, 50.0)),
    ((0.01, 0.1, 0.0001), (5.0, 0.6), (7.5, 50.0)),
    ((0.01, 0.1, 0.00333), (25.0, 3.0), (28.0, 43.0)),
)
PER_FAMILY = 8

# `times_deeper` is the factor of all depths, for time-domain systems; `shown` is the sounding in the figure.
Known = namedtuple("Known", "title config times_deeper flight sets depths_m shown")
KNOWN = {
    "resolve": Known(
        "RESOLVE type, 5 % + 5 ppm", "resolve/resolve.toml", 1.0, ("--noise-relative", 0.05, "--noise-additive", 5), (),
        (1, 2, 4, 7, 11, 16, 23, 32, 45, 65), 28),
    "skytem": Known(
        "SkyTEM type, 3 % + additive", "tdem/helicopter.toml", 4.0,
        ("--offset", -13, 0, 2, "--noise-relative", 0.03, "--noise-additive", 3e-14, "--noise-additive", 3e-15),
        # The height is true, so that only the prior of the earth is compared.
        ('geometry.height={prior="fixed"}',), (2, 4, 8, 15, 25, 40, 65, 100, 160, 250), 28),
}
FIELD_DEPTHS_M = (5, 20, 50, 100, 200)

# Changes by `--set`, by name.
DEFAULT = "default"
EARTH_VARIANTS = {
    "layers: uniform": ("layer_count=uniform",),
    "layers: reciprocal": ("layer_count=reciprocal",),
    "layers: geometric 0.8": ("layer_count_ratio=0.8",),
    "layers: geometric 0.4": ("layer_count_ratio=0.4",),
    "depth: linear": ("interface_depth=linear",),
    "depth: ln z": ("interface_depth=log",),
}
CONDUCTIVITY_VARIANTS = {
    "correlation: by index, 0.65": ("conductivity_correlation=by_index", "gradient_log10_std=0.65"),
    "correlation: by distance, 10 m": ("conductivity_correlation=by_distance", "correlation_length_m=10.0"),
    "correlation: by distance, 30 m": ("conductivity_correlation=by_distance", "correlation_length_m=30.0"),
    "std: 0.7 decades": ("conductivity_log10_std=0.7",),
    "std: 1.4 decades": ("conductivity_log10_std=1.4",),
    "centre: of the sounding": ("conductivity_center=sounding",),
}
FIELD_VARIANTS = {DEFAULT: (), **EARTH_VARIANTS}
VARIANTS = {**FIELD_VARIANTS, **CONDUCTIVITY_VARIANTS}
SHOWN = (DEFAULT, "layers: uniform", "layers: geometric 0.4", "depth: linear", "depth: ln z")

# The budget takes half an hour on two cores; soundings that have not converged then are counted.
SAMPLER = set_arguments(["sampler.maximum_burn_in=30000", "sampler.maximum_iterations=70000"])
QUICK = set_arguments(["sampler.maximum_burn_in=5000", "sampler.maximum_iterations=10000"])


# --- Running the program ---


def invert(config, results, variants, arguments, options):
    """Makes one folder of results for each variant."""
    for name, sets in variants.items():
        changes = set_arguments(f"prior.{value}" for value in sets)
        print(f"{results.parent.name}, {name}: ", end="", flush=True)
        said = run("invert", config, results / slug(name), *changes, *arguments, *(QUICK if options.quick else SAMPLER),
                   "--threads", options.threads, program=options.program)
        print(said.splitlines()[0])


def slug(name):
    return "".join(letter if letter.isalnum() or letter == "." else "_" for letter in name)


def sample_known(known, folder, options):
    example = ROOT / "examples" / known.config
    config = folder / example.name
    if not (folder / "made").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for path in (example, *example.parent.glob("*.stm")):
            shutil.copy(path, folder)
        write_models(folder / "truth.csv", known.times_deeper)
        run("simulate", config, "--models", folder / "truth.csv", *known.flight, "--force", program=options.program)
        (folder / "made").touch()  # This file is written last: an incomplete survey is made again.
    every = ("--every", PER_FAMILY // 2) if options.quick else ()
    invert(config, folder / "results", VARIANTS, (*every, *set_arguments(known.sets)), options)


def write_models(path, times_deeper):
    """Writes a line for each family, along which the interfaces are straight."""
    lines = ["line_number,fiducial,height_m,conductivity_S_per_m,thickness_m"]
    for line, (conductivity, upper, lower) in enumerate(FAMILIES, 1):
        for i in range(PER_FAMILY):
            top, bottom = (times_deeper * np.interp(i, (0, PER_FAMILY - 1), depths) for depths in (upper, lower))
            lines.append(f"{line},{i},30,{';'.join(map(str, conductivity))},{top};{bottom - top}")
    path.write_text("\n".join(lines) + "\n")


def sample_field(folder, options):
    some = ("--line", 100502, "--every", 200 if options.quick else 40)
    invert(FIELD_CONFIG, folder / "results", FIELD_VARIANTS, some, options)


# --- Tables ---


def common(results):
    """Returns layers, convergence and processor seconds of each sounding that was run."""
    run_ones = results["status"] != 0
    histogram = results["layer_count_histogram"][run_ones].astype(float)
    return {
        "layers": histogram @ results.constant("layer_count") / histogram.sum(axis=1),
        "converged": results["status"][run_ones] == 1,
        "seconds": results["cpu_seconds"][run_ones],
    }


def known_scores(known, folder):
    """Returns scores by variant, for each sounding."""
    scores = {}
    for name in VARIANTS:
        results = Results(folder / "results" / slug(name))
        by_depth = recovery(results, folder / "truth.csv", known.depths_m)
        scores[name] = {**{what: values.mean(axis=1) for what, values in by_depth.items()}, **common(results)}
    return scores


def standard_error(values):
    return np.std(values, ddof=1) / np.sqrt(len(values))


def known_table(known, scores):
    count = len(scores[DEFAULT]["covered"])
    spread = [standard_error(scores[DEFAULT][what]) for what in ("covered", "log_score")]
    lines = [
        f"**{known.title}** ({count} soundings; standard errors of the default: coverage {spread[0]:.2f}, "
        f"log score {spread[1]:.2f})", "",
        "| prior | coverage of 90 % | log score | better than the default by | interval (decades) "
        "| error of the median (decades) | layers | converged | CPU s |", "|---|---|---|---|---|---|---|---|---|"]
    for name, score in scores.items():
        mean = {what: np.mean(values) for what, values in score.items()}
        better = score["log_score"] - scores[DEFAULT]["log_score"]
        difference = "" if name == DEFAULT else f"{better.mean():+.2f} ± {standard_error(better):.2f}"
        lines.append(
            f"| {name} | {mean['covered']:.2f} | {mean['log_score']:.2f} | {difference} | {mean['width']:.2f} "
            f"| {mean['error']:.3f} | {mean['layers']:.1f} | {mean['converged']:.2f} | {mean['seconds']:.2f} |")
    return "\n".join(lines)


def field_table(folder):
    depths = " | ".join(f"{depth} m" for depth in FIELD_DEPTHS_M)
    lines = [f"| prior | misfit per datum | layers | interval (decades) at {depths} | converged | CPU s |",
             "|---|---|---|" + "---|" * (len(FIELD_DEPTHS_M) + 2)]
    for name in FIELD_VARIANTS:
        results = Results(folder / "results" / slug(name))
        run_ones = results["status"] != 0
        misfit = results["sample_misfit"][run_ones].mean(axis=1) / np.isfinite(results["data_std"][run_ones]).sum(axis=1)
        low, high = results.percentiles([0.05, 0.95])[:, run_ones][:, :, results.depth_cells(FIELD_DEPTHS_M)]
        widths = " | ".join(f"{width:.2f}" for width in (high - low).mean(axis=0))
        rest = {what: np.mean(values) for what, values in common(results).items()}
        lines.append(f"| {name} | {misfit.mean():.2f} | {rest['layers']:.1f} | {widths} "
                     f"| {rest['converged']:.2f} | {rest['seconds']:.1f} |")
    return "\n".join(lines)


# --- Figures ---


def draw_scores(panels, title, scores):
    """Draws two panels of dots: log score, with the standard error of its difference from the default, and coverage."""
    y = -np.arange(len(scores))
    base = scores[DEFAULT]["log_score"]
    mean = [np.mean(score["log_score"]) for score in scores.values()]
    bars = [standard_error(score["log_score"] - base) for score in scores.values()]
    panels[0].errorbar(mean, y, xerr=bars, fmt="o", color="#23527c", markersize=4, linewidth=1)
    panels[1].plot([np.mean(score["covered"]) for score in scores.values()], y, "o", color="#c1272d", markersize=4)
    panels[0].axvline(base.mean(), color="0.6", linewidth=0.8, linestyle="--")
    panels[1].axvline(0.9, color="0.6", linewidth=0.8, linestyle="--")
    panels[0].set(yticks=y, yticklabels=scores, xlabel="log score")
    panels[1].set(xlabel="coverage of 90 %")
    panels[0].set_title(title, loc="left")
    for panel in panels:
        panel.grid(color="0.93", linewidth=0.5)


def draw_profiles(panels, title, folder, sounding, deepest_m, truth_table=None):
    """Draws percentiles against depth of one sounding under several priors, and its truth when it is known."""
    for panel, name in zip(panels, SHOWN):
        results = Results(folder / "results" / slug(name))
        depths_m = results.constant("depth")
        low, median, high = results.percentiles([0.05, 0.5, 0.95])[:, sounding]
        panel.fill_betweenx(depths_m, low, high, color="#23527c", alpha=0.25, linewidth=0, label="5-95 %")
        panel.plot(median, depths_m, color="#23527c", linewidth=1.3, label="median")
        if truth_table:
            fine_m = np.linspace(0.0, deepest_m, 2000)
            panel.plot(models_at(truth_table, fine_m)[sounding], fine_m, color="k", linewidth=1, label="truth")
        panel.set(ylim=(deepest_m, 0), xlim=(-4.4, 1.4), xticks=(-4, -2, 0))
        panel.set_title(name, fontsize=8)
        panel.grid(color="0.93", linewidth=0.5)
    panels[0].set_ylabel(f"{title}\ndepth (m)")


def finish_profiles(figure, panels):
    panels[2].set_xlabel("log10 conductivity (S/m)")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower right", ncols=3, frameon=False)


def picture_known(root, scores, path):
    figure = plt.figure(figsize=(7.2, 8.8), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(1.0, 1.2))
    panels = upper.subplots(1, 4, sharey=True)
    rows = lower.subplots(len(scores), len(SHOWN), sharey="row", sharex=True)
    for i, (system, row) in enumerate(zip(scores, rows)):
        known = KNOWN[system]
        draw_scores(panels[2 * i : 2 * i + 2], known.title, scores[system])
        draw_profiles(row, known.title.split(",")[0], root / system, known.shown, 1.5 * known.depths_m[-1],
                      root / system / "truth.csv")
    finish_profiles(lower, rows[-1])
    save(figure, path)


def picture_field(folder, path):
    run_ones = np.flatnonzero(Results(folder / "results" / slug(DEFAULT))["status"])
    figure, panels = plt.subplots(1, len(SHOWN), figsize=(7.2, 3.2), sharey=True, layout="constrained")
    draw_profiles(panels, "SkyTEM, real", folder, run_ones[len(run_ones) // 2], 390.0)
    finish_profiles(figure, panels)
    save(figure, path)


def main():
    options = study_options(__doc__)
    root = ROOT / ("out/priors_quick" if options.quick else "out/priors")
    images = root if options.quick else ROOT / "docs/images"
    plt.rcParams.update({"font.size": 8, "axes.titlesize": 8.5, "axes.spines.top": False, "axes.spines.right": False})
    if not options.reuse:
        shutil.rmtree(root, ignore_errors=True)
    for system, known in KNOWN.items():
        sample_known(known, root / system, options)
    scores = {system: known_scores(known, root / system) for system, known in KNOWN.items()}
    picture_known(root, scores, images / "priors.png")
    tables = (known_table(KNOWN[system], of_system) for system, of_system in scores.items())
    tell("priors", "\n\n".join(tables), options)
    # Without the real survey, the text of the document is kept.
    if FIELD.exists():
        sample_field(root / "udf", options)
        picture_field(root / "udf", images / "priors_field.png")
        tell("priors of a real line", field_table(root / "udf"), options)


def tell(name, text, options):
    print(f"\n{text}\n")
    if not options.quick:
        write_block(DOCUMENT, name, text)


if __name__ == "__main__":
    main()
