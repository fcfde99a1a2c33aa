"""Measures time, memory and size of merging a survey and of every export of it; writes the table of docs/export.md.

The survey is a synthetic one of RESOLVE on lines of 2000 soundings 10 m apart, inverted with as few iterations as possible,
because the size of results does not depend on their number.

Usage: studies/exports.py [--soundings N] [--program PATH] [--keep FOLDER]      (needs 250 KB per sounding)
"""

import argparse
import csv
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from results import GEOBIPY, ROOT, run, write_block

USUAL = 10_000
PER_LINE = 2000
DOCUMENT = ROOT / "docs/export.md"
FIXED = ("--set", "prior.conductivity_center=fixed", "--set", "prior.conductivity_center_s_per_m=0.02")
SHORT = ("--set", "sampler.chains=2", "--set", "sampler.temperatures=1", "--set", "sampler.maximum_burn_in=250",
         "--set", "sampler.maximum_iterations=250")
DEPTHS = ("--depth", "10", "--depth", "50")
EXPORTS = (
    ("netcdf", "survey.nc", ()), ("netcdf", "hitmap.nc", ("--hitmap",)), ("geopackage", "survey.gpkg", DEPTHS),
    ("geotiff", "survey.tif", DEPTHS), ("vtk", "survey.vtm", ()), ("section-image", "sections", ()),
    ("gdf2", "survey.dat", DEPTHS), ("csv", "survey.csv", DEPTHS), ("xyz", "survey_inv.xyz", ()),
    ("parquet", "survey.parquet", ("--layout", "layer")))


def make_survey(folder, options):
    """Simulates and inverts a survey of parallel lines."""
    for name in ("resolve.toml", "resolve.stm"):
        shutil.copy(ROOT / "examples/resolve" / name, folder)
    config = folder / "resolve.toml"
    config.write_text(config.read_text().replace("\n[survey]\n", '\n[survey]\ncrs = "EPSG:32612"\n', 1))
    run("simulate", config, *FIXED, "--prior-draws", options.soundings, "--height", 30, "--force", program=options.program)
    survey = folder / "wedge.csv"
    with open(survey) as file:
        head, *rows = csv.reader(file)
    for i, row in enumerate(rows):
        line, place = divmod(i, PER_LINE)
        row[:4] = [1000 + line, place, 500_000 + 100 * line, 4_600_000 + 10 * place]
    with open(survey, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    run("invert", config, folder / "results", *FIXED, *SHORT, program=options.program, progress=True)


def measured(program, arguments, *outputs):
    """Returns a row: wall and processor seconds, peak memory, size of the output."""
    begin = time.monotonic()
    child = subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{arguments}: failed")
    size = sum(file.stat().st_size for output in outputs for file in [output, *output.rglob("*")] if file.is_file())
    return (f"{time.monotonic() - begin:.1f}", f"{used.ru_utime + used.ru_stime:.1f}", f"{used.ru_maxrss / 1024:.0f}",
            f"{size / 1e6:.0f}")


def rows(folder, program):
    """Yields name and measurements of every step."""
    survey = folder / "survey.h5"
    for level in (0, 1, 3, 6, 9):
        merge = ("merge", folder / "results", "-o", survey, "--force", "--compression", level)
        yield f"`merge --compression {level}`" + (" (default)" if level == 3 else ""), measured(program, merge, survey)
    run("merge", folder / "results", "-o", survey, "--force", program=program)
    for kind, name, more in EXPORTS:
        output = folder / name
        beside = [output.with_suffix("")] if kind == "vtk" else []
        command = ("export", kind, survey, "-o", output, "--force", *more)
        yield f"`export {' '.join((kind, *more))}`", measured(program, command, output, *beside)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--soundings", type=int, default=USUAL)
    parser.add_argument("--program", type=Path, default=GEOBIPY)
    parser.add_argument("--keep", type=Path, help="folder for the files, which are then kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "results").exists():
            make_survey(folder, options)
        lines_mb = sum(file.stat().st_size for file in (folder / "results").glob("*.h5")) / 1e6
        table = ["| command | seconds | processor seconds | peak memory (MB) | size (MB) |", "|---|---:|---:|---:|---:|"]
        for name, cells in rows(folder, options.program):
            table.append(f"| {name} | {' | '.join(cells)} |")
            print(table[-1], flush=True)
    text = "\n".join([f"{options.soundings} soundings, {lines_mb:.0f} MB in line files, {os.cpu_count()} cores:", "", *table])
    print(text)
    if options.soundings == USUAL:
        write_block(DOCUMENT, "exports", text)


if __name__ == "__main__":
    main()
