"""Markdown becomes blocks, never HTML."""

import pytest

from portal.markdown import Block, Span, blocks, other_markup, plain, spans


def test_paragraphs_and_lists_are_told_apart():
    paragraph, bullets, numbers = blocks("One\ntwo.\n\n- a\n- b\n  goes on\n\n1. first\n2. second")
    assert paragraph == Block("paragraph", lines=((Span("One two."),),))
    assert bullets == Block("bullets", lines=((Span("a"),), (Span("b goes on"),)))
    assert [numbers.kind, len(numbers.lines)] == ["numbers", 2]


def test_what_else_markdown_has_is_found_with_its_line():
    text = "One **two**\n\n## Head\n> said\n| x | <b> [it](https://a.example)"
    assert list(other_markup(text)) == [(3, "#"), (4, ">"), (5, "|"), (5, "|"), (5, "<"), (5, "](")]
    assert list(other_markup("- a\n\n1. **b** https://a.example")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** c", (Span("a "), Span("b", is_bold=True), Span(" c"))),
        ("at https://a.example.", (Span("at "), Span("https://a.example", url="https://a.example"), Span("."))),
        ("[no](javascript:x)", (Span("[no](javascript:x)"),)),
        ("<b>x</b>", (Span("<b>x</b>"),)),
    ],
)
def test_spans_are_words_bold_words_and_web_addresses(text, expected):
    assert spans(text) == expected


def test_the_words_alone_are_one_line_for_each_part():
    assert plain("A **b**.\n\n- c\n- d") == "A b.\nc\nd"
