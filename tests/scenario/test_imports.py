"""Loading a scenario stays light: the command line does it before anything else."""

import subprocess
import sys

HEAVY = ("numba", "mesa", "pandas", "matplotlib", "scipy", "numpy")


def test_importing_and_loading_brings_in_nothing_heavy() -> None:
    program = (
        "import sys; from race_sim.scenario import load; load('frozen_red', ['teams.skill=0.5']).to_toml(); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
