"""Compares the posterior of a real SkyTEM line with the one published with HiQGA, sounding by sounding (docs/validation.md).

The data are not part of the project: without ../shared/field/udf_skytem nothing is done. The configuration is
studies/data/udf_hiqga.toml. A quick run (--every 60) is the beginning of the complete run, which continues it.

Usage: studies/udf_hiqga.py [--every N] [--threads N] [--reuse] [--publish] [--program PATH]
"""

import argparse
from collections import namedtuple
from pathlib import Path

import numpy as np
from matplotlib.colors import LogNorm

from results import GEOBIPY, ROOT, Results, plt, run, save, write_block

FIELD = ROOT.parent / "shared/field/udf_skytem"
CONFIG = ROOT / "studies/data/udf_hiqga.toml"
FOLDER = ROOT / "out/udf_hiqga"
DOCUMENT = ROOT / "docs/validation.md"
PICTURE = ROOT / "docs/images/udf_hiqga.png"
LINE = 100502
SURVEY_SOUNDINGS, HIQGA_CPU_HOURS = 2600, 28_552  # of the published run
# Depth cells of HiQGA: 1.5 m, each 6 % more than the one above.
DEPTH_BOUNDS_M = 25.0 * (1.06 ** np.arange(51) - 1.0)
DEPTHS_M = 0.5 * (DEPTH_BOUNDS_M[1:] + DEPTH_BOUNDS_M[:-1])
ROWS = range(2, 50, 5)  # cells of the table
KNOWN_DECADES = 1.0
TITLE = "## Against HiQGA on real data"

INTRODUCTION = f"""Line {LINE} of the SkyTEM survey of the Upper Darling Floodplain (Geoscience Australia) is compared with the
posterior that was published with HiQGA, a sampler of trans-dimensional Gaussian processes. `make udf` repeats the comparison if
the data are available. The truth is not known here, but two programs that share neither code nor parametrisation should find
the same ground.

*Equal* are the data; the standard deviations, 3 % of the observed datum and the additive error of each gate; the measured
geometry; one pulse in place of a periodic waveform; log10 resistivity uniform from -1 to 3; up to 40 layers or nuclei, every
number with the same probability; depths uniform in ln(z + 25 m) down to 435.5 m, which is uniform in the index of HiQGA's cells.

*Different* are the earths. Those of geobipy have layers with sharp interfaces and independent conductivities. Those of HiQGA have
50 cells that interpolate nuclei over about two cells by a Gaussian process, whose mean is sampled as well. In HiQGA's prior
neighbouring depths are correlated, and depths below the reach of the data follow the depths above; p90 - p10 of its prior is 2.4
decades, of geobipy's 3.2. geobipy averages over gates, HiQGA takes their middles. HiQGA ran one chain of 200,001 steps at each of
five temperatures and kept the chain at temperature 1 without its first quarter; geobipy ran four chains of 50,000, with five
temperatures each, without their first quarters.

Difference is geobipy - HiQGA in decades of resistivity, width is p90 - p10 in decades; medians over soundings."""

# p10, p50 and p90 of log10 resistivity by (percentile, sounding, depth), and chi-square / N of each sounding.
Posterior = namedtuple("Posterior", "percentiles misfit")


def write_single_pulse():
    """Writes the high-moment system at 5 Hz, where earlier pulses have decayed; HiQGA's forward model has no earlier pulses.

    At 25 Hz they change the last gates by up to two standard deviations.
    """
    text = (FIELD / "udf_hm.stm").read_text()
    for old, new in (("BaseFrequency = 25", "BaseFrequency = 5"), ("0.015000001 0.0", "0.095000001 0.0")):
        if text.count(old) != 1:
            raise SystemExit(f"{FIELD / 'udf_hm.stm'}: expected one '{old}'")
        text = text.replace(old, new)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "udf_hm_single_pulse.stm").write_text(text)


def invert(options):
    write_single_pulse()
    selection = ("--line", LINE, "--every", options.every, "--threads", options.threads)
    print(run("invert", CONFIG, FOLDER / "results", *selection, program=options.program, progress=True), end="")


def ours(results, chosen):
    """Returns geobipy's posterior at HiQGA's depths, for `chosen` soundings."""
    # High conductivity is low resistivity, so that the order of percentiles is reversed.
    percentiles = -results.percentiles([0.9, 0.5, 0.1])[:, chosen]
    depths_m = results.constant("depth")
    at_depths = np.apply_along_axis(lambda profile: np.interp(DEPTHS_M, depths_m, profile), 2, percentiles)
    active = np.isfinite(results["data_std"][chosen]).sum(axis=1)
    return Posterior(at_depths, results["sample_misfit"][chosen].mean(axis=1) / active)


