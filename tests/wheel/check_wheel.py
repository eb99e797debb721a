"""Check an installed wheel; run it with the Python of an environment that holds the wheel."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = {
    "race_sim": ".",
    "seeds": "seeds",
    "experiments": "experiments",
}  # folder here: folder in the package


def sources(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def check_files(package: Path) -> int:
    """Every file of the package, the seeds and the experiments is there, byte for byte."""
    count = 0
    for folder, place in SHIPPED.items():
        files = sources(REPOSITORY / folder)
        assert files, f"nothing to ship in {folder}/"
        for source in files:
            installed = package / place / source.relative_to(REPOSITORY / folder)
            assert installed.is_file(), f"not in the wheel: {source.relative_to(REPOSITORY)}"
            assert installed.read_bytes() == source.read_bytes(), f"differs in the wheel: {installed}"
            count += 1
    assert list((package / "scenario" / "library").glob("*.toml")), "no library scenario in the wheel"
    return count


def check_command(*command: str) -> str:
    """The command succeeds; returns what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def main() -> None:
    package = Path(str(import_module("race_sim").__file__)).parent
    assert REPOSITORY not in package.parents, f"race_sim was imported from the source tree, not the wheel: {package}"
    print(f"race-sim {version('race-sim')}: {check_files(package)} files shipped as they are in the repository")

    race_sim = str(Path(sysconfig.get_path("scripts")) / "race-sim")
    check_command(sys.executable, "-m", "race_sim", "--help")
    result = json.loads(check_command(race_sim, "run", "baseline", "--weeks", "5", "--check", "--json"))
    assert result, "race-sim run --json printed no result"
    print("race-sim run baseline --weeks 5 --check --json works")


if __name__ == "__main__":
    main()
