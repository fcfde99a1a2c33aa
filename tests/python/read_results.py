"""Reads a result file as users do and checks what they rely on.

usage: read_results.py h5py|netcdf4|h5netcdf FILE

FILE has line 30010 with three soundings, fiducials 0, 1 and 2, of which 1 was not run, of a system of twelve channels, models of
up to eight layers, twenty samples, two chains.
"""

import sys
import tomllib

import numpy as np

STATUSES = ["not_run", "converged", "not_converged", "failed", "no_data", "usable"]
# dimensions and type of variables of every kind
VARIABLES = {
    "hitmap": (("sounding", "depth", "log10_conductivity"), "uint32"),
    "interface_histogram": (("sounding", "depth"), "uint32"),
    "depth": (("depth",), "float64"),
    "depth_bounds": (("depth", "nv"), "float64"),
    "log10_conductivity_bounds": (("log10_conductivity", "nv"), "float64"),
    "status": (("sounding",), "int8"),
    "iterations": (("sounding",), "int64"),
    "fiducial": (("sounding",), "float64"),
    "data_observed": (("sounding", "channel"), "float64"),
    "sample_layer_count": (("sounding", "sample"), "int32"),
    "sample_ln_conductivity": (("sounding", "sample", "layer"), "float32"),
    "misfit_trace": (("sounding", "chain", "trace"), "float32"),
    "acceptance_rate": (("sounding", "move"), "float32"),
    "rhat_log10_conductivity": (("sounding", "diagnostic_depth"), "float64"),
    "layer_count_histogram": (("sounding", "layer_count"), "uint32"),
    "relative_error_histogram": (("sounding", "error_group", "relative_error"), "uint32"),
    "additive_error_histogram": (("sounding", "error_group", "additive_error"), "uint32"),
    "sample_relative_error": (("sounding", "sample", "error_group"), "float32"),
    "geometry_deviation_bounds": (("geometry_parameter", "geometry_cell", "nv"), "float64"),
    "geometry_deviation_histogram": (("sounding", "geometry_parameter", "geometry_cell"), "uint32"),
    "sample_geometry": (("sounding", "sample", "geometry_parameter"), "float32"),
}
# whole numbers that a sounding may not have
WHOLE_WITH_MISSING = ("iterations", "sample_layer_count")
SIZES = {"sounding": 3, "channel": 12, "layer_count": 8, "layer": 8, "sample": 20, "chain": 2, "nv": 2, "error_group": 1,
         "geometry_parameter": 1}


def check_configuration(text):
    configuration = tomllib.loads(text)
    assert configuration["sampler"]["chains"] == 2, configuration
    assert configuration["model"]["maximum_depth_m"] == 150.0, "defaults are written out"


def check_values(status, hitmap, layer_counts, depth, bounds):
    """Checks status by sounding, hitmap and layer_count_histogram of all soundings, depth and its bounds."""
    assert status[1] == 0 and all(status[i] in (1, 2, 5) for i in (0, 2)), status
    for sounding in (0, 2):
        recorded = layer_counts[sounding].sum()
        assert recorded == 400, recorded
        assert (hitmap[sounding].sum(axis=1) == recorded).all()
    assert bounds[0, 0] == 0.0 and (bounds[1:, 0] == bounds[:-1, 1]).all(), "cells without gaps from the ground down"
    assert np.allclose(depth, bounds.mean(axis=1), rtol=1e-12), "depth is the centre of its cell"
    assert (np.diff(depth) > 0).all() and bounds[-1, 1] >= 150.0


