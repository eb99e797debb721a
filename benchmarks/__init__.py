"""How fast the simulation is, beside something else on the same machine. Run by `make bench`; no part of the tests."""
