#!/usr/bin/env python3
"""Makes docs/gallery.md from simulated surveys: figures and the commands that draw them.

usage: gallery.py [--reuse]

Runs target/release/geobipy, which must have been built; results stay in out/gallery and are used again with --reuse.
docs/images/styles.png, the sheet of styles, is copied from target/figures, where `cargo test a_sheet_shows_every_style` puts it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target" / "release" / "geobipy"
WORK = ROOT / "out" / "gallery"
PICTURES = ROOT / "docs" / "images" / "gallery"
# Half of the report's pixels, for screens.
SCREEN = [f"page.{key}={value}" for key, value in
          [("width_px", 1100), ("section_height_px", 605), ("sounding_height_px", 825)]]

SURVEYS = [
    "simulate resolve.toml --wedge 60 --lines 3 --noise-relative 0.05 --noise-additive 5 --truth truth.csv",
    "invert resolve.toml resolve",
    "merge resolve -o resolve.h5 --class basement=0.0001:0.005 --class fill=0.005:0.05 --class clay=0.05:1",
    "simulate helicopter.toml --wedge 24 --earth saline_clay --offset -13 0 2 --noise-relative 0.03 --noise-additive 3e-14 "
    "--noise-additive 3e-15",
    "invert helicopter.toml helicopter --set sampler.maximum_burn_in=20000 --set sampler.maximum_iterations=60000",
]

FIGURES = [
    ("A line", "Median conductivity with colours that fade where it is uncertain, the depth of investigation, misfit and number of layers.",
     "plot section resolve.h5 --line 30010", "section"),
    ("Lines below each other", "All lines have the same scales: colours, lengths, exaggeration.",
     "plot section resolve.h5 --limits auto-survey --resistivity", "sections"),
    ("A probability", "The probability that the ground is clay; the area below the depth of investigation is left empty.",
     "plot section resolve.h5 --line 30010 --quantity class_probability_clay --investigation mask --strips convergence,misfit",
     "probability"),
    ("Several quantities", "The bounds of the 90 % interval and the density of interfaces; conductivities have the same colours.",
     "plot section resolve.h5 --line 30010 --quantity conductivity_p05 --quantity conductivity_p95 --quantity interface_density",
     "quantities"),
    ("Classes", "The most probable class of conductivity.",
     "plot section resolve.h5 --line 30010 --quantity most_probable_class --strips none", "classes"),
    ("Hatched, interpolated", "For prints without colour, and with smooth sections; gaps stay empty.",
     "plot section resolve.h5 --line 30010 --uncertainty hatch --interpolate --colours viridis", "hatched"),
    ("A column of a journal", "Half the width of a page.", "plot section resolve.h5 --line 30010 --style column", "column"),
    ("A sounding", "One sounding in detail, here with the truth drawn over it.",
     "plot sounding resolve.h5 --line 30010 --fiducial 30004 --truth truth.csv", "sounding"),
    ("A time-domain sounding", "Decays of two moments and their residuals.",
     "plot sounding helicopter --line 30010 --fiducial 30001", "sounding_time"),
    ("Maps", "Depths as small multiples; soundings are dots on a background of gridded values.",
     "plot map resolve.h5 --depth 5 --depth 20 --depth 30:50 --underlay --blank 110", "map"),
    ("Data", "Observed data, predictions of the posterior, and their difference in standard deviations.",
     "plot data helicopter --line 30010", "data"),
    ("Convergence", "Convergence of the chains of a survey.", "plot convergence resolve.h5", "convergence"),
    ("On a dark screen", "Uncertain conductivities fade into the background.",
     "plot section resolve.h5 --line 30010 --style dark", "dark"),
]


def run(command):
    print(f"geobipy {command}", flush=True)
    subprocess.run([PROGRAM, *command.split()], cwd=WORK, check=True)


def make_surveys():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for name in ["resolve/resolve.toml", "resolve/resolve.stm", "tdem/helicopter.toml", "tdem/helicopter_lm.stm",
                 "tdem/helicopter_hm.stm"]:
        shutil.copy(ROOT / "examples" / name, WORK)
    for command in SURVEYS:
        run(command)


def main():
    if "--reuse" not in sys.argv[1:]:
        make_surveys()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = ["# Gallery", "", "<!-- Made by `make gallery`; do not edit. -->", "",
            "This page shows figures of simulated surveys with the commands that drew them; [figures.md](figures.md) has all options and styles.",
            "These commands made the surveys:", "", "```sh", *[f"geobipy {command}" for command in SURVEYS], "```"]
    for title, words, command, name in FIGURES:
        size = [] if name == "column" else [part for setting in SCREEN for part in ("--set", setting)]
        print(f"geobipy {command}", flush=True)
        picture = PICTURES / f"{name}.png"
        subprocess.run([PROGRAM, *command.split(), "-o", picture, *size], cwd=WORK, check=True)
        page += ["", f"## {title}", "", words, "", "```sh", f"geobipy {command} -o {name}.png", "```", "",
                 f"![{title}](images/gallery/{name}.png)"]
    (ROOT / "docs" / "gallery.md").write_text("\n".join(page) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "target" / "figures" / "styles.png", ROOT / "docs" / "images" / "styles.png")


if __name__ == "__main__":
    main()