def check_h5py(path):
    import h5py

    with h5py.File(path, "r") as file:
        texts = {"configuration", "system_files"}
        for name, dataset in file.items():
            assert isinstance(dataset, h5py.Dataset), name
            if name in texts:
                continue
            for attribute in ("long_name", "units"):
                value = dataset.attrs[attribute]
                assert isinstance(value, (str, bytes, np.bytes_)) and len(value) > 0, (name, attribute, value)
            if dataset.is_scale:
                assert h5py.h5ds.get_scale_name(dataset.id).decode() == name
                assert dataset.shape == (SIZES.get(name, dataset.size),), name
                continue
            for dim in dataset.dims:
                assert len(dim) == 1, f"{name} has {len(dim)} scales for one dimension"
                assert file[dim[0].name.lstrip("/")].is_scale, name
        scales = {name for name, dataset in file.items() if dataset.is_scale}
        assert SIZES.keys() <= scales, scales
        for name, (dims, kind) in VARIABLES.items():
            dataset = file[name]
            assert dataset.dtype == kind, (name, dataset.dtype)
            if dataset.is_scale:
                assert dims == (name,), name
            else:
                assert tuple(dim[0].name.lstrip("/") for dim in dataset.dims) == dims, name
                assert dataset.shape == tuple(file[dim].size for dim in dims), name
        assert file["depth"].attrs["units"].decode() == "m"
        assert file["data_std"].attrs["units"].decode() == "ppm"
        assert file["hitmap"].attrs["units"].decode() == "1"
        assert file["geometry_parameter"].attrs["geometry_parameter_names"].decode() == "height"
        assert file["error_group"].attrs["error_group_names"].decode() == "all"
        assert file.attrs["schema_version"].decode().startswith("2.")
        assert file["fiducial"][:].tolist() == [0.0, 1.0, 2.0]
        assert file["line_number"][:].tolist() == [30010.0] * 3
        check_configuration(file["configuration"][()].decode())
        assert "129550" in file["system_files"][()].decode()
        values = [file[name][:] for name in ("status", "hitmap", "layer_count_histogram", "depth", "depth_bounds")]
        check_values(*values)
        counts = file["sample_layer_count"][2]
        for sample, count in enumerate(counts):
            finite = np.isfinite(file["sample_ln_conductivity"][2, sample])
            assert finite[:count].all() and not finite[count:].any(), "NaN beyond layer_count and only there"
            depths = file["sample_interface_depth"][2, sample]
            assert np.isfinite(depths[: count - 1]).all() and np.isnan(depths[count - 1 :]).all()


def check_xarray(path, engine):
    import xarray

    with xarray.open_dataset(path, engine=engine) as ds:
        for name, (dims, kind) in VARIABLES.items():
            assert ds[name].dims == dims, (name, ds[name].dims)
            # xarray converts whole numbers with a fill value to floats, so that missing values are NaN.
            kind = "float64" if name in WHOLE_WITH_MISSING else kind
            assert ds[name].dtype == kind, (name, ds[name].dtype)
            assert ds[name].attrs["long_name"] and ds[name].attrs["units"], name
        for dim, size in SIZES.items():
            assert ds.sizes[dim] == size, (dim, ds.sizes)
        assert not any(dim.startswith("phony") for dim in ds.sizes), ds.sizes
        assert ds.depth.attrs["units"] == "m" and ds.depth.attrs["positive"] == "down"
        assert ds.status.attrs["flag_meanings"].split() == STATUSES
        assert np.asarray(ds.status.attrs["flag_values"]).tolist() == list(range(len(STATUSES)))
        assert len(ds["move"].attrs["flag_meanings"].split()) == ds.sizes["move"]
        names = ds.channel.attrs["channel_names"].split()
        assert ds.geometry_parameter.attrs["geometry_parameter_names"].split() == ["height"]
        assert ds.error_group.attrs["error_group_names"].split() == ["all"]
        assert len(names) == 12 and names[0] == "in_phase_380" and names[-1] == "quadrature_129550", names
        assert ds.attrs["Conventions"] == "CF-1.8" and ds.attrs["source"].startswith("geobipy ")
        check_configuration(ds.configuration.item())
        check_values(
            ds.status.values, ds.hitmap.values, ds.layer_count_histogram.values, ds.depth.values, ds.depth_bounds.values
        )
        for name in ("iterations", "sample_layer_count", "misfit_best", "rhat_maximum", "data_std", "acceptance_rate"):
            assert np.isnan(ds[name].values[1]).all(), f"{name} of the sounding that was not run is missing"
        # Users do this first.
        nearest = ds.hitmap.isel(sounding=0).sel(depth=20.0, method="nearest")
        assert nearest.sum() == 400
        assert {"easting", "northing"} <= set(ds.hitmap.coords), "the map coordinates come with every variable"


part, file_path = sys.argv[1:]
if part == "h5py":
    check_h5py(file_path)
else:
    check_xarray(file_path, part)
