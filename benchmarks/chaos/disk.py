"""The data directory of the deployment: a small disk of its own where that can be had."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

#: size of the disk, and what is written at once to fill it (bytes)
SIZE, CHUNK = 320_000_000, 4_194_304


class Disk:
    """A folder; with root's rights a tmpfs of its own, which can be filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        self.is_small = _mount(folder)
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Take all that is free."""
        size = CHUNK
        with self._ballast.open("ab", buffering=0) as file:
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2  # what is left is less than that

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def remove(self) -> None:
        if self.is_small:
            subprocess.run(["umount", "--lazy", self.folder], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def _mount(folder: Path) -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    options = f"size={SIZE},mode=755"
    command = ["mount", "-t", "tmpfs", "-o", options, "feedmill-chaos", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
