"""What the reader of the hub's files finds wrong, and how it says it."""

import pytest

from portal.files.data_files import DataFileError
from support.files.content import read_articles

GOOD = """\
---
question: "How do I cancel?"
category: cancelling
answers: [703]
for: both
related: [two, three]
links:
  - page: wallet
    text: "My cards"
keywords: [stop]
---

Open it and {{ app }} helps.
"""


@pytest.fixture
def write(tmp_path):
    """Three good articles, of which a test spoils the first; gives the sentence about it."""

    def written(old="", new="", *, name="cancelling/one.md", language="en"):
        texts = {
            "cancelling/two.md": GOOD.replace("703", "1").replace("[two,", "[one,"),
            "cancelling/three.md": GOOD.replace("703", "2").replace(", three]", ", one]"),
            name: GOOD.replace(old, new, 1) if old else GOOD,
        }
        for path, text in texts.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return read_articles(tmp_path, language=language, pages={"wallet"})

    return written


def test_a_good_file_is_read_whole(write):
    article = write("answers", "also_in: [payments]\nguide: paid-subscription\nanswers")["one"]
    assert (article.slug, article.language, article.category) == ("one", "en", "cancelling")
    assert (article.also_in, article.guide, article.done_in) == (("payments",), "paid-subscription", "both")
    assert (article.answers, article.related, article.keywords) == ((703,), ("two", "three"), ("stop",))
    assert [(link.page, link.text) for link in article.links] == [("wallet", "My cards")]
    assert article.body == "Open it and {{ app }} helps."


def test_links_may_be_left_out(write):
    assert write('links:\n  - page: wallet\n    text: "My cards"\n', "")["one"].links == ()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("---\n", "", "one.md, line 1: front matter must stand first"),
        ('question: "How do I cancel?"', "question: [", "one.md: while parsing"),
        ('question: "How do I cancel?"', 'question: ""', "one.md, line 2: question must be a text"),
        ("How do I cancel?", "How, {{ who }}?", "one.md, line 2: question has who, which is no placeholder"),
        ("category: cancelling\n", "", "one.md: category is missing"),
        ("category: cancelling", "category: money", "one.md, line 3: category is money; known are getting-started"),
        ("category: cancelling", "category: trials", "line 3: category is trials, and the file lies in cancelling"),
        ("answers:", "also_in: [money]\nanswers:", "one.md, line 4: also_in has money; known are"),
        ("[703]", "[many]", "one.md, line 4: answers must be a list of line numbers"),
        ("[703]", "[1]", "answers has 1, which one answers already"),
        ("for: both", "for: web", "one.md, line 5: for is 'web', which has not the form"),
        ("[two, three]", "[two]", "one.md, line 6: related must be 2 to 4 other articles, each once"),
        ("[two, three]", "[two, two]", "one.md, line 6: related must be 2 to 4 other articles, each once"),
        ("[two, three]", "[two, one]", "one.md, line 6: related must be 2 to 4 other articles, each once"),
        ("[two, three]", "[two, four]", "one.md, line 6: related has four, and there is no such article"),
        ("page: wallet", "page: purse", "one.md, line 8: links[1].page is purse, and no page without arguments"),
        ("My cards", "My {{ cards }}", "one.md, line 7: links have cards, which is no placeholder"),
        ("keywords: [stop]", "keywords: []", "one.md, line 10: keywords must be a list of texts"),
        ("keywords: [stop]", "keywords: [stop]\nguide: all", "one.md, line 11: guide is 'all', which has not the form"),
        ("keywords: [stop]", "keywords: [stop]\nkeyword: x", "one.md, line 11: keyword is not known here"),
        ("{{ app }}", "{{ ap }}", "one.md, line 13: ap is no placeholder"),
        ("{{ app }}", "{{ app", "one.md, line 13: Open it and {{ app helps. is no placeholder"),
        ("Open it and {{ app }} helps.\n", "", "one.md, line 12: the answer is missing"),
        ("Open it", "# Open it", "one.md, line 13: # is none of the markup of an answer"),
        ("Open it", "Now\n\n> Open it", "one.md, line 15: > is none of the markup of an answer"),
        ("Open it", "[Open](/x) it", "one.md, line 13: ]( is none of the markup of an answer"),
        ("Open it", "Now\n<b>Open</b> it", "one.md, line 14: < is none of the markup of an answer"),
        ("Open it", "| Open it |", "one.md, line 13: | is none of the markup of an answer"),
        ("Open it", "Ανοίξτε το", "line 2: question or its answer is not in the language of the folder (en)"),
    ],
)
def test_a_fault_is_said_with_its_file_and_line(write, old, new, sentence):
    with pytest.raises(DataFileError) as fault:
        write(old, new)
    assert sentence in str(fault.value)


def test_all_faults_of_all_files_are_said_at_once(write):
    with pytest.raises(DataFileError) as fault:
        write(language="el")
    assert [path in str(fault.value) for path in ("one.md", "two.md", "three.md")] == [True] * 3


@pytest.mark.parametrize("name", ["one.md", "cancelling/one.txt", "cancelling/deep/one.md"])
def test_a_file_that_nobody_would_read_is_a_fault(write, name):
    with pytest.raises(DataFileError, match=r"an article is <category>/<slug>\.md"):
        write(name=name)


def test_a_name_that_is_no_slug_is_a_fault(write):
    with pytest.raises(DataFileError, match="a file whose name is no slug"):
        write(name="cancelling/One_1.md")


def test_a_slug_stands_once_in_all_categories(write):
    with pytest.raises(DataFileError, match=r"stands in two\.md, and so does one in cancelling"):
        write("category: cancelling", "category: trials", name="trials/two.md")


def test_a_file_in_another_encoding_is_a_fault(write, tmp_path):
    write()
    (tmp_path / "cancelling" / "one.md").write_bytes(b"\xff\xfe")
    with pytest.raises(DataFileError, match=r"one\.md"):
        read_articles(tmp_path, language="en", pages={"wallet"})
