"""Every message of the code is translated, and the catalogue is compiled."""

import ast
import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from portal.checks import messages_are_compiled
from portal.translating import po_file
from portal.translating.collect import messages_of_code
from portal.translating.packages import PACKAGE_MESSAGES
from portal.translating.python_source import messages_of_python
from portal.translating.template_source import messages_of_template
from tests.meta.greek import placeholders

PATH = po_file.po_file("el")
CATALOGUE = po_file.read(PATH, language="el")
ENTRIES = [message for message in CATALOGUE if message.id]
UPDATE = "run: manage.py update_messages, and translate what it leaves empty"


def strings(message):
    return list(message.string) if message.pluralizable else [message.string]


def ids(message):
    return list(message.id) if message.pluralizable else [message.id]


@pytest.fixture(scope="module")
def of_code():
    return messages_of_code()


def test_the_catalogue_has_the_messages_of_the_code_and_no_others(of_code):
    wanted = {(message.singular, message.plural, message.context) for message in of_code}
    kept = {(*(ids(message) if message.pluralizable else (message.id, None)), message.context) for message in ENTRIES}
    assert wanted - kept == set(), UPDATE
    assert kept - wanted == set(), UPDATE


def test_the_catalogue_is_as_the_command_writes_it(of_code):
    assert PATH.read_text() == po_file.text_of(po_file.updated(CATALOGUE, of_code), language="el"), UPDATE


def test_every_message_is_translated_and_none_is_a_guess():
    assert [message.id for message in ENTRIES if message.fuzzy or not all(strings(message))] == []


def test_a_plural_has_both_of_its_forms():
    assert [message.id for message in ENTRIES if len(strings(message)) != len(ids(message))] == []


def test_a_translation_has_the_placeholders_of_its_message():
    wrong = [
        (text, string)
        for message in ENTRIES
        for text, string in zip(ids(message), strings(message), strict=True)
        if placeholders(text) != placeholders(string)
    ]
    assert wrong == []


def test_greek_is_written_in_greek_letters():
    """A Latin o or A among Greek letters looks right and is found by no search."""
    texts = [re.sub("<[^>]+>", " ", text) for message in ENTRIES for text in strings(message)]
    mixed = [word for text in texts for word in text.split() if is_mixed(word)]
    assert mixed == []


def is_mixed(word):
    letters = [letter for letter in word if letter.isalpha()]
    greek = [letter for letter in letters if "Ͱ" <= letter <= "Ͽ" or "ἀ" <= letter <= "῾"]
    return bool(greek) and len(greek) != len(letters)


@pytest.mark.parametrize("file", PACKAGE_MESSAGES)
def test_a_message_of_a_package_is_still_asked_for_by_it(file):
    package, _, inside = file.partition("/")
    path = Path(find_spec(package).origin).parent / inside
    if path.suffix == ".py":
        tree = ast.parse(path.read_text())
        asked = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    else:
        asked = {message.singular for message in messages_of_template(path)}
    assert {message.singular for message in PACKAGE_MESSAGES[file]} <= asked


def test_messages_are_compiled_for_these_tests():
    assert messages_are_compiled(None) == [], "run: make messages"


def test_a_missing_and_a_stale_compiled_catalogue_are_noticed(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    po = tmp_path / "el" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.touch()
    assert [warning.id for warning in messages_are_compiled(None)] == ["portal.W001"]
    po.with_suffix(".mo").touch()
    assert messages_are_compiled(None) == []
    os.utime(po.with_suffix(".mo"), (0, 0))
    assert [warning.id for warning in messages_are_compiled(None)] == ["portal.W001"]


def test_templates_give_their_messages_as_they_are_looked_up(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        '{% load i18n %}{% translate "50 % off" context "shop" %}{% include "x" with a=_("Shown") %}{% if a %}'
        "{% blocktranslate trimmed count n=a asvar b %}\n  One {{ c }}\n{% plural %} {{ n }} of them\n"
        "{% endblocktranslate %}{% endif %}{{ a|default:_('None') }}"
    )
    found = {(message.singular, message.plural, message.context) for message in messages_of_template(template)}
    block = ("One %(c)s", "%(n)s of them", None)
    assert found == {("50 %% off", None, "shop"), ("Shown", None, None), block, ("None", None, None)}


def test_python_gives_its_messages_under_any_name(tmp_path):
    source = tmp_path / "module.py"
    source.write_text(
        "from django.utils import translation\nfrom django.utils.translation import gettext as _, npgettext as n\n"
        "_('One')\nn('shop', 'a', 'b', 2)\ntranslation.pgettext('shop', 'Two')\n"
    )
    found = {(message.singular, message.plural, message.context) for message in messages_of_python(source)}
    assert found == {("One", None, None), ("a", "b", "shop"), ("Two", None, "shop")}


def test_a_message_that_is_no_literal_is_refused_with_its_place(tmp_path):
    source = tmp_path / "module.py"
    source.write_text("from django.utils.translation import gettext as _\n_(f'Hello {name}')\n")
    with pytest.raises(ValueError, match=r"module\.py:2"):
        list(messages_of_python(source))
