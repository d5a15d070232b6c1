"""What is made is kept: found again, listed, had as a file in whole and in part, made anew, varied, spoken of, deleted."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import mido
import pytest

from app.render import FORMATS
from app.render.lint import lint
from schemas.kept import FeedbackResult, GenerationPage, VariationsResult
from schemas.result import GenerationResult

NOWHERE = "01a1fe98-6b53-7728-a6e0-0953b8510ab8"
PLAIN = {"Accept-Encoding": "identity"}
Made = Callable[..., dict[str, Any]]


@pytest.fixture
def made(client: httpx.Client) -> Made:
    """Make a piece: the result."""

    def make(genre: str = "jazz", **fields: object) -> dict[str, Any]:
        answer = client.post(f"/v1/generate/{genre}", json={"num_bars": 8, "seed": 7} | fields)
        assert answer.status_code == 200, answer.text
        whole: dict[str, Any] = answer.json()
        return whole

    return make


def tracks(result: GenerationResult) -> dict[str, list[str]]:
    """What each track of the file says."""
    import io

    return {track.name: list(map(str, track)) for track in mido.MidiFile(file=io.BytesIO(result.midi)).tracks[1:]}


def test_what_was_made_is_found_again_whole(client: httpx.Client, made: Made) -> None:
    """The same object as was answered, under the id that it was answered with, which is a UUID that sorts by time."""
    first, second = made(), made(seed=8)

    assert client.get(first["links"]["self"]).json() == first
    assert UUID(first["id"]).version == 7
    assert first["id"] < second["id"]
    assert first["lineage"] == {"how": "generate", "parent": "", "changed": {}}


def test_every_link_of_a_result_leads_somewhere(client: httpx.Client, made: Made) -> None:
    """Its file in each format, and what can be done with it: none of them is not found."""
    result = made()
    links = result["links"]

    assert set(FORMATS) | {"self", "regenerate", "vary", "feedback"} <= set(links)
    for name in FORMATS:
        assert client.get(links[name]).status_code == 200, name
    for name in ("regenerate", "vary", "feedback"):
        assert client.post(links[name], json={"unknown": 1}).status_code == 422, name


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_had_in_every_format(client: httpx.Client, made: Made, name: str) -> None:
    """With its media type, a name to save it by, and a strong validator by which the second request gets 304."""
    result, row = made(), FORMATS[name]
    file = client.get(f"/v1/generations/{result['id']}.{row.extension}", headers=PLAIN)

    assert (file.status_code, file.headers["content-type"].partition(";")[0]) == (200, row.media_type.partition(";")[0])
    assert file.headers["content-disposition"] == f'attachment; filename="jazz-7.{row.extension}"'
    assert file.headers["etag"].startswith('"')
    marks = [file.headers[f"x-octet-{name}"] for name in ("id", "seed", "method")]
    assert marks == [result["id"], "7", "rule-based"]
    for known in (file.headers["etag"], f'"other", W/{file.headers["etag"]}', "*"):
        again = client.get(result["links"][name], headers=PLAIN | {"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(result["links"][name], headers=PLAIN | {"If-None-Match": '"other"'}).content == file.content
    head = client.head(result["links"][name], headers=PLAIN)
    assert (head.headers["etag"], head.headers["content-length"], head.content) == (
        file.headers["etag"],
        str(len(file.content)),
        b"",
    )


def test_the_midi_file_is_the_one_in_the_result(client: httpx.Client, made: Made) -> None:
    """Byte for byte, and nothing to complain of in it."""
    result = made()
    file = client.get(result["links"]["midi"]).content

    assert file == base64.b64decode(result["midi_base64"])
    assert lint(file) == ()


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        ("bytes=0-3", 206, 0, 3),
        ("bytes=4-", 206, 4, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=0-9999999", 206, 0, None),
        ("bytes=-9999999", 206, 0, None),
        ("bytes=0-0", 206, 0, 0),
        ("bytes=9999999-", 416, 0, None),
        ("bytes=-0", 416, 0, None),
        ("bytes=5-4", 200, 0, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("lines=1-2", 200, 0, None),
        ("bytes=" + "1" * 400 + "-", 200, 0, None),
    ],
)
def test_a_part_of_a_file_is_had_by_its_range(
    client: httpx.Client, made: Made, wanted: str, status: int, first: int, last: int | None
) -> None:
    """As RFC 9110 has it: one range of bytes; outside of the file it is refused with the file's size, else unheeded."""
    link = made()["links"]["midi"]
    whole = client.get(link).content
    part = client.get(link, headers={"Range": wanted})

    assert part.status_code == status
    if status == 416:
        assert part.headers["content-range"] == f"bytes */{len(whole)}"
    else:
        assert part.content == whole[first : None if last is None else last + 1]
    if status == 206:
        assert part.headers["content-range"].endswith(f"/{len(whole)}")


