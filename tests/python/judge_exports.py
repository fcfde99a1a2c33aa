"""Opens exports with the programs that people have and asserts what they read.

usage: judge_exports.py FOLDER

FOLDER has survey.h5, a merged file, and what was exported of it: survey.nc, map.tif (nearest sounding, at 10 m), soundings.dat
with its .dfn, soundings.parquet, survey_inv.xyz, survey.vtm (with a sheet of nearest soundings at 10 m) and sections/
(in `ink`, not faded).
"""

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

    tree = xr.open_datatree(FOLDER / "survey.nc")["survey/models/posterior"]
    for engine in ("netcdf4", "h5netcdf"):
        # Without a group: what a user does first.
        with xr.open_dataset(FOLDER / "survey.nc", engine=engine) as root:
            for posterior in (root, tree):
                same(posterior["conductivity_percentile"].sel(percentile=50), MEDIAN)
                same(posterior["x"], merged("easting"))
                assert posterior["conductivity_p50"].attrs["units"] == "S/m"
            assert root["layer_depth"].attrs["units"] == "m", root["layer_depth"].attrs
            assert root["conductivity_percentile"].attrs["long_name"] == "percentiles of conductivity"
            real = {"depth", "projection_x_coordinate", "projection_y_coordinate", "surface_altitude", "status_flag"}
            assert {v.attrs["standard_name"] for v in root.variables.values() if "standard_name" in v.attrs} == real
            same(root["hitmap"], merged("hitmap"))


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

    blocks = pv.read(FOLDER / "survey.vtm")
    lines = np.unique(merged("line_number"))
    assert blocks.keys() == [f"line {line:g}" for line in lines] + ["slice 10m"]
    first = merged("line_number") == lines[0]
    curtain = blocks[0]
    same(curtain["conductivity_p50"].reshape(MEDIAN.shape[1], -1).T, MEDIAN[first])
    ground = np.nan_to_num(merged("elevation"))[first]
    # Edges lie half way between soundings, and half a step beyond the first and last.
    assert abs(curtain.bounds[5] - ground.max()) <= np.ptp(ground)
    assert abs(curtain.bounds[4] - (ground.min() - merged("depth_bounds")[-1, 1])) <= np.ptp(ground)
    sheet = blocks["slice 10m"]
    centres = sheet.cell_centers().points  # without hidden cells
    values = sheet["conductivity_p50"][sheet["vtkGhostType"] == 0]
    assert len(values) == len(centres) < sheet.n_cells
    for easting, northing, median in zip(merged("easting")[KNOWN], merged("northing")[KNOWN], MEDIAN[KNOWN, CELL]):
        cell = np.argmin(np.hypot(centres[:, 0] - easting, centres[:, 1] - northing))
        same(values[cell], median, 1e-5)
    ground = np.nan_to_num(merged("elevation"))
    assert ground.min() - 10.01 <= centres[:, 2].min() <= centres[:, 2].max() <= ground.max() - 9.99


def libaarhusxyz():
    import libaarhusxyz as aarhus

    survey = aarhus.XYZ(str(FOLDER / "survey_inv.xyz"))
    assert survey.info["coordinate system"] == "EPSG:28354", survey.info
    same(survey.flightlines["utmx"], merged("easting"))
    resistivity = np.asarray(survey.layer_data["rho_i"], float)
    same(resistivity[KNOWN], 1 / MEDIAN[KNOWN])
    assert np.all(np.isnan(resistivity[~KNOWN]) | (resistivity[~KNOWN] == 9999)), resistivity[~KNOWN]
    same(np.asarray(survey.layer_data["dep_bot"])[0], merged("depth_bounds")[:, 1], 1e-3)


def section_images():
    """Georeferenced as rasterio sees it: the pixel at a sounding's place has the colour of its value."""
    import rasterio as rio

    line = merged("line_number") == merged("line_number")[0]
    with rio.open(FOLDER / "sections" / f"line_{merged('line_number')[0]:g}.png") as picture:
        colours = picture.read()
        ends = [float(picture.tags()[name]) for name in ("first_colour", "last_colour")]
        exaggeration = float(picture.tags()["vertical_exaggeration"])
        place = picture.index
        shades = []
        steps = np.hypot(np.diff(merged("easting")[line]), np.diff(merged("northing")[line]))
        for along, elevation, median in zip(np.cumsum([0, *steps]), np.nan_to_num(merged("elevation"))[line], MEDIAN[line, CELL]):
            middle = merged("depth_bounds")[CELL].mean()
            row, column = place(along, (elevation - middle) * exaggeration)
            shades.append((median, colours[:, row, column]))
    assert ends[0] < ends[1]
    assert all(shade[3] == 255 for _, shade in shades)
    # Of the colours `ink` each is darker than the one before; at the ends of the scale they stay the same.
    light = [int(shade[:3].sum()) for _, shade in sorted(shades, key=lambda shade: shade[0])]
    assert light == sorted(light, reverse=True) and light[0] > light[-1], light


JUDGES = (
    xarray, gspy, compliance_checker, rasterio, rio_cogeo, aseg_gdf2, pyarrow, pyvista, libaarhusxyz, section_images)


def main():
    for judge in JUDGES:
        judge()
        print(f"content: {judge.__name__}")


if __name__ == "__main__":
    main()
