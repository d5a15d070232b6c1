"""What every genre package must hold to, ours or a stranger's: subclass GenreContract in a test module and name the genre."""

from __future__ import annotations

from typing import ClassVar

from app.render.lint import lint
from app.services.base_genre_generator import BaseGenreGenerator
from app.services.genre_check import problems_of
from app.services.piece import Piece
from app.services.registry import discover
from app.services.runtime import Runtime, run_straight
from app.theory.brief import Ask
from app.theory.rhythm import METRES


class GenreContract:
    """Tests of one genre, as pytest collects them: `class TestBossa(GenreContract): genre = "bossa"`."""

    genre: ClassVar[str]
    seeds: ClassVar[tuple[int, ...]] = (1, 2)

    def service(self) -> BaseGenreGenerator:
        """The service as the registry finds it, without models."""
        return discover().service(self.genre, Runtime("rules_only"))

    def made(self, **fields: object) -> Piece:
        """The piece of an Ask with these fields."""
        return run_straight(self.service().make(Ask(self.genre, **fields)))  # type: ignore[arg-type]  # the caller's fields

    def test_its_files_have_no_problems(self) -> None:
        """The checker finds nothing to say of its tables."""
        assert problems_of(self.service().folder()) == []

    def test_its_entry_point_and_its_file_agree_on_its_name(self) -> None:
        """The genre is called the same by its package and by its genre.toml."""
        service = self.service()

        assert service.name == service.genre.name == self.genre

    def test_the_examples_of_its_prompt_are_answers(self) -> None:
        """What its `prompt.md` shows to models, if it has one, could be answered."""
        from app.services.prompting import prompt_problems

        assert prompt_problems(self.service().genre) == []

    def test_every_application_makes_a_clean_file(self) -> None:
        """Each application's default piece has its bars, sounds in the parts it names, and passes lint."""
        service = self.service()
        for application in service.genre.vocabulary.applications:
            for seed in self.seeds:
                piece = self.made(application=application, seed=seed)
                expected = service.genre.vocabulary.applications[application]
                assert len(piece.progression.bars) == expected.bars, application
                assert [part.role for part in piece.arrangement.parts] == list(expected.ensemble), application
                assert all(part.notes for part in piece.arrangement.parts), application
                assert list(lint(piece.midi)) == [], (application, seed)

    def test_every_application_makes_the_bars_asked(self) -> None:
        """From one bar on, whatever its form is long."""
        for application in self.service().genre.vocabulary.applications:
            for bars in (1, 2, 3, 5, 7, 13):
                piece = self.made(application=application, num_bars=bars, seed=self.seeds[0])
                assert len(piece.progression.bars) == bars, application
                assert list(lint(piece.midi)) == [], (application, bars)

    def test_every_application_plays_in_every_metre(self) -> None:
        """N bars asked are N bars in any metre, and what is not the application's own metre is said."""
        for application, own in self.service().genre.vocabulary.applications.items():
            for metre in METRES:
                piece = self.made(application=application, time_signature=metre, num_bars=8, seed=self.seeds[0])
                assert piece.arrangement.end == 8 * piece.arrangement.metre.bar, (application, metre)
                assert list(lint(piece.midi)) == [], (application, metre)
                assert metre in own.metres or piece.arrangement.notes, (application, metre)

    def test_the_same_request_gives_the_same_bytes(self) -> None:
        """Two services that share nothing write the same file."""
        assert self.made(seed=self.seeds[0]).midi == self.made(seed=self.seeds[0]).midi
        assert self.made(seed=self.seeds[0]).midi != self.made(seed=self.seeds[0] + 1).midi
