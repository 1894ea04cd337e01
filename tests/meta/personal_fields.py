"""The kinds of all fields (docs/privacy.md), read from `personal_fields.txt`: a model, below it its fields by kind."""

from pathlib import Path

KINDS = {"secret", "personal", "linked", "none"}


def read_kinds() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    model = kind = ""
    for line in Path(__file__).with_suffix(".txt").read_text().splitlines():
        if not line.startswith(" "):
            model, kind = line, ""
            found[model] = {}
            continue
        first, _colon, names = line.partition(": ") if ": " in line else ("", "", line)
        kind = first.strip() or kind
        found[model] |= dict.fromkeys(names.split(), kind)
    return found
