"""Runs one peer program in the virtual environment of peers.py and prints its time per call and its accuracy as JSON."""

import argparse
import ast
import csv
import importlib.metadata
import importlib.util
import json
import math
import statistics
import sys
import time
import types
from pathlib import Path

import numpy as np

# The system of benches/forward.rs: Hz, axis, transmitter moment, separation in m.
COIL_PAIRS = [
    (380.0, "z", 1.0, 7.93),
    (1776.0, "z", 1.0, 7.91),
    (3345.0, "x", -1.0, 9.03),
    (8171.0, "z", 1.0, 7.91),
    (41020.0, "z", 1.0, 7.91),
    (129550.0, "z", 1.0, 7.89),
]
FREQUENCY_HZ, AXIS, MOMENT, SEPARATION_M = (np.array(column) for column in zip(*COIL_PAIRS))
HEIGHT_M = 30.0
LAYER_COUNTS = (5, 20)
EARTH_COUNT = 16


def earths(layer_count):
    """Returns the `earths` of benches/forward.rs: conductivities in S/m, thicknesses in m without the halfspace."""
    layer = np.arange(layer_count)
    for model in range(EARTH_COUNT):
        conductivity = 10.0 ** (-2.0 + 1.5 * np.sin(1.7 * layer + 0.9 * model))
        thickness_m = 3.0 * 1.1 ** layer[:-1] * (1.0 + 0.02 * model)
        yield conductivity, thickness_m


class GeoBIPy:
    """The compiled kernel, called in the way of GeoBIPy's fdem1dfwd and fdem1dsen; the package itself is not imported."""

    def __init__(self):
        files = {path.name: path.locate() for path in importlib.metadata.files("geobipy")}
        spec = importlib.util.spec_from_file_location("fdem1d_numba", files["fdem1d_numba.py"])
        self.kernel = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.kernel)
        numba = importlib.metadata.version("numba")
        self.version = f"{importlib.metadata.version('geobipy')} (numba {numba})"

        filters = self.system_properties(Path(files["FdemSystem.py"]), "w0", "w1", "lamda0", "lamda1")
        orientation = np.where(AXIS == "z", 2, 0)
        self.tensor_id = 1 + 3 * orientation + orientation
        self.filters = (
            *(filters["w0"], filters["lamda0"], filters["lamda0"] ** 2),
            *(filters["w1"], filters["lamda1"], filters["lamda1"] ** 2),
        )

    @staticmethod
    def system_properties(path, *names):
        """Evaluates properties of the class in the file, because importing it would need all of GeoBIPy's dependencies."""
        functions = {
            node.name: node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef) and node.name in names
        }
        for function in functions.values():
            function.decorator_list = []
        scope = dict(vars(np))
        exec(compile(ast.Module(list(functions.values()), []), str(path), "exec"), scope)
        system = types.SimpleNamespace(loop_separation=SEPARATION_M, nFrequencies=len(COIL_PAIRS))
        return {name: scope[name](system) for name in names}

    def prepare(self, conductivity, thickness_m, height_m):
        tx_height = np.full(len(COIL_PAIRS), height_m)
        zeros = np.zeros(len(conductivity))
        thickness_m = np.append(thickness_m, np.inf)
        geometry = (self.tensor_id, FREQUENCY_HZ, tx_height, -tx_height, MOMENT, SEPARATION_M, SEPARATION_M)
        return (*geometry, *self.filters, MOMENT, conductivity, zeros, zeros, thickness_m)

    def forward(self, arguments):
        return self.kernel.nbFdem1dfwd(*arguments)

    def forward_and_sensitivity(self, arguments):
        return self.kernel.nbFdem1dfwd(*arguments), self.kernel.nbFdem1dsen(*arguments)


