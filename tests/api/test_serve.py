"""`octet serve` as a process: it starts, refuses what is not safe, follows its settings, and ends with all that it started."""

from __future__ import annotations

import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from app.settings import settings
from tests.api.modelled import FILE, LABEL, MODEL, PIECE
from tests.api.processes import answering, client_of, environment, family, free_port, started
from tests.api.serving import key_for
from tests.store.conftest import Postgres, postgres

__all__ = ["postgres"]
WATCH = """
import os, sys
def watch(event, arguments):
    if event.startswith(("socket.connect", "socket.get", "socket.send")):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {arguments[1:]}\\n")
sys.addaudithook(watch)
sys.modules["uvloop"] = None  # it connects without telling
"""
RULES = 'strategy = "rules_only"\n'
ENDED = (0, -signal.SIGTERM, 128 + signal.SIGTERM)


def test_it_ends_on_sigterm_even_with_half_a_body_under_way(tmp_path: Path) -> None:
    """A client that stops sending holds nothing up."""
    port = free_port()
    with started(tmp_path, "--port", str(port)) as process:
        with client_of(port, process) as client:
            assert client.post("/v1/generate/blues", json={"seed": 1}).status_code == 200
        workers = family(process)
        with socket.create_connection(("127.0.0.1", port)) as slow:
            head = "POST /v1/generate/jazz HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Content-Length: 50"
            slow.sendall("\r\n".join([*head, "", "{"]).encode())
            process.send_signal(signal.SIGTERM)

            assert process.wait(30) in ENDED
    assert workers
    assert not psutil.wait_procs(workers, timeout=10)[1]


def test_nothing_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    """Its workers end by themselves."""
    port = free_port()
    with started(tmp_path, "--port", str(port)) as process:
        with client_of(port, process) as client:
            client.post("/v1/generate/blues", json={"seed": 1})
        workers = family(process)
        process.kill()
        process.wait(10)

        assert workers
        assert not psutil.wait_procs(workers, timeout=10)[1]


def test_nothing_is_asked_of_the_network_at_the_start(tmp_path: Path) -> None:
    """Not by the service nor by its workers: only a request that wants a model looks for one."""
    port, watched = free_port(), tmp_path / "watched"
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    watching = {"PYTHONPATH": str(tmp_path), "WATCHED": str(watched)}
    looking = {"OCTET_STRATEGY": "hybrid", "OCTET_LOOK": str(free_port())}
    with started(tmp_path, "--port", str(port), **watching, **looking) as process, client_of(port, process) as client:
        assert client.get("/readyz").json()["status"] == "ready"
        assert client.post("/v1/generate/blues", json={"strategy": "rules_only"}).status_code == 200
        assert not watched.exists()
        client.get("/v1/llm/doctor")
        assert "socket.connect" in watched.read_text()


def test_what_is_under_way_is_answered_after_sigterm(tmp_path: Path) -> None:
    """Every request that had begun, and no new one."""
    port, count = free_port(), 8
    with started(tmp_path, "--port", str(port)) as process, client_of(port, process) as client:
        client.post("/v1/generate/jazz", json={"num_bars": 4})
        with ThreadPoolExecutor(count) as many:
            asking = [many.submit(client.post, "/v1/generate/jazz", json={"num_bars": 192, "seed": i}) for i in range(count)]
            time.sleep(0.3)  # all of them have been sent
            process.send_signal(signal.SIGTERM)

            assert [asked.result().status_code for asked in asking] == [200] * count
        assert process.wait(30) in ENDED
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)


