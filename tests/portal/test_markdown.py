"""Markdown becomes blocks, never HTML."""

import pytest

from portal.markdown import Block, Span, blocks, plain, spans


def test_paragraphs_lists_headings_and_tables_are_told_apart():
    text = "One\ntwo.\n\n- a\n- b\n  goes on\n\n1. first\n2. second\n\n## Head\n\n| x | y |\n|---|---|\n| 1 | 2 |"
    paragraph, bullets, numbers, heading, table = blocks(text)
    assert paragraph == Block("paragraph", lines=((Span("One two."),),))
    assert bullets == Block("bullets", lines=((Span("a"),), (Span("b goes on"),)))
    assert [numbers.kind, len(numbers.lines)] == ["numbers", 2]
    assert heading == Block("heading", lines=((Span("Head"),),))
    assert [len(row) for row in table.rows] == [2, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** c", (Span("a "), Span("b", is_bold=True), Span(" c"))),
        ("see [it](https://a.example/x)", (Span("see "), Span("it", url="https://a.example/x"))),
        ("at https://a.example.", (Span("at "), Span("https://a.example", url="https://a.example"), Span("."))),
        ("[no](javascript:x)", (Span("[no](javascript:x)"),)),
        ("<b>x</b>", (Span("<b>x</b>"),)),
    ],
)
def test_spans_are_words_bold_words_and_web_addresses(text, expected):
    assert spans(text) == expected


def test_the_words_alone_are_one_line_for_each_part():
    assert plain("A **b**.\n\n- c\n- d\n\n| x | y |\n|--|--|\n| 1 | 2 |") == "A b.\nc\nd\nx y\n1 2"
