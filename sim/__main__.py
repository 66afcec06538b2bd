# ruff: noqa: PTH109, PTH118, PTH120
"""``python -m sim``: the plain Hydra application."""

import os
import sys

if __name__ == "__main__":
    # not by pathlib, which itself could be a file of the working folder
    HERE, OWN = (os.path.realpath(path) for path in (os.getcwd(), os.path.join(os.path.dirname(__file__), "..")))
    if HERE != OWN:  # Python looks there first, and a folder may come by mail: no code of it runs, as hydra_plugins
        sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or os.curdir) != HERE]
    os.environ["PYTHONSAFEPATH"] = "1"  # nor in the processes that launchers start

    from sim.app.hydra_app import main

    main()
