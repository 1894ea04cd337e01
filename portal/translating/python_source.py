"""Messages of Python files: literal arguments of the functions of `django.utils.translation`, under any name."""

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.translating.message import Message

TRANSLATION = "django.utils.translation"
# Which positional arguments are the context, the message and its plural.
ARGUMENTS: dict[str, tuple[int | None, int, int | None]] = {
    name + ending: places
    for name, places in {
        "gettext": (None, 0, None),
        "ngettext": (None, 0, 1),
        "pgettext": (0, 1, None),
        "npgettext": (0, 1, 2),
    }.items()
    for ending in ("", "_lazy")
} | {"gettext_noop": (None, 0, None)}


def messages_of_python(path: Path) -> Iterator[Message]:
    """Every message that the file asks for. Raises ValueError, with the place, for one that is not a literal."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = _imported(tree)
    for node in ast.walk(tree):
        name = _called(node, functions)
        if isinstance(node, ast.Call) and name:
            try:
                yield _message(node, *ARGUMENTS[name])
            except ValueError as error:
                raise ValueError(f"{path}:{node.lineno}: {error}") from error


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local names of translating functions: `{"_": "gettext_lazy"}`."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION]
    return {name.asname or name.name: name.name for node in imports for name in node.names if name.name in ARGUMENTS}


def _called(node: ast.AST, functions: dict[str, str]) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id == "translation" and function.attr in ARGUMENTS else None
    return functions.get(function.id) if isinstance(function, ast.Name) else None


def _message(call: ast.Call, context: int | None, singular: int, plural: int | None) -> Message:
    return Message(
        singular=_literal(call, singular),
        plural=None if plural is None else _literal(call, plural),
        context=None if context is None else _literal(call, context),
    )


def _literal(call: ast.Call, place: int) -> str:
    argument = call.args[place] if place < len(call.args) else None
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    raise ValueError("a message to translate must be a literal; fill it in after translating.")
