"""The system calls that durability rests on, in one place so that a test can make them fail."""

import os
from pathlib import Path


class Disk:
    """Files and folders as the operating system has them."""

    def create(self, path: Path) -> int:
        """Open a new file for appending; fails when it exists."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        return os.open(path, flags, 0o600)

    def write(self, descriptor: int, data: bytes) -> None:
        """Append all of the data."""
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]

    def sync(self, descriptor: int) -> None:
        """Wait until the file's data is on the device."""
        os.fdatasync(descriptor)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file to a size."""
        os.ftruncate(descriptor, size)

    def sync_folder(self, folder: Path) -> None:
        """Wait until names that were made, moved or removed in the folder are on the device."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, replacing what has it."""
        source.rename(target)

    def free(self, folder: Path) -> int:
        """Bytes that may still be written there."""
        found = os.statvfs(folder)
        return found.f_bavail * found.f_frsize

    def same(self, descriptor: int, path: Path) -> bool:
        """Whether the path still leads to the open file or folder."""
        opened = os.fstat(descriptor)
        try:
            named = path.stat()
        except OSError:
            return False
        return opened.st_nlink > 0 and (opened.st_dev, opened.st_ino) == (
            named.st_dev,
            named.st_ino,
        )

    def replace(self, path: Path, data: bytes, *, durable: bool = True) -> None:
        """Put a file in place in one step: written beside it, synced, renamed."""
        beside = path.with_name(path.name + ".new")
        beside.unlink(missing_ok=True)
        descriptor = self.create(beside)
        try:
            self.write(descriptor, data)
            if durable:
                self.sync(descriptor)
        finally:
            os.close(descriptor)
        self.rename(beside, path)
        if durable:
            self.sync_folder(path.parent)
