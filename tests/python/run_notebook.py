"""Runs the code cells of a notebook, one after the other, in this interpreter and without a screen.

usage: run_notebook.py NOTEBOOK
"""

import json
import sys

import matplotlib

matplotlib.use("Agg")
with open(sys.argv[1], encoding="utf-8") as file:
    notebook = json.load(file)
names = {}
for cell in notebook["cells"]:
    if cell["cell_type"] == "code":
        assert not cell["outputs"], "clear the outputs before committing"
        exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
