"""Messages of templates, read from the compiled nodes: `trimmed`, plurals and contexts as the engine has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Context, Node, Template
from django.template.base import FilterExpression, Variable
from django.template.defaulttags import TemplateLiteral
from django.template.smartif import TokenBase
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.functional import Promise

from portal.translating.message import Message

# Kept on nodes for error messages; they lead to the whole source.
ASIDE = {"token", "origin"}


def messages_of_template(path: Path) -> Iterator[Message]:
    """Every message that the template asks for, including `_("...")` as an argument of a tag or filter."""
    template = Template(path.read_text(encoding="utf-8"))
    yield from _messages(template.nodelist)


def _messages(part: Any) -> Iterator[Message]:
    if isinstance(part, TranslateNode):
        yield from _of_translate(part)
    elif isinstance(part, BlockTranslateNode):
        yield _of_block(part)
    elif isinstance(part, Promise):
        yield _of_promise(part)
    for inner in _inside(part):
        yield from _messages(inner)


def _inside(part: Any) -> list[Any]:
    if isinstance(part, list | tuple):
        return list(part)
    if isinstance(part, dict):
        return list(part.values())
    if isinstance(part, FilterExpression):
        return [part.var, part.filters]
    if isinstance(part, Node | TokenBase | TemplateLiteral):
        return [value for name, value in vars(part).items() if name not in ASIDE]
    return []


def _of_translate(node: TranslateNode) -> Iterator[Message]:
    """`{% translate some_variable %}` names no message; its words are collected where they are written."""
    variable = node.filter_expression.var
    if isinstance(variable, Variable) and isinstance(variable.literal, str):
        yield Message(_doubled(variable.literal), context=_context(node))


def _of_block(node: BlockTranslateNode) -> Message:
    singular, _names = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural and node.countervar and node.counter else None
    return Message(singular, plural, _context(node))


def _of_promise(promise: Promise) -> Message:
    """`_("...")` is compiled to a lazy text, which gives its arguments for pickling."""
    _function, (_gettext, words, *_rest) = promise.__reduce__()  # type: ignore[misc]
    return Message(words[-1]) if len(words) == 1 else Message(words[1], context=words[0])


def _context(node: TranslateNode | BlockTranslateNode) -> str | None:
    return str(node.message_context.resolve(Context())) if node.message_context else None


def _doubled(literal: str) -> str:
    """The engine looks a literal up with its per cent signs doubled."""
    return literal.replace("%", "%%")
