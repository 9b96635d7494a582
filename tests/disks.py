"""Disks for tests: mounted, filled to the last byte, and such as do not tell case apart. What is not allowed here is skipped."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

EXFAT_BYTES = 64_000_000


@contextmanager
def mounted(*arguments: str | Path) -> Iterator[None]:
    """``mount`` with these arguments, the last of which is the place."""
    done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", arguments[-1]], check=True)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """A mounted place that nobody may write to for a while."""
    subprocess.run(["mount", "-o", "remount,bind,ro", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,bind,rw", place], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left on a disk for a while."""
    ballast = disk / "ballast.bin"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                _write_on(file, b"x" * size)
    try:
        yield
    finally:
        ballast.unlink()


def _write_on(file: IO[bytes], content: bytes) -> None:
    while True:
        file.write(content)


@contextmanager
def exfat(folder: Path) -> Iterator[Path]:
    """A disk of exFAT, as memory cards and sticks have it: `A.txt` and `a.txt` are one file there; needs root and FUSE."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("losetup", "mkfs.exfat", "mount.exfat-fuse"))):
        pytest.skip("root, losetup, mkfs.exfat and mount.exfat-fuse make a disk that does not tell case apart")
    image, place = folder / "exfat.img", folder / "exfat"
    with image.open("wb") as file:
        file.truncate(EXFAT_BYTES)
    place.mkdir()
    device = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
    if device.returncode:
        pytest.skip(f"no loop device: {device.stderr.strip()}")
    name = device.stdout.strip()
    try:
        subprocess.run(["mkfs.exfat", name], check=True, capture_output=True)
        if subprocess.run(["mount.exfat-fuse", name, place], capture_output=True, check=False).returncode:
            pytest.skip("FUSE is not allowed here")
        try:
            yield place
        finally:
            subprocess.run(["umount", place], check=True)
    finally:
        with suppress(subprocess.CalledProcessError):
            subprocess.run(["losetup", "--detach", name], check=True, capture_output=True)