def published(results, chosen):
    """Returns HiQGA's posterior of these soundings; the columns of its files are in the order of the survey's rows."""
    rows = np.loadtxt(FIELD / "twolines.dat")
    rows = rows[rows[:, 71] == LINE]
    column = {fiducial: i for i, fiducial in enumerate(rows[:, 72])}
    columns = [column[fiducial] for fiducial in results["fiducial"][chosen]]
    place = np.stack([results["easting"], results["northing"]], axis=1)[chosen]
    assert np.allclose(place, rows[columns, :2], rtol=0.0, atol=0.01), "soundings do not match"
    tables = [np.loadtxt(FIELD / f"hiqga_rho_{name}_line_{LINE}.txt") for name in ("low", "mid", "hi")]
    assert all(table.shape == (len(DEPTHS_M), len(rows)) for table in tables), "HiQGA's depths or soundings are others"
    percentiles = np.stack([table.T for table in tables])[:, columns]
    return Posterior(percentiles, np.loadtxt(FIELD / f"hiqga_phid_mean_line_{LINE}.txt")[columns])


# --- Results ---


def width(posterior):
    return posterior.percentiles[2] - posterior.percentiles[0]


def held(us, them):
    """Returns by (sounding, depth): 10-90 % intervals overlap; our median is in their interval; theirs is in ours."""
    (low, middle, high), (their_low, their_middle, their_high) = us.percentiles, them.percentiles
    yield (low <= their_high) & (their_low <= high)
    yield (their_low <= middle) & (middle <= their_high)
    yield (low <= their_middle) & (their_middle <= high)


def agreement(us, them, cells):
    """Returns one row of the table, for `cells`, a mask by (sounding, depth)."""
    difference = us.percentiles[1] - them.percentiles[1]
    decades = (difference, abs(difference), width(us), width(them))
    return ([f"{np.median(values[cells]):.2f}" for values in decades]
            + [f"{100 * np.mean(values[cells]):.0f} %" for values in held(us, them)])


def by_depth(us, them):
    yield ("| depth, m | difference of p50 | its absolute value | our width | HiQGA's width | 10-90 % intervals overlap "
           "| our p50 in their interval | their p50 in ours |")
    yield "|---|" + "---:|" * 7
    everywhere = np.ones_like(width(us), bool)
    known = (width(us) < KNOWN_DECADES) & (width(them) < KNOWN_DECADES)
    rows = {f"{DEPTHS_M[i]:.0f}": everywhere & (np.arange(len(DEPTHS_M)) == i) for i in ROWS}
    rows["all cells"] = everywhere
    rows[f"{100 * known.mean():.0f} % of cells where both widths are below {KNOWN_DECADES:g}"] = known
    for name, cells in rows.items():
        if cells.any():
            yield f"| {name} | " + " | ".join(agreement(us, them, cells)) + " |"


def by_sounding(us, them):
    yield "| | geobipy | HiQGA |"
    yield "|---|---:|---:|"
    both = (us, them)
    rows = {
        "mean chi-square / N, median over soundings": [f"{np.median(p.misfit):.2f}" for p in both],
        "soundings where it is below 1.5": [f"{100 * np.mean(p.misfit < 1.5):.1f} %" for p in both],
        # On the complete line the next sounding is 13 m away, so that most of this change is noise of data and sampling.
        "change of p50 from one sounding to the next, decades": [
            f"{np.median(abs(np.diff(p.percentiles[1], axis=0))):.2f}" for p in both],
    }
    for name, values in rows.items():
        yield f"| {name} | " + " | ".join(values) + " |"


def cost(results, chosen):
    status, seconds = results["status"], results["cpu_seconds"][chosen]
    survey_hours = seconds.mean() / 3600 * SURVEY_SOUNDINGS
    least = {
        "number of layers": results["ess_layer_count"][chosen],
        "misfit": results["ess_misfit"][chosen],
        "conductivity where it has fewest": results["ess_log10_conductivity"][chosen].min(axis=1),
    }
    counts = ", ".join(f"{np.sum(status == value)} {name}" for value, name in ((1, "converged"), (5, "usable"), (2, "not"), (3, "failed")))
    effective = ", ".join(f"{np.median(values):.0f} ({name})" for name, values in least.items())
    return (f"{len(seconds)} of the {len(status)} soundings along the line: {counts}. Effective samples, median over soundings: {effective}.\n"
            f"{seconds.sum() / 3600:.2f} CPU hours; this corresponds to {survey_hours:.1f} for the {SURVEY_SOUNDINGS} soundings that "
            f"took HiQGA {HIQGA_CPU_HOURS:,}\non another machine, {HIQGA_CPU_HOURS / survey_hours:,.0f} times as many.")


# --- The figure ---


def edges(x):
    """Returns bounds of cells around `x`."""
    middles = 0.5 * (x[1:] + x[:-1])
    return np.concatenate([[2 * x[0] - middles[0]], middles, [2 * x[-1] - middles[-1]]])