def test_a_range_of_another_file_gets_the_whole(client: httpx.Client, made: Made) -> None:
    """`If-Range` with a validator that is not the file's."""
    link = made()["links"]["midi"]
    etag = client.get(link, headers=PLAIN).headers["etag"]

    assert client.get(link, headers={"Range": "bytes=0-3", "If-Range": etag}).status_code == 206
    assert client.get(link, headers={"Range": "bytes=0-3", "If-Range": '"other"'}).status_code == 200


def test_a_list_is_read_page_by_page(client: httpx.Client, made: Made) -> None:
    """The newest first, each once, whatever a page holds; `next` leads on."""
    ids = [made("reggae", seed=seed)["id"] for seed in range(5)]
    found: list[str] = []
    link = "/v1/generations?genre=reggae&limit=2"
    while link:
        page = GenerationPage.model_validate(client.get(link).json())
        assert len(page.generations) <= 2
        found += [row.id for row in page.generations]
        link = page.next

    assert found == ids[::-1]


def test_a_list_is_filtered_by_all_that_is_kept_of_a_generation(client: httpx.Client, made: Made) -> None:
    """Genre, application, method, parent, and when it was made."""
    early = made("blues", application="shuffle")
    late = made("blues", seed=9)
    anew = client.post(late["links"]["regenerate"], json={"parts": ["bass"]}).json()

    def ids(**filters: str) -> list[str]:
        rows = client.get("/v1/generations", params={"genre": "blues"} | filters).json()["generations"]
        return [row["id"] for row in rows]

    assert ids() == [anew["id"], late["id"], early["id"]]
    assert ids(application="shuffle")[-1] == early["id"]
    assert ids(method="rule-based") == ids()
    assert ids(method="other") == ids(genre="polka") == []
    assert ids(parent=late["id"]) == [anew["id"]]
    assert ids(since=late["created"]) == [anew["id"], late["id"]]
    assert ids(until=late["created"]) == [early["id"]]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "since=yesterday", "since=2026-11-21T10:00:00", "cursor=@", "colour=red", "genre=%00"],
)
def test_a_list_that_cannot_be_is_refused(client: httpx.Client, query: str) -> None:
    """With the field at fault."""
    refused = client.get(f"/v1/generations?{query}")

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == query.partition("=")[0]


def test_one_part_is_made_anew_and_no_other_note_changes(client: httpx.Client, made: Made) -> None:
    """A generation of its own, that says what it was made from; the same seed makes the same again."""
    before = GenerationResult.model_validate(made())
    asked = {"parts": ["bass"], "seed": 99}
    after, again = (GenerationResult.model_validate(client.post(before.links["regenerate"], json=asked).json()) for _ in range(2))
    old, new = tracks(before), tracks(after)

    assert {name for name in old if old[name] != new[name]} == {"Bass"}
    assert after.chords == before.chords
    assert after.lineage is not None
    assert after.lineage.model_dump() == {
        "how": "regenerate", "parent": before.id, "changed": {"parts": ["bass"], "sections": [], "seed": 99},
    }  # fmt: skip
    assert (again.id != after.id, again.midi) == (True, after.midi)
    file = client.post(before.links["regenerate"], json=asked, headers={"Accept": "audio/midi"})
    assert (file.content, file.headers["content-type"], file.headers["x-octet-seed"]) == (
        after.midi,
        "audio/midi",
        str(after.seed),
    )
    assert client.post(before.links["regenerate"], json=asked, headers={"Accept": "text/html"}).status_code == 406


def test_one_section_is_made_anew(client: httpx.Client, made: Made) -> None:
    """What is before it stays as it was."""
    before = GenerationResult.model_validate(made("rnb", description="motown in Eb", num_bars=16, seed=4))
    section = before.form[-1]
    answer = client.post(before.links["regenerate"], json={"parts": ["keys"], "sections": [section.name], "seed": 3})
    after = GenerationResult.model_validate(answer.json())

    assert section.bar > 1
    assert after.midi != before.midi
    assert after.lineage is not None
    assert after.lineage.changed["sections"] == [section.name]


