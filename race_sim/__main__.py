"""`python -m race_sim` is `race-sim`."""

from race_sim.cli import main

if __name__ == "__main__":
    main()
