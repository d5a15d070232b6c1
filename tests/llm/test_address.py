"""Which servers are local, which are paid for, and which addresses are refused; and that keys stay secret."""

from __future__ import annotations

import copy
import pickle

import pytest

from app.errors import RequestError
from app.llm.address import is_local, runs_elsewhere
from app.llm.build import build
from app.llm.config import LLMSettings, ProviderSettings, TierSettings
from app.llm.secret import Secret

NAMES = {"ollama": ("172.18.0.5",), "mixed": ("10.0.0.1", "8.8.8.8"), "evil": ("169.254.169.254",)}


def resolve(host: str) -> tuple[str, ...]:
    """A resolver with three names."""
    return NAMES.get(host, ())


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:11434", True), ("http://localhost:1234/v1", True), ("http://[::1]:8080", True),
        ("http://192.168.1.7:11434", True), ("http://10.1.2.3", True), ("http://172.31.0.9", True), ("http://[fd00::1]", True),
        ("http://100.100.1.1:11434", True), ("http://[::ffff:127.0.0.1]", True), ("http://ollama:11434", True),
        ("https://192.168.1.7", True), ("https://api.openai.com/v1", False), ("https://ollama", False),
        ("https://8.8.8.8", False),
    ],
)  # fmt: skip
def test_local_is_loopback_and_private(url: str, local: bool) -> None:
    """Names behind https are elsewhere; a name behind plain http is looked up."""
    assert is_local(url, resolve) is local


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8", "http://example.com", "http://mixed", "http://evil", "http://169.254.169.254/latest", "http://0.0.0.0:11434",
        "http://[fe80::1]", "http://[::]", "http://224.0.0.1", "https://169.254.169.254", "ftp://127.0.0.1", "127.0.0.1:11434",
        "file:///etc/passwd", "", "http://", "http://nobody", "http://[::ffff:169.254.169.254]",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    """Plain http leaves no private network; link-local, metadata and wildcard addresses are nobody's server."""
    with pytest.raises(RequestError, match="server address"):
        is_local(url, resolve)


def test_a_refused_address_tells_no_password() -> None:
    """The error names the host alone."""
    with pytest.raises(RequestError) as caught:
        is_local("http://user:hunter2@example.com/?key=sk-1", resolve)

    assert "hunter2" not in str(caught.value)
    assert "sk-1" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "model", "elsewhere"),
    [
        ("ollama", "phi3.5", False), ("ollama", "llama3.3:70b", False), ("ollama", "qwen3.5:cloud", True),
        ("ollama", "gpt-oss:120b-cloud", True), ("ollama", "mycloud", False), ("openai", "x:cloud", False),
    ],
)  # fmt: skip
def test_a_local_server_may_pass_questions_on(kind: str, model: str, elsewhere: bool) -> None:
    """Ollama's cloud tags are not local, whatever the address says."""
    assert runs_elsewhere(kind, model) is elsewhere
    llm = build(LLMSettings((ProviderSettings("o", kind, "http://127.0.0.1:1"),), (TierSettings("m", "o", model),)))
    assert llm.rungs[0].local is not elsewhere
    assert llm.rungs[0].paid is elsewhere


def test_what_is_said_of_a_server_is_believed_but_plain_http_stays_at_home() -> None:
    """`local = true` makes a server behind https local; it does not send a prompt over the internet in the clear."""
    tier = (TierSettings("m", "s", "model"),)
    llm = build(LLMSettings((ProviderSettings("s", "openai", "https://llm.lan", local=True),), tier))
    assert llm.rungs[0].local

    with pytest.raises(RequestError, match="plain http"):
        build(LLMSettings((ProviderSettings("s", "openai", "http://8.8.8.8", local=True),), tier))


def test_a_key_is_shown_by_nothing() -> None:
    """Not by print, repr, formatting, a settings value, nor a pickle; equality and truth still work."""
    key = Secret("sk-canary")
    settings = ProviderSettings("x", "openai", key=key)

    for shown in (str(key), repr(key), f"{key}", f"{settings}", f"{[key]}"):
        assert "canary" not in shown
    assert key == Secret("sk-canary")
    assert {key: 1}[Secret("sk-canary")] == 1
    assert not Secret()
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)
    with pytest.raises(TypeError, match="not pickled"):
        copy.deepcopy(key)
