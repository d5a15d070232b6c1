"""The size rules of this code: a module is a room one can see across, a function does one thing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for folder in ("app", "genres", "prompts", "schemas") for path in (ROOT / folder).rglob("*.py"))
MODULE_LINES, FUNCTION_LINES = 400, 40


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_says_what_it_owns(path: Path) -> None:
    """At most 400 lines, functions of at most 40, and a docstring on top."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: _lines(node) for node in functions if _lines(node) > FUNCTION_LINES}

    assert len(source.splitlines()) <= MODULE_LINES
    assert not long
    assert ast.get_docstring(tree)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