def test_a_unix_socket_is_for_its_user_and_group(tmp_path: Path) -> None:
    """It answers there, and others of the machine may not write to it."""
    path = tmp_path / "s"
    transport = httpx.HTTPTransport(uds=str(path))
    with (
        started(tmp_path, "--uds", str(path)) as process,
        httpx.Client(transport=transport, base_url="http://localhost") as client,
    ):
        while not path.exists():  # a client that finds no socket would leave its own open
            assert process.poll() is None
            time.sleep(0.05)
        answering(client, process)
        mode = stat.S_IMODE(path.stat().st_mode)

    assert not mode & 0o007


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "octet keys create"),
        (("--host", "::"), "octet keys create"),
        (("--port", "65536"), "0 to 65535"),
        (("--port", "x"), "0 to 65535"),
        (("--workers", "0"), "1 to 64"),
        (("jazz",), "options alone"),
    ],
)
def test_what_is_not_safe_is_refused_in_one_line(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """Beyond loopback nobody is let in without keys."""
    refused = refusal(tmp_path, *options)

    assert refused.returncode == 2
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1


def refusal(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What is said of options that cannot be."""
    command = [sys.executable, "-m", "app.cli", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(folder), timeout=60)


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    """It is no wrong request, but cannot be done."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = refusal(tmp_path, "--port", str(taken.getsockname()[1]))

    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_beyond_this_machine_a_key_must_be_shown(tmp_path: Path) -> None:
    """On loopback too, and by whichever name it is called."""
    key = key_for(settings(environment(tmp_path)), "studio")
    port = free_port()
    with started(tmp_path, "--host", "0.0.0.0", "--port", str(port)) as process, client_of(port, process) as client:
        assert client.get("/v1/genres").status_code == 401
        named = {"Authorization": f"Bearer {key}", "Host": "music.example"}
        assert client.get("/v1/genres", headers=named).status_code == 200


def test_a_changed_file_and_sighup_are_followed_without_a_restart(tmp_path: Path) -> None:
    """A new model is asked; a broken file leaves what there was."""

    port, file = free_port(), tmp_path / "octet.toml"
    file.write_text(RULES, encoding="utf-8")
    with (
        started(tmp_path, "--port", str(port), OCTET_CONFIG=str(file), OCTET_STRATEGY="") as process,
        client_of(port, process) as client,
    ):
        assert labels(client) == []
        nobody = f"http://127.0.0.1:{free_port()}"
        file.write_text(FILE.format(kind="ollama", url=nobody, label=LABEL, model=MODEL), encoding="utf-8")
        until(lambda: labels(client) == [LABEL])
        answer = client.post("/v1/generate/jazz", json=PIECE).json()
        assert (answer["generation_method"], answer["attempts"][0]["outcome"]) == ("rule-based", "unreachable")
        file.write_text("strategy = [", encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        client.post("/v1/generate/jazz", json=PIECE | {"strategy": "rules_only"})
        assert labels(client) == [LABEL]
        file.write_text(RULES, encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        until(lambda: labels(client) == [])


def labels(client: httpx.Client) -> list[str]:
    """The models that there are."""
    return [row["label"] for row in client.get("/v1/llm").json()["models"]]


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    late = time.monotonic() + 20
    while not true():
        assert time.monotonic() < late
        time.sleep(0.05)


def test_several_workers_share_what_they_keep_and_count(tmp_path: Path, postgres: Postgres) -> None:
    """A generation is found, and counted, by whichever is asked; one that dies is replaced; all end together."""
    port = free_port()
    url = postgres.url("workers")
    with started(tmp_path, "--port", str(port), "--workers", "2", OCTET_DATABASE_URL=url) as process:
        with client_of(port, process) as client:
            made = client.post("/v1/generate/jazz", json={"seed": 1}).json()
            statuses = []
            for _ in range(8):
                with httpx.Client(base_url=client.base_url, trust_env=False) as another:
                    statuses.append(another.get(made["links"]["self"]).status_code)
            count = client.get("/v1/stats").json()["rule_based_generations"]
            for _ in range(5):
                with httpx.Client(base_url=client.base_url, trust_env=False) as another:
                    another.post("/v1/generate/blues", json={"num_bars": 4})
            until(lambda: client.get("/v1/stats").json()["rule_based_generations"] == count + 5)
            made_line = 'octet_generations_total{genre="blues",method="rule-based"} 5'
            for _ in range(4):
                with httpx.Client(base_url=client.base_url, trust_env=False) as another:
                    assert made_line in another.get("/metrics").text
            assert client.post("/v1/stats/reset").json()["by_genre"]["blues"]["rule_based_generations"] == 0
            everyone = family(process)
            first = psutil.Process(process.pid).children()[0]
            first.kill()
            answering(client, process)

            assert statuses == [200] * 8
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in ENDED
        assert not psutil.wait_procs(everyone, timeout=20)[1]


def test_several_workers_end_when_their_parent_is_killed(tmp_path: Path, postgres: Postgres) -> None:
    """They, and what makes music for them."""
    port = free_port()
    with started(tmp_path, "--port", str(port), "--workers", "2", OCTET_DATABASE_URL=postgres.url("orphans")) as process:
        with client_of(port, process) as client:
            assert client.post("/v1/generate/blues", json={"num_bars": 4}).status_code == 200
        everyone = family(process)
        process.kill()
        process.wait(10)

        assert len(everyone) >= 2
        assert not psutil.wait_procs(everyone, timeout=20)[1]
