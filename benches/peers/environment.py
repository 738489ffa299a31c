"""The virtual environment of the peers."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

DEFAULT = Path.home() / ".cache" / "rejoinder-peers"


def python_in(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(environment: Path, packages: dict[str, str]) -> None:
    """Makes the environment unless it is there, and installs what it lacks of the packages."""
    python = python_in(environment)
    if not python.exists():
        venv.create(environment, with_pip=True)
    pins = [f"{name}=={version}" for name, version in packages.items()]
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins], check=True)


def enter(environment: Path, packages: dict[str, str], **variables: str) -> None:
    """Runs this program again inside the environment and exits with its code; returns when it is inside already."""
    environment = environment.expanduser().resolve()
    if Path(sys.prefix).resolve() != environment:
        install(environment, packages)
        command = [python_in(environment), Path(sys.argv[0]).resolve(), *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | variables, check=False).returncode)