def draw(results, chosen, us, them, path):
    """Draws sections of median and width, and profiles of the comparison beside them."""
    plt.rcParams.update({"font.size": 9, "axes.titlesize": 9.5, "axes.titlelocation": "left"})
    figure, grid = plt.subplots(4, 2, figsize=(9.0, 9.0), sharey=True, width_ratios=(3.2, 1), layout="constrained")
    place = np.stack([results["easting"], results["northing"]])[:, chosen]
    km = edges(np.append(0.0, np.cumsum(np.hypot(*np.diff(place)))) / 1000)
    resistivity = {"cmap": "Spectral", "norm": LogNorm(1.0, 200.0)}
    decades = {"cmap": "Greys", "vmin": 0.0, "vmax": 3.2}
    sections = (
        ("geobipy: median", 10 ** us.percentiles[1], resistivity),
        ("HiQGA: median", 10 ** them.percentiles[1], resistivity),
        ("geobipy: p90 - p10", width(us), decades),
        ("HiQGA: p90 - p10", width(them), decades),
    )
    meshes = []
    for panel, (title, values, style) in zip(grid[:, 0], sections):
        meshes.append(panel.pcolormesh(km, DEPTH_BOUNDS_M, values.T, rasterized=True, **style))
        panel.set(title=title, ylabel="depth (m)")
        panel.tick_params(labelbottom=panel is grid[3, 0])
    grid[3, 0].set_xlabel("distance along the line (km)")
    for row, label in ((0, "resistivity (ohm m)"), (2, "width (decades)")):
        figure.colorbar(meshes[row], ax=list(grid[row : row + 2, 0]), label=label, location="left", aspect=40, format="%g")
    draw_profiles(grid[:, 1], us, them)
    # On this scale all cells of HiQGA have the same height.
    grid[0, 0].set_yscale("function", functions=(lambda z: np.log(np.maximum(z, -24.0) + 25.0), lambda u: np.exp(u) - 25.0))
    grid[0, 0].set(ylim=(DEPTH_BOUNDS_M[-1], 0.0), yticks=(0, 10, 25, 50, 100, 200, 400))
    save(figure, path)


def draw_profiles(panels, us, them):
    """Draws medians and 10-90 % bands over soundings, and shares, by depth."""
    difference = us.percentiles[1] - them.percentiles[1]
    bands = ((0, "difference, decades", difference, (-1.6, 1.6)), (2, "width, decades", width(us), (0.0, 3.3)),
             (3, "width, decades", width(them), (0.0, 3.3)))
    for row, title, values, limits in bands:
        low, middle, high = np.percentile(values, (10, 50, 90), axis=0)
        panels[row].fill_betweenx(DEPTHS_M, low, high, color="C0", alpha=0.25, linewidth=0)
        panels[row].plot(middle, DEPTHS_M, color="C0")
        panels[row].set(title=title, xlim=limits)
    panels[0].axvline(0.0, color="0.4", linewidth=0.6)
    shares = (("intervals overlap", "0.5"), ("ours in theirs", "C0"), ("theirs in ours", "C3"))
    for values, (label, colour) in zip(held(us, them), shares):
        panels[1].plot(100 * values.mean(axis=0), DEPTHS_M, color=colour, label=label)
    panels[1].set(title="medians in intervals, %", xlim=(0, 104))
    panels[1].legend(loc="lower left", fontsize=7.5, frameon=False, handlelength=1.2)


def write_section(text):
    """Writes between the markers of the document; without markers at its end, with new ones."""
    if "<!-- udf: begin -->" not in DOCUMENT.read_text():
        picture = f"![Sections of both posteriors](images/{PICTURE.name})"
        with open(DOCUMENT, "a") as file:
            file.write(f"\n{TITLE}\n\n<!-- udf: begin -->\n<!-- udf: end -->\n\n{picture}\n")
    write_block(DOCUMENT, "udf", text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only every n-th sounding, for a quick run")
    parser.add_argument("--threads", type=int, default=0, help="threads of the inversion; 0 uses all cores")
    parser.add_argument("--reuse", action="store_true", help="only evaluate existing results")
    parser.add_argument("--publish", action="store_true", help="write into the document even if the line is not complete")
    parser.add_argument("--program", type=Path, default=GEOBIPY)
    return parser.parse_args()


def main():
    options = arguments()
    if not FIELD.is_dir():
        print(f"{FIELD.relative_to(ROOT.parent)} is not beside the project; there is nothing to compare")
        return
    if not options.reuse:
        invert(options)
    results = Results(FOLDER / "results")
    chosen = np.flatnonzero(np.isin(results["status"], (1, 2, 5)))
    us, them = ours(results, chosen), published(results, chosen)
    text = "\n".join([INTRODUCTION, "", *by_depth(us, them), "", *by_sounding(us, them), "", cost(results, chosen)])
    print(text)
    publish = options.publish or np.all(results["status"] != 0)
    draw(results, chosen, us, them, PICTURE if publish else FOLDER / PICTURE.name)
    if publish:
        write_section(text)


if __name__ == "__main__":
    main()
