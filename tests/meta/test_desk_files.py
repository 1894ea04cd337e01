"""Styles and scripts that a page of the desk names are there: one that is missing breaks the page in production."""

from django.contrib import admin
from django.contrib.staticfiles import finders


def test_every_file_that_a_page_of_the_desk_names_is_there():
    named = {
        (page.opts.label, path)
        for page in admin.site._registry.values()
        for media in (page.media, page.form().media if page.form.base_fields else page.media)
        for path in [*media._js, *(each for group in media._css.values() for each in group)]
    }
    assert named
    assert not {(label, path) for label, path in named if finders.find(str(path)) is None}