def test_variations_keep_harmony_and_what_is_locked(client: httpx.Client, made: Made) -> None:
    """As many as were asked for, each kept, each another; the same number is the same variation."""
    before = GenerationResult.model_validate(made())
    answer = client.post(before.links["vary"], json={"count": 2, "locked": ["drums"]})
    first, second = VariationsResult.model_validate(answer.json()).variations
    third = client.post(before.links["vary"], json={"count": 1, "first": 2, "locked": ["drums"]}).json()["variations"][0]

    for other in (first, second):
        assert other.chords == before.chords
        assert tracks(other)["Drums"] == tracks(before)["Drums"]
        assert client.get(other.links["self"]).json()["lineage"]["parent"] == before.id
    assert len({first.midi, second.midi, before.midi}) == 3
    assert third["midi_base64"] == base64.b64encode(second.midi).decode()
    assert answer.headers["x-octet-id"] == f"{first.id}, {second.id}"


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("regenerate", {}),
        ("regenerate", {"parts": []}),
        ("regenerate", {"parts": ["kazoo"]}),
        ("regenerate", {"parts": ["bass"], "sections": ["Chorus 99"]}),
        ("regenerate", {"parts": ["bass"], "seed": 2**31}),
        ("vary", {"count": 0}),
        ("vary", {"count": 21}),
        ("vary", {"locked": ["kazoo"]}),
        ("feedback", {}),
        ("feedback", {"action": "love"}),
        ("feedback", {"action": "rate"}),
        ("feedback", {"action": "rate", "rating": 6}),
        ("feedback", {"action": "rate", "rating": True}),
        ("feedback", {"action": "keep", "rating": 3}),
        ("feedback", {"action": "edit", "part": "kazoo"}),
    ],
)
def test_what_cannot_be_done_with_a_generation_is_refused(
    client: httpx.Client, made: Made, action: str, body: dict[str, object]
) -> None:
    """With a problem, and nothing is kept of it."""
    result = made("latin")
    refused = client.post(result["links"][action], json=body)

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/generations", params={"parent": result["id"]}).json()["generations"] == []


def test_feedback_is_kept(client: httpx.Client, made: Made) -> None:
    """Of the whole and of a part."""
    link = made()["links"]["feedback"]
    rated = client.post(link, json={"action": "rate", "rating": 4})
    edited = client.post(link, json={"action": "edit", "part": "bass"})

    assert (rated.status_code, edited.status_code) == (201, 201)
    assert FeedbackResult.model_validate(rated.json()).rating == 4
    assert FeedbackResult.model_validate(edited.json()).part == "bass"
    assert client.get(link).json() == {"feedback": [rated.json(), edited.json()]}
    assert client.get(f"/v1/generations/{NOWHERE}/feedback").status_code == 404


def test_what_is_deleted_is_gone(client: httpx.Client, made: Made) -> None:
    """It is not found, not listed, and no longer to be had as a file; deleting it again finds nothing."""
    result = made("gospel")
    client.get(result["links"]["midi"])

    assert client.delete(result["links"]["self"]).status_code == 204
    assert client.get("/v1/generations?genre=gospel").json()["generations"] == []
    for name in ("self", *FORMATS):
        assert client.get(result["links"][name]).status_code == 404, name
    assert client.delete(result["links"]["self"]).status_code == 404


@pytest.mark.parametrize("id", [NOWHERE, "x", "..%2f..%2fetc", "%00", "1' OR '1'='1", NOWHERE.upper()])
def test_an_id_that_is_none_is_not_found(client: httpx.Client, id: str) -> None:
    """By every route that takes one, with a problem."""
    answers = [
        client.get(f"/v1/generations/{id}"),
        client.get(f"/v1/generations/{id}.mid"),
        client.delete(f"/v1/generations/{id}"),
        client.post(f"/v1/generations/{id}/regenerate", json={"parts": ["bass"]}),
        client.post(f"/v1/generations/{id}/vary", json={}),
        client.post(f"/v1/generations/{id}/feedback", json={"action": "keep"}),
    ]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


def test_a_format_that_there_is_not_is_not_found(client: httpx.Client, made: Made) -> None:
    """With those there are."""
    refused = client.get(f"/v1/generations/{made()['id']}.exe")

    assert refused.status_code == 404
    assert ".mid" in refused.json()["detail"]


def test_an_arranged_chart_is_kept_as_one(client: httpx.Client) -> None:
    """Its lineage says so, and a part of it is made anew on the same chords."""
    played = client.post("/v1/arrange", json={"genre": "gospel", "chords": "Dm7 | G7 | Cmaj7 | Cmaj7", "seed": 3}).json()
    anew = client.post(played["links"]["regenerate"], json={"parts": ["bass"]}).json()

    assert played["lineage"]["how"] == "arrange"
    assert anew["chords"] == played["chords"]
