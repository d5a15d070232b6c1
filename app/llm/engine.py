"""The child process of an embedded model: `python -m app.llm.engine MODEL.gguf CONTEXT THREADS`. It ends when its parent does."""

from __future__ import annotations

import json
import sys
from importlib import import_module

READY = "octet engine "


def main(path: str, context: str, threads: str) -> int:
    """Serve the model on a loopback port, say which on stdout, and stay until stdin closes.

    The first line of stdin is the key without which it answers nobody: other users of the machine reach the port too.
    """
    xllamacpp = import_module("xllamacpp")

    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.n_ctx = int(context)
    parameters.n_parallel = 1
    parameters.warmup = False
    if int(threads):
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(threads)
    parameters.verbosity = -1
    parameters.api_keys = [sys.stdin.readline().strip()]
    server = xllamacpp.Server(parameters)
    sys.stdout.write(READY + json.dumps({"url": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:4]))
