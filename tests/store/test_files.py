"""Files in a folder, in memory and in S3 alike: whole or none."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import OctetError, StoreError, StoreFull
from app.store.files import Files


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket of an S3 server on this machine."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    variables = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    boto3.client("s3").create_bucket(Bucket="music")
    yield "s3://music/kept"
    server.stop()
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture(params=["folder", "memory", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """Nowhere a file yet."""
    if request.param == "folder":
        return Files(str(tmp_path / "files"))
    return Files("memory://octet-test" if request.param == "memory" else request.getfixturevalue("bucket"))


def test_a_file_is_written_read_replaced_and_deleted(files: Files) -> None:
    """What is not there is None, and deleting it is nothing."""
    assert files.read("ab/x.mid") is None
    files.write("ab/x.mid", b"MThd")
    files.write("ab/y.mid", bytes(100_000))
    assert files.read("ab/x.mid") == b"MThd"
    files.write("ab/x.mid", b"")
    assert files.read("ab/x.mid") == b""
    files.delete("ab/x.mid")
    files.delete("ab/x.mid")
    assert files.read("ab/x.mid") is None
    assert files.read("ab/y.mid") == bytes(100_000)
    files.delete("ab/y.mid")


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever step fails, and no draft is left."""
    files = Files(str(tmp_path))
    files.write("x.mid", b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, full)
            with pytest.raises(StoreFull, match="free some space"):
                files.write("x.mid", b"new")
        assert files.read("x.mid") == b"old"
        assert [path.name for path in tmp_path.iterdir()] == ["x.mid"]


def test_a_bucket_that_there_is_not_is_told(bucket: str) -> None:
    """As ours."""
    with pytest.raises(StoreError):
        Files("s3://nowhere/kept").write("x.mid", b"x")


@pytest.mark.parametrize("url", ["nosuch://x/y", "https://"])
def test_a_url_that_cannot_be_used_says_so(url: str) -> None:
    """One of ours, not a library's."""
    with pytest.raises(OctetError):
        Files(url).write("x.mid", b"x")
