"""Opens exports with the programs that people have and asserts what they read.

usage: judge_exports.py FOLDER

FOLDER has survey.h5, a merged file, and what was exported of it: survey.nc, map.tif (nearest sounding, at 10 m), soundings.dat
with its .dfn, soundings.parquet, layers.xyz and curtains.vtm. A judge that cannot be imported is named and left out.
"""

import importlib
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(sys.argv[1])


def merged(name):
    with h5py.File(FOLDER / "survey.h5") as file:
        return file[name][...]


CELL = int(np.searchsorted(merged("depth_bounds")[:, 1], 10.0, side="right"))
MEDIAN = merged("conductivity_p50")
KNOWN = np.isfinite(MEDIAN[:, CELL])


def same(got, expected, relative=1e-6):
    got, expected = (np.asarray(values, float) for values in (got, expected))
    assert np.allclose(got, expected, rtol=relative, equal_nan=True), (got, expected)


def xarray():
    import xarray as xr

    posterior = xr.open_datatree(FOLDER / "survey.nc")["survey/models/posterior"]
    same(posterior["conductivity_percentile"].sel(percentile=50), MEDIAN)
    same(posterior["x"], merged("easting"))
    assert posterior["conductivity_p50"].attrs["units"] == "S/m"


def gspy():
    import gspy as gs

    posterior = gs.open_datatree(FOLDER / "survey.nc")["survey"]["models"]["posterior"]
    line = merged("line_number")[0]
    assert posterior.gs.subset("line", line).sizes["index"] == np.sum(merged("line_number") == line)


def compliance_checker():
    program = Path(sys.executable).with_name("compliance-checker")
    told = subprocess.run([program, "-t", "cf:1.8", FOLDER / "survey.nc"], capture_output=True, text=True)
    assert told.returncode == 0 and "Errors" not in told.stdout, told.stdout


def rasterio():
    import rasterio as rio

    with rio.open(FOLDER / "map.tif") as raster:
        band = raster.descriptions.index("conductivity_p50 10m") + 1
        places = list(zip(merged("easting")[KNOWN], merged("northing")[KNOWN]))
        same([value[0] for value in raster.sample(places, band)], MEDIAN[KNOWN, CELL], 1e-5)
        assert raster.crs.to_epsg() == 28354


def rio_cogeo():
    from rio_cogeo.cogeo import cog_validate

    valid, errors, _ = cog_validate(FOLDER / "map.tif")
    assert valid, errors


def aseg_gdf2():
    import aseg_gdf2 as gdf2

    table = gdf2.read(FOLDER / "soundings.dfn").df()
    same(np.float32(table["conductivity_p50_10m"])[KNOWN], MEDIAN[KNOWN, CELL])


def pyarrow():
    import pyarrow.parquet as parquet

    table = parquet.read_table(FOLDER / "soundings.parquet")
    column = table["conductivity_p50_10m"]
    assert column.null_count == np.sum(~KNOWN)
    same(np.array(column.drop_null()), MEDIAN[KNOWN, CELL])


def pyvista():
    import pyvista as pv

    blocks = pv.read(FOLDER / "curtains.vtm")
    lines = np.unique(merged("line_number"))
    assert blocks.n_blocks == len(lines)
    first = merged("line_number") == lines[0]
    grid = blocks[0]
    same(grid["conductivity_p50"].reshape(MEDIAN.shape[1], -1).T, MEDIAN[first])
    assert np.isclose(grid.bounds[5] - grid.bounds[4] > merged("depth_bounds")[-1, 1] * 0.9, True)


def main():
    for judge in (xarray, gspy, compliance_checker, rasterio, rio_cogeo, aseg_gdf2, pyarrow, pyvista):
        try:
            importlib.import_module(judge.__name__)
        except ImportError as error:
            print(f"left out: {judge.__name__} ({error})")
            continue
        judge()
        print(f"content: {judge.__name__}")


if __name__ == "__main__":
    main()
