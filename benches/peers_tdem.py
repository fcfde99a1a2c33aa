"""Times the time-domain forward model beside gatdaem1d of GA-AEM, round by round in one run; for peers.py."""

import ctypes
import statistics
import subprocess
import time
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
LAYER_COUNTS = (5, 12, 20)
EARTH_COUNT = 16

# The systems of benches/tdem.rs: name, files, components, and geometry in the order of gatdaem1d's arguments: height, roll, pitch
# and yaw of the transmitter; dx, dy, dz; roll, pitch and yaw of the receiver.
SYSTEMS = {
    "SkyTEM LM+HM": (["skytem_lm_reference.stm", "skytem_hm_reference.stm"], "Z", [35, 0, 0, 0, -13, 0, 2, 0, 0, 0]),
    "Tempest X+Z": (["tempest_reference.stm"], "XZ", [115, 0, 0, 0, -107, 0, -45, 0, 0, 0]),
}
CALLS = ("predict", "derive")


def earths(layer_count):
    """Returns the `earths` of benches/tdem.rs: conductivities in S/m, thicknesses in m without the halfspace."""
    state = 12345

    def uniform():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 11) / 2**53

    for _ in range(EARTH_COUNT):
        conductivity = [10 ** (-4 + 5 * uniform()) for _ in range(layer_count)]
        thickness_m = [10 ** (2 * uniform()) for _ in range(layer_count - 1)]
        yield conductivity, thickness_m


def doubles(values):
    return (ctypes.c_double * len(values))(*values)


class Gatdaem1d:
    """The library's C functions; their arguments are prepared before they are timed."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.library.createhandle.restype = ctypes.c_void_p
        self.library.createhandle.argtypes = [ctypes.c_char_p]
        self.library.nwindows.argtypes = [ctypes.c_void_p]
        for function in (self.library.forwardmodel, self.library.fm_dlogc):
            function.restype = None
        self.handles = {
            name: [ctypes.c_void_p(self.library.createhandle(str(DATA / file).encode())) for file in files]
            for name, (files, _, _) in SYSTEMS.items()
        }

    def prepare(self, system, layer_count):
        """Prepares for each earth the arguments of a call per moment, and where the data go."""
        geometry = [ctypes.c_double(value) for value in SYSTEMS[system][2]]
        prepared = []
        for conductivity, thickness_m in earths(layer_count):
            for handle in self.handles[system]:
                windows = self.library.nwindows(handle)
                model = (ctypes.c_int(layer_count), doubles(conductivity), doubles(thickness_m))
                fields = [(ctypes.c_double * n)() for n in (1, 1, 1, windows, windows, windows)]
                derivatives = (ctypes.c_double * (3 * (1 + windows) * (1 + layer_count)))()
                prepared.append(((handle, *geometry, *model), fields, derivatives))
        return prepared

    def microseconds(self, call, prepared):
        """Returns the processor time of a call, of both moments if there are two, in one pass over the earths."""
        function = self.library.forwardmodel if call == "predict" else self.library.fm_dlogc
        start = time.thread_time()
        for model, fields, derivatives in prepared:
            if call == "predict":
                function(*model, *fields)
            else:
                function(*model, derivatives)
        return 1e6 * (time.thread_time() - start) / EARTH_COUNT

    @staticmethod
    def data(system, prepared):
        """Returns the data of the last predictions, in geobipy's order."""
        components = ["XYZ".index(component) for component in SYSTEMS[system][1]]
        return [value for _, fields, _ in prepared for component in components for value in fields[3 + component]]


class Ours:
    """The benchmark benches/tdem.rs, which answers each line with a line."""

    def __init__(self, binary):
        command = [binary, "--answer"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, system, layer_count, what):
        print(f"{system},{layer_count},{what}", file=self.process.stdin, flush=True)
        return [float(number) for number in self.process.stdout.readline().split()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(binary, library, rounds):
    """Returns by system and layer count: times per call of geobipy and gatdaem1d, round by round, and the data's median
    difference.
    """
    ours, theirs = Ours(binary), Gatdaem1d(library)
    cases = {(system, layers): theirs.prepare(system, layers) for system in SYSTEMS for layers in LAYER_COUNTS}
    times = {(case, call): ([], []) for case in cases for call in CALLS}
    # The first round is a warm-up.
    for i in range(max(rounds, 2) + 1):
        for (case, call), (our_times, their_times) in times.items():
            our_time, their_time = ours.ask(*case, call)[0], theirs.microseconds(call, cases[case])
            if i > 0:
                our_times.append(our_time)
                their_times.append(their_time)
    differences = {}
    for case, prepared in cases.items():
        theirs.microseconds("predict", prepared)
        pairs = zip(ours.ask(*case, "data"), theirs.data(case[0], prepared), strict=True)
        differences[case] = statistics.median(abs(our - their) / abs(our) for our, their in pairs)
    ours.close()
    return times, differences


def rows(times, differences):
    for case, difference in differences.items():
        row = [case[0], str(case[1])]
        for call in CALLS:
            our_times, their_times = times[case, call]
            ratios = [their / our for our, their in zip(our_times, their_times)]
            quarters = statistics.quantiles(ratios, n=4)
            row += [f"{min(our_times):.1f}", f"{min(their_times):.0f}", f"{min(their_times) / min(our_times):.0f}"]
            row.append(f"{quarters[1]:.0f} ({quarters[0]:.0f}-{quarters[2]:.0f})")
        yield [*row, f"{difference:.0e}"]


HEADER = [
    *("system", "layers"),
    *("prediction, us", "gatdaem1d, us", "ratio", "median ratio (quartiles)"),
    *("with derivatives, us", "gatdaem1d by ln conductivity, us", "ratio", "median ratio (quartiles)"),
    "median difference of data",
]
