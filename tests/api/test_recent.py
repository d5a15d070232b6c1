"""What was read a moment ago is answered again at once, to its owner alone, and never after it was deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from starlette.types import Message, Receive, Scope, Send

from app.api.caller import PLACE, Caller
from app.api.recent import Recent

ONE, TWO = "01a1fece-5b32-7a38-8087-60748e893b4b", "01a1fece-5b32-7a38-8087-60748e893b4c"


class Store:
    """What lies behind: answers with the texts it holds, and counts how often it was asked."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {f"{owner}{id}": f"{owner}'s {id}".encode() for owner in "ab" for id in (ONE, TWO)}
        self.asked = 0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """An answer."""
        self.asked += 1
        key = scope[PLACE].owner + scope["path"].rpartition("/")[2]
        if scope["method"] == "DELETE":
            self.texts.pop(key, None)
        body = self.texts.get(key)
        await send({"type": "http.response.start", "status": 200 if body else 404, "headers": []})
        await send({"type": "http.response.body", "body": body or b""})


class Reader:
    """Asks a layer in front of a store, at a time that a test sets."""

    now = 0.0

    def __init__(self) -> None:
        self.store = Store()
        self.recent = Recent(self.store, lambda: self.now)

    def ask(self, owner: str, id: str, method: str = "GET", scopes: str = "read") -> tuple[int, bytes]:
        """Status and body."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        caller = Caller(owner, frozenset([scopes]))
        scope = {"type": "http", "method": method, "path": f"/v1/generations/{id}", "query_string": b"", PLACE: caller}
        asyncio.run(self.recent(scope, receive, send))
        return sent[0]["status"], sent[1]["body"]


def test_what_was_just_read_is_not_asked_of_the_store_again() -> None:
    """For a second; then it is, as another process may have deleted it."""
    reader = Reader()
    answers = {reader.ask("a", ONE) for _ in range(10)}

    assert answers == {(200, reader.store.texts[f"a{ONE}"])}
    assert reader.store.asked == 1
    del reader.store.texts[f"a{ONE}"]
    reader.now = 1.0
    assert reader.ask("a", ONE)[0] == 404


def test_everybody_has_answers_of_their_own() -> None:
    """Another owner's are never given, nor anything to a key that may not read."""
    reader = Reader()

    def rows() -> Iterator[tuple[int, bytes]]:
        for owner in "abcab":
            yield reader.ask(owner, ONE)

    assert [body[:1] for _, body in rows()] == [b"a", b"b", b"", b"a", b"b"]
    asked = reader.store.asked
    reader.ask("a", ONE, scopes="generate")
    assert reader.store.asked == asked + 1


def test_what_is_deleted_or_changed_is_forgotten_at_once() -> None:
    """Other generations are still known."""
    reader = Reader()
    for id in (ONE, TWO):
        reader.ask("a", id)
    reader.ask("a", ONE, "DELETE")
    asked = reader.store.asked

    assert reader.ask("a", TWO)[0] == 200
    assert reader.store.asked == asked
    assert reader.ask("a", ONE)[0] == 404


def test_memory_is_bounded() -> None:
    """The oldest go."""
    reader = Reader()
    for number in range(40):
        id = f"01a1fece-5b32-7a38-8087-{number:012x}"
        reader.store.texts[f"a{id}"] = b"x" * 1_000_000
        reader.ask("a", id)

    assert len(reader.recent._kept) == 16
    assert reader.recent._bytes == 16_000_000
