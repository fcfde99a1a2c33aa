"""Measures time and memory with which `geobipy check` reads a survey of a million soundings (docs/surveys.md).

Usage: python3 studies/reading.py [PROGRAM]    (default: target/release/geobipy)
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINES, SOUNDINGS = 1000, 1000


def main():
    root = Path(__file__).resolve().parent.parent
    program = sys.argv[1] if len(sys.argv) > 1 else str(root / "target/release/geobipy")
    system = str(root / "examples/resolve/resolve.stm")
    with tempfile.TemporaryDirectory() as folder:
        one, survey, config = (Path(folder) / name for name in ("one.csv", "survey.csv", "survey.toml"))
        simulate = [program, "simulate", "--system", system, "--wedge", str(SOUNDINGS), "--output", str(one)]
        subprocess.run(simulate, check=True, capture_output=True)
        header, *rows = one.read_text().splitlines()
        rest = [row.split(",", 1)[1] for row in rows]
        with survey.open("w") as out:
            out.write(header + "\n")
            for line in range(LINES):
                out.writelines(f"{line},{row}\n" for row in rest)
        config.write_text(f"[survey]\ndata = '{survey}'\nsystem = '{system}'\n")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        subprocess.run([program, "check", str(config), "--timing", "0"], check=True, capture_output=True)
        took = time.monotonic() - start
        # The simulation of a thousand soundings takes less memory.
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{LINES * SOUNDINGS} soundings, {survey.stat().st_size / 1e6:.0f} MB: checked in {took:.1f} s ({cpu:.1f} CPU s)")
        print(f"peak memory {after.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
