"""Opens exports with common programs and checks their contents.

usage: judge_exports.py FOLDER

FOLDER has survey.h5, a merged file, and its exports: survey.nc, map.tif (nearest sounding, at 10 m), soundings.dat with its .dfn,
soundings.csv with its companion files, soundings.parquet, survey.gpkg and survey.qgs, survey_inv.xyz, survey.vtm (with a sheet of
nearest soundings at 10 m) and sections/ (in `ink`, not faded).
"""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

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
        # Users first open a file without a group.
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
    # Soundings are the first dimension, because they are read one after the other; CF only recommends another order.
    issues = [line for line in told.stdout.splitlines() if line.startswith("* ")]
    assert "Report" in told.stdout and "Errors" not in told.stdout, told.stdout
    assert all("recommended order" in issue for issue in issues), told.stdout


def rasterio():
    import rasterio as rio

    with rio.open(FOLDER / "map.tif") as raster:
        band = raster.descriptions.index("conductivity_p50 10m") + 1
        places = list(zip(merged("easting")[KNOWN], merged("northing")[KNOWN]))
        same([value[0] for value in raster.sample(places, band)], MEDIAN[KNOWN, CELL], 1e-5)
        assert raster.crs.to_epsg() == 28354
        assert band == 1 and raster.units[0] == "S/m", (band, raster.units)


def rio_cogeo():
    from rio_cogeo.cogeo import cog_validate

    valid, errors, _ = cog_validate(FOLDER / "map.tif")
    assert valid, errors


def aseg_gdf2():
    import aseg_gdf2 as gdf2

    file = gdf2.read(FOLDER / "soundings.dfn")
    names = {field["name"]: field for field in file.record_types[""]["fields"]}
    assert names["conductivity_p50_10m"]["long_name"] == "conductivity median at 10m", names["conductivity_p50_10m"]
    assert names["conductivity_p50_10m"]["unit"] == "S/m"
    assert "PROJECTION=GDA94 / MGA zone 54" in (FOLDER / "soundings.dfn").read_text()
    table = file.df()
    same(np.float32(table["conductivity_p50_10m"])[KNOWN], MEDIAN[KNOWN, CELL])


def pyarrow():
    import pyarrow.parquet as parquet

    table = parquet.read_table(FOLDER / "soundings.parquet")
    column = table["conductivity_p50_10m"]
    assert column.null_count == np.sum(~KNOWN)
    same(np.array(column.drop_null()), MEDIAN[KNOWN, CELL])
    schema = parquet.read_schema(FOLDER / "soundings.parquet")
    said = schema.field("conductivity_p50_10m").metadata
    assert said[b"unit"] == b"S/m" and b"hitmap" in said[b"meaning"], said
    assert b"fingerprint" in schema.metadata, schema.metadata.keys()


def geoparquet():
    """Checks the metadata against the specification, points as shapely reads them, and everything in geopandas if it is
    installed.
    """
    import pyarrow.parquet as parquet
    import shapely
    from pyproj import CRS

    path = FOLDER / "soundings.parquet"
    geo = json.loads(parquet.read_schema(path).metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert geo["version"] == "1.1.0" and column["encoding"] == "WKB" and column["geometry_types"] == ["Point"], geo
    assert CRS.from_json_dict(column["crs"]).to_epsg() == 28354
    points = shapely.from_wkb(parquet.read_table(path)["geometry"].to_pylist())
    same([point.x for point in points], merged("easting"))
    same([point.y for point in points], merged("northing"))
    try:
        import geopandas
    except ImportError:
        print("skipped: no geopandas")
        return
    frame = geopandas.read_parquet(path)
    assert frame.crs.to_epsg() == 28354
    same(frame.geometry.x, merged("easting"))


def pandas():
    import pandas as pd

    table = pd.read_csv(FOLDER / "soundings.csv")
    same(np.float32(table["conductivity_p50_10m"]), MEDIAN[:, CELL])
    same(table["easting"], merged("easting"))


def geopackage():
    import sqlite3

    with sqlite3.connect(FOLDER / "survey.gpkg") as database:
        titles = dict(database.execute("select column_name, title from gpkg_data_columns where table_name = 'soundings'"))
        styles = database.execute(
            "select styleName, styleQML, useAsDefault from layer_styles where f_table_name = 'soundings'").fetchall()
    assert titles["conductivity_p50_10m"] == "conductivity, median, at 10m (S/m)", titles
    assert [style[0] for style in styles if style[2]] == ["conductivity_p50_10m"], styles
    for name, style, _ in styles:
        tree = ElementTree.fromstring(style)
        aliases = {alias.get("field"): alias.get("name") for alias in tree.iter("alias")}
        assert aliases == titles, (name, aliases)
        assert '[% "conductivity_p50_10m" %]' in tree.find("mapTip").text
        assert tree.find("renderer-v2").get("attr") == name


def project():
    """Checks that GDAL finds every layer of the project, and that QGIS shows it if it is installed."""
    tree = ElementTree.parse(FOLDER / "survey.qgs").getroot()
    layers = {layer.find("id").text: layer for layer in tree.iter("maplayer")}
    assert set(layers) == {node.get("id") for node in tree.iter("layer-tree-layer")} and len(layers) == 4, layers
    names = {layer.find("layername").text for layer in layers.values()}
    assert names == {"conductivity, median, at 10m (S/m)", "status", "flight lines", "interfaces"}, names
    for layer in layers.values():
        source, table = layer.find("datasource").text.split("|layername=")
        subprocess.run(["ogrinfo", "-so", FOLDER / source, table], check=True, capture_output=True)
        assert layer.find("renderer-v2") is not None and layer.find("srs/spatialrefsys/authid").text == "EPSG:28354"
    if subprocess.run(["python3", "-c", "import qgis.core"], capture_output=True).returncode:
        print("skipped: no QGIS")
        return
    script = "\n".join((
        "from qgis.core import QgsApplication, QgsProject",
        "application = QgsApplication([], False); application.initQgis()",
        "project = QgsProject.instance(); assert project.read('survey.qgs')",
        "assert len(project.mapLayers()) == 4 and all(layer.isValid() for layer in project.mapLayers().values())"))
    subprocess.run(["python3", "-c", script], check=True, cwd=FOLDER, env={"QT_QPA_PLATFORM": "offscreen"})


def pyvista():
    import pyvista as pv

    blocks = pv.read(FOLDER / "survey.vtm")
    lines = np.unique(merged("line_number"))
    assert blocks.keys() == [f"line {line:g}" for line in lines] + ["slice 10m"]
    first = merged("line_number") == lines[0]
    curtain = blocks[0]
    same(curtain["conductivity_p50"].reshape(MEDIAN.shape[1], -1).T, MEDIAN[first])
    ground = np.nan_to_num(merged("elevation"))[first]
    # Edges are half way between soundings, and half a step beyond the first and last.
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
    """Checks the georeferencing with rasterio: the pixel at a sounding's place has the colour of its value."""
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
    # Each colour of `ink` is darker than the one before; beyond the ends of the scale they are equal.
    light = [int(shade[:3].sum()) for _, shade in sorted(shades, key=lambda shade: shade[0])]
    assert light == sorted(light, reverse=True) and light[0] > light[-1], light


JUDGES = (
    xarray, gspy, compliance_checker, rasterio, rio_cogeo, aseg_gdf2, pyarrow, geoparquet, pandas, geopackage, project,
    pyvista, libaarhusxyz, section_images)


def main():
    for judge in JUDGES:
        judge()
        print(f"content: {judge.__name__}")


if __name__ == "__main__":
    main()
