"""``python -m sim``: the plain Hydra application."""

from sim.app.hydra_app import main

if __name__ == "__main__":
    main()
