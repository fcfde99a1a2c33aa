"""Writes a small survey as netCDF with gspy, as surveys in the GS convention are published.

Run as: write_gs_survey.py OUTPUT.nc, in a folder for its inputs.
"""

import sys
from pathlib import Path

import yaml
from gspy import Survey


def variable(name, unit="not_defined", **more):
    return {"standard_name": name, "long_name": name, "units": unit, "missing_value": -9999.99, **more}


def main():
    survey = {
        "dataset_attrs": {key: "test" for key in ["title", "institution", "source", "history", "references"]},
        "spatial_ref": {"wkid": 28354, "authority": "EPSG"},
        "survey_information": {"contractor": "none"},
        "flightline_information": {"traverse_line_spacing": "200 m"},
        "survey_equipment": {"aircraft": "none"},
    }
    places = ["Line", "Fiducial", "East", "North", "Ground", "Bird_Height"]
    blocks = {"InPhase": 2, "Quad": 2}
    dataset = {
        "dataset_attrs": {"content": "data", "comment": "test", "type": "data", "structure": "tabular",
                          "mode": "airborne", "method": "electromagnetic", "submethod": "frequency domain",
                          "instrument": "bird", "property": ""},
        "coordinates": {"x": "East", "y": "North", "z": "Ground"},
        "dimensions": {"frequency": {**variable("frequency", "hertz"), "centers": [380.0, 8171.0],
                                     "missing_value": "not_defined"}},
        "variables": {
            **{name: variable(name.lower()) for name in places},
            **{name: variable(name.lower(), "ppm", dimensions=["index", "frequency"]) for name in blocks},
        },
    }
    dataset["variables"]["East"] |= {"axis": "X"}
    dataset["variables"]["North"] |= {"axis": "Y"}
    dataset["variables"]["Ground"] |= {"axis": "Z", "positive": "up", "datum": "ground"}
    Path("survey.yml").write_text(yaml.safe_dump(survey, sort_keys=False))
    Path("data.yml").write_text(yaml.safe_dump(dataset, sort_keys=False))
    columns = [f"{name}_{i}" for name, count in blocks.items() for i in range(count)]
    rows = [",".join(places + columns)]
    for i in range(5):
        in_phase = -9999.99 if i == 2 else 100.0 + i
        rows.append(f"1200,{i},{431000 + 10 * i},5210400,88,{31 + i},{in_phase},420.0,130.5,310.25")
    Path("data.csv").write_text("\n".join(rows) + "\n")

    made = Survey.from_dict("survey.yml")
    container = made.gs.add_container("data", content="raw and processed data", comment="test")
    container.gs.add(key="raw", data="data.csv", metadata_file="data.yml")
    container.gs.add(key="processed", data="data.csv", metadata_file="data.yml")
    made.gs.to_netcdf(sys.argv[1])


if __name__ == "__main__":
    main()
