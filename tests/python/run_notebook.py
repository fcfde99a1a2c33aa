"""Runs a notebook in a kernel of this interpreter, in the current folder; fails with the error of the cell that fails.

usage: run_notebook.py NOTEBOOK [EXECUTED]

EXECUTED is the path for the notebook with the outputs of its cells.
"""

import os
import sys
import tempfile

# Kernels write files to the user's folders: history, connections.
folder = tempfile.TemporaryDirectory()
os.environ |= {"IPYTHONDIR": folder.name, "JUPYTER_RUNTIME_DIR": folder.name}

import nbformat  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from traitlets.config import Config  # noqa: E402

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
for cell in notebook.cells:
    if cell.cell_type == "code":
        assert not cell.outputs and cell.execution_count is None, f"{cell.id}: clear the outputs before committing"

# Sockets in this folder are used instead of ports, which others could reach.
config = Config({"KernelManager": {"transport": "ipc", "ip": os.path.join(folder.name, "kernel")}})
resources = {"metadata": {"path": os.getcwd()}}
NotebookClient(notebook, timeout=None, kernel_name="python3", resources=resources, config=config).execute()
if len(sys.argv) > 2:
    nbformat.write(notebook, sys.argv[2])
