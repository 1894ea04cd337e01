"""The contact sheet: every picture of every page on one page, a row a page, opened at its full size by a click."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from tests.looks.looking import Look

HEAD = """\
<!doctype html><meta charset="utf-8"><title>Contact sheet</title>
<style>
body { font: 14px sans-serif; margin: 2rem; background: #888 }
h2 { position: sticky; top: 0; background: #888; margin: 0; padding: .5rem 0 }
div { display: flex; gap: .5rem; overflow-x: auto; align-items: start }
img { height: 22rem; width: auto; background: #fff }
figure { margin: 0 }
</style>
"""


def lay_out(looks: Sequence[Look], folder: Path) -> Path:
    rows = []
    for look in looks:
        pictures = "".join(
            f'<figure><a href="{escape(name)}"><img loading="lazy" src="{escape(name)}" alt=""></a>'
            f"<figcaption>{escape(_of(name))}</figcaption></figure>"
            for name in look.pictures
        )
        rows.append(f"<h2>{escape(look.place.name)}</h2><div>{pictures}</div>")
    page = folder / "index.html"
    page.write_text(HEAD + "\n".join(rows))
    return page


def _of(name: str) -> str:
    return " ".join(name.removesuffix(".jpeg").rsplit("-", 3)[1:])
