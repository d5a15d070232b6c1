"""Files, wherever a URL says: a folder, `s3://bucket/prefix`, `memory://`, what else fsspec knows. Each is whole or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from app.errors import RequestError, StoreError, ToolMissing
from app.store.faults import UNREACHABLE, told

OPTIONS: Final[dict[str, dict[str, Any]]] = {  # scheme → how its file system is made  (Any: fsspec's options)
    "s3": {
        "config_kwargs": {"connect_timeout": 3, "read_timeout": 10, "retries": {"max_attempts": 2}},
        "use_listings_cache": False,
    },
}


class Files:
    """Opened when first used. All methods wait for disk or network: call them in a thread. They raise StoreError, StoreFull."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opened: tuple[Any, str] | None = None  # Any: fsspec's file system, untyped; the folder in it

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in the place of one that is there. It is on the disk when this returns."""
        with _as_ours():
            system, folder = self._open()
            if isinstance(system.protocol, tuple) and "file" in system.protocol:
                write_through(os.path.join(folder, name), content)
            else:
                system.pipe_file(f"{folder}/{name}", content)

    def read(self, name: str) -> bytes | None:
        """A file's content, None where there is no such file."""
        with _as_ours():
            system, folder = self._open()
            try:
                found: bytes = system.cat_file(f"{folder}/{name}")
            except FileNotFoundError:
                return None
            return found

    def delete(self, name: str) -> None:
        """Have no such file."""
        with _as_ours():
            system, folder = self._open()
            with suppress(FileNotFoundError):
                system.rm_file(f"{folder}/{name}")

    def _open(self) -> tuple[Any, str]:
        if self._opened is None:
            self._opened = _system(self._url)
        return self._opened


def _system(url: str) -> tuple[Any, str]:
    """Raises RequestError for a URL that fsspec cannot read, ToolMissing for one that needs another library."""
    import fsspec

    scheme = url.partition("://")[0] if "://" in url else "file"
    try:
        system, folder = fsspec.core.url_to_fs(url, **OPTIONS.get(scheme, {}))
    except ImportError:
        advice = "pip install 'octet-music[s3]'" if scheme == "s3" else f"install what fsspec needs for {scheme}://"
        raise ToolMissing(f"OCTET_FILES_URL: {scheme}:// needs a library that is not installed: {advice}") from None
    except ValueError as error:
        raise RequestError(f"OCTET_FILES_URL: {error}: write a folder, or s3://BUCKET/PREFIX", "files_url") from None
    return system, folder.rstrip("/")


@contextmanager
def _as_ours() -> Iterator[None]:
    """Network libraries raise what they like: that the file could not be had is all that can be told."""
    try:
        yield
    except (StoreError, RequestError, ToolMissing):
        raise
    except OSError as error:
        raise told(error) from error
    except Exception as error:
        raise StoreError(UNREACHABLE) from error


def write_through(path: str, content: bytes) -> None:
    """Write beside its place, through to the disk, and move into it. Raises OSError."""
    folder, name = os.path.split(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    draft = os.path.join(folder, f".{name}.{os.urandom(4).hex()}.part")
    try:
        with open(draft, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
        _sync_folder(folder)
    finally:
        with suppress(OSError):
            os.unlink(draft)


def _sync_folder(folder: str) -> None:
    """So that the new name is on the disk too, where folders can be synchronised."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
