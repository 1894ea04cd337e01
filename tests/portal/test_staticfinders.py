from pathlib import Path

from django.contrib.staticfiles import finders

from portal.staticfinders import PackageFinder


def test_the_typeface_is_served_from_its_package():
    found = Path(PackageFinder().find("fonts/manrope.ttf"))
    assert found.read_bytes()[:4] == b"\x00\x01\x00\x00"


def test_the_typeface_and_its_licence_are_collected():
    listed = {name: storage.path(name) for name, storage in PackageFinder().list([])}
    assert set(listed) == {"fonts/manrope.ttf", "fonts/OFL.txt"}
    assert all(Path(path).is_file() for path in listed.values())


def test_other_names_are_left_to_the_other_finders():
    assert PackageFinder().find("fonts/../settings.py") == []
    assert PackageFinder().find("css/tokens.css", find_all=True) == []


def test_the_site_finds_what_its_pages_preload():
    assert finders.find("fonts/manrope.ttf")
    assert finders.find("css/tokens.css")
