"""A stamp says with which inputs a step was last finished, so that it is not done twice."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from tooling import paths


def digest(*parts: str | bytes) -> str:
    """Return a short hash of the parts; the borders between parts count."""
    hashed = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        hashed.update(str(len(raw)).encode() + b":" + raw)
    return hashed.hexdigest()[:20]


def digest_files(files: Iterable[Path], base: Path) -> str:
    """Return a hash of the files' names below ``base`` and of their contents."""
    parts: list[str | bytes] = []
    for file in sorted(files):
        parts += [str(file.relative_to(base)), file.read_bytes()]
    return digest(*parts)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    half.write_text(text)
    half.replace(path)


class Stamp:
    """The memory of one step, a file below ``.local/stamps``."""

    def __init__(self, name: str, *inputs: str | bytes, folder: Path | None = None):
        self.path = (folder or paths.STAMPS) / name
        self.value = digest(*inputs)

    def is_fresh(self) -> bool:
        """True when the step was finished with the same inputs."""
        try:
            return self.path.read_text().strip() == self.value
        except FileNotFoundError:
            return False

    def write(self) -> None:
        """Remember that the step is finished with these inputs."""
        write_whole(self.path, self.value + "\n")

    def remove(self) -> None:
        """Forget the step, before it is done anew."""
        self.path.unlink(missing_ok=True)