class Empymod:
    """Magnetic dipoles, secondary field only, one call per coil geometry with all of its frequencies."""

    # This is the shortest of empymod's filters with less than 10 % error at 129 kHz over the reference models.
    FILTER = "key_401_2009"
    AIR_OHM_M = 2e14

    forward_and_sensitivity = None

    def __init__(self):
        import empymod

        self.dipole = empymod.dipole
        self.version = f"{empymod.__version__} (numba {importlib.metadata.version('numba')})"
        self.groups = {}
        for i, (_, axis, _, separation_m) in enumerate(COIL_PAIRS):
            self.groups.setdefault((axis, separation_m), []).append(i)
        one = np.ones(1)
        self.primary = self.field(0.0, [], [self.AIR_OHM_M], epermH=one, epermV=one)

    def field(self, height_m, depth_m, resistivity, **options):
        field = np.empty(len(COIL_PAIRS), complex)
        for (axis, separation_m), pairs in self.groups.items():
            tx, rx = [0.0, 0.0, -height_m], [separation_m, 0.0, -height_m]
            ab = 66 if axis == "z" else 44
            field[pairs] = self.dipole(tx, rx, depth_m, resistivity, FREQUENCY_HZ[pairs], ab=ab, verb=0, **options)
        return field

    def prepare(self, conductivity, thickness_m, height_m):
        depth_m = np.concatenate([[0.0], np.cumsum(thickness_m)])
        resistivity = np.concatenate([[self.AIR_OHM_M], 1.0 / conductivity])
        return height_m, depth_m, resistivity, np.ones(len(resistivity))

    def forward(self, arguments):
        height_m, depth_m, resistivity, ones = arguments
        options = {"epermH": ones, "epermV": ones, "xdirect": None, "htarg": {"dlf": self.FILTER}}
        # The coaxial pair's moment of -1 changes empymod's sign to the convention of the data.
        return 1e6 * MOMENT * self.field(height_m, depth_m, resistivity, **options) / self.primary


PEERS = {"geobipy": GeoBIPy, "empymod": Empymod}


def microseconds_per_call(call, all_arguments, seconds):
    """Returns the best of several medians over calls that cycle through the models."""
    for arguments in all_arguments:
        call(arguments)
    medians = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(medians) < 3:
        times = []
        for _ in range(4):
            for arguments in all_arguments:
                start = time.perf_counter()
                call(arguments)
                times.append(time.perf_counter() - start)
        medians.append(1e6 * statistics.median(times))
    return min(medians)


def accuracy(peer, reference):
    """Returns the largest |predicted - reference| / |reference| of the complex response, by frequency."""

    def numbers(cell):
        return np.array([float(number) for number in cell.split(";") if number])

    worst = [0.0] * len(COIL_PAIRS)
    with open(reference, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            earth = numbers(row["conductivity_S_per_m"]), numbers(row["thickness_m"])
            predicted = peer.forward(peer.prepare(*earth, float(row["height_m"])))
            for i, hz in enumerate(FREQUENCY_HZ):
                true = complex(float(row[f"InPhase_{hz:g}Hz_ppm"]), float(row[f"Quadrature_{hz:g}Hz_ppm"]))
                error = abs(predicted[i] - true) / abs(true)
                worst[i] = max(worst[i], error if math.isfinite(error) else math.inf)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--seconds", type=float, default=2.0, help="measuring time of a number (default: %(default)s)")
    parser.add_argument("--reference", help="responses to measure the accuracy by")
    arguments = parser.parse_args()

    peer = PEERS[arguments.peer]()
    result = {"version": peer.version, "predict": {}, "predict_with_sensitivity": {}}
    for name, call in [("predict", peer.forward), ("predict_with_sensitivity", peer.forward_and_sensitivity)]:
        for layer_count in LAYER_COUNTS if call else ():
            prepared = [peer.prepare(*earth, HEIGHT_M) for earth in earths(layer_count)]
            result[name][str(layer_count)] = microseconds_per_call(call, prepared, arguments.seconds)
    if arguments.reference:
        result["frequency_hz"] = list(FREQUENCY_HZ)
        result["accuracy"] = accuracy(peer, arguments.reference)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
