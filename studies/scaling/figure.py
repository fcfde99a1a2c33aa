"""Draws docs/images/scaling.png from out/scaling.csv (cargo bench --no-default-features --bench scaling) and from the measured
runs in studies/data/measured_scaling.csv, where `load` is other work of the machine.
"""

import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).resolve().parents[2]
TITLES = {"udf": "SkyTEM, Upper Darling Floodplain", "resolve": "RESOLVE, wedge"}
COLOURS = {10_000: "#c1272d", 100_000: "#eb8f2d", 1_000_000: "#23527c"}


def rows(path):
    with open(ROOT / path) as file:
        return list(csv.DictReader(file))


def curve(simulated, column):
    return [int(row["ranks"]) for row in simulated], [100 * float(row[column]) for row in simulated]


def main():
    simulated, measured = rows("out/scaling.csv"), rows("studies/data/measured_scaling.csv")
    plt.rcParams.update({"font.size": 8, "axes.titlesize": 8.5, "axes.spines.top": False, "axes.spines.right": False})
    figure, panels = plt.subplots(1, 2, figsize=(6.7, 2.9), sharey=True, layout="constrained")
    for panel, (survey, title) in zip(panels, TITLES.items()):
        for soundings, colour in COLOURS.items():
            points = [r for r in simulated if r["survey"] == survey and int(r["soundings"]) == soundings]
            panel.plot(*curve(points, "bound"), color=colour, linewidth=0.8, linestyle=":")
            panel.plot(*curve(points, "efficiency"), color=colour, linewidth=1.5, label=f"{soundings:,} soundings")
        if measured:
            panel.plot(*curve(measured, "efficiency"), "ko", markersize=3.5, zorder=3, label="measured")
        panel.set(xscale="log", xlim=(1, 100_000), ylim=(0, 102), xlabel="ranks", title=title)
        panel.xaxis.set_major_formatter("{x:,.0f}")
        panel.minorticks_off()
        panel.axvline(9000, color="0.7", linewidth=0.6, zorder=0)
        panel.text(8300, 3, "9000", color="0.5", rotation=90, fontsize=6.5, ha="right")
        panel.grid(color="0.92", linewidth=0.5)
    panels[0].plot([], [], color="0.4", linewidth=0.8, linestyle=":", label="at best")
    panels[0].set_ylabel("efficiency, %")
    panels[0].legend(loc="lower left", frameon=False)
    figure.savefig(ROOT / "docs/images/scaling.png", dpi=200)


if __name__ == "__main__":
    main()
