"""Traces reach a collector that speaks OTLP, say what happened, and nothing of what was asked in words."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.errors import ProviderError
from app.llm.build import of
from app.llm.providers.scripted import Scripted
from app.main import create_app
from app.services.runtime import Runtime
from app.settings import settings
from tests.api.serving import listening
from tests.services.model_pieces import played

SECRET = "zebracrossing"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The address of an OTLP collector, and what was sent to it."""
    pytest.importorskip("opentelemetry.sdk")
    sent: list[bytes] = []

    class Collects(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            sent.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Collects) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", sent
        finally:
            server.shutdown()
            thread.join()


def spans(sent: list[bytes]) -> list[Any]:
    """All spans that were sent."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    found = []
    for body in sent:
        request = ExportTraceServiceRequest()
        request.ParseFromString(body)
        found += [span for rows in request.resource_spans for scope in rows.scope_spans for span in scope.spans]
    return found


def attributes(span: Any) -> dict[str, Any]:
    """As plain values."""
    return {row.key: getattr(row.value, row.value.WhichOneof("value")) for row in span.attributes}


def test_a_request_and_its_attempts_are_spans(tmp_path: Path) -> None:
    """One within the other, in the caller's own trace, with outcome, model and cost; no word of the description."""
    down = ProviderError(f"nobody listens to {SECRET}", "unreachable")
    good = Scripted([played("jazz", num_bars=4)], model="large")
    llm = of([("small", Scripted([down], model="small"), 9), ("large", good, 10)])
    with collector() as (endpoint, sent):
        chosen = settings({"OCTET_DATA_DIR": str(tmp_path), "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
        with (
            listening(create_app(chosen, Runtime(models=lambda: llm))) as url,
            httpx.Client(base_url=url, trust_env=False) as client,
        ):
            body = {"description": SECRET, "key": "C", "num_bars": 4, "seed": 1}
            made = client.post(f"/v1/generate/jazz?{SECRET}", json=body, headers={"traceparent": PARENT}, timeout=30)
            client.get(f"/v1/genres/{SECRET}")
        found = {span.name: span for span in spans(sent)}
    asked, small, large = found["POST /v1/generate/jazz"], found["attempt small"], found["attempt large"]

    assert made.json()["generation_method"] == "large"
    assert attributes(asked)["http.response.status_code"] == 200
    assert attributes(asked)["octet.request_id"] == made.headers["x-request-id"]
    assert attributes(found["GET /v1/genres/{genre}"])["http.response.status_code"] == 404
    assert asked.trace_id.hex() == PARENT.split("-")[1]
    assert {small.parent_span_id, large.parent_span_id} == {asked.span_id}
    assert (attributes(small)["octet.outcome"], attributes(large)["octet.outcome"]) == ("skipped", "accepted")
    assert small.start_time_unix_nano <= large.start_time_unix_nano <= large.end_time_unix_nano <= asked.end_time_unix_nano
    assert all(SECRET.encode() not in body for body in sent)


def test_nothing_is_imported_where_no_traces_are_wanted(tmp_path: Path) -> None:
    """The library is not there for those who do not ask for it."""
    code = (
        "import sys; from app.main import create_app; from app.settings import settings; create_app(settings({})); "
        "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0
