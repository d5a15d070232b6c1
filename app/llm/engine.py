"""The child process of an embedded model: `python -m app.llm.engine MODEL.gguf CONTEXT`. It ends when its parent does."""

from __future__ import annotations

import json
import sys
from importlib import import_module

READY = "octet engine "


def main(path: str, context: str) -> int:
    """Serve the model on a loopback port, say which on stdout, and stay until stdin closes."""
    xllamacpp = import_module("xllamacpp")

    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.n_ctx = int(context)
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.verbosity = -1
    server = xllamacpp.Server(parameters)
    sys.stdout.write(READY + json.dumps({"url": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:3]))
