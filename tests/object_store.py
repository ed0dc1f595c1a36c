"""A real S3 API on loopback, for tests of what stands in object stores."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

BUCKET = "runs"


@contextmanager
def s3_on_loopback() -> Iterator[Mapping[str, str]]:
    """Give the environment variables with which a new, empty bucket is reached; they are set already."""
    s3fs = pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    variables = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir(BUCKET)
        yield {**os.environ}
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()
