"""How fast the simulation is, as ratios to something on the same machine. Run by `make bench`; never part of the tests."""
