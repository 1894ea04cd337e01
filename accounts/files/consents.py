"""The file of a market's consents, purpose by purpose and version by version (`manage.py load_consents`)."""

from pathlib import Path

from django.db import transaction

from accounts.models import ConsentChange, ConsentWording
from accounts.rules.consents import Purpose
from portal.files.data_files import Section, read_data_file
from portal.models import Market

FIELDS = ("effective_at", "names", "texts", "effects_of_giving", "effects_of_withdrawing")


@transaction.atomic
def load_consents(path: Path) -> dict[str, str]:
    """Brings the wordings in the database to what the file says; gives what became of each "purpose version".

    A version beside which somebody has given or withdrawn stays as it is: changed words need a new one (D1).
    DataFileError names each fault.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    sections = file.sections("wordings")
    file.refuse_the_rest()
    wordings = [_wording(section, market) for section in sections if market]
    _check_once(sections, wordings)
    file.raise_problems()
    return {f"{wording.purpose} {wording.version}": _save(wording) for wording in wordings}


def _wording(section: Section, market: Market) -> ConsentWording:
    purpose = section.text("purpose")
    if purpose not in list(Purpose):
        section.problem("purpose", f"is {purpose!r}; known are {', '.join(Purpose)}")
    wording = ConsentWording(
        market=market,
        purpose=purpose,
        version=section.text("version", longest=20),
        effective_at=section.moment("effective_at"),
        names=section.texts("name", languages=market.languages),
        texts=section.texts("text", languages=market.languages),
        effects_of_giving=section.texts("giving", languages=market.languages),
        effects_of_withdrawing=section.texts("withdrawing", languages=market.languages),
    )
    section.refuse_the_rest()
    known = _known(wording)
    if known and _is_changed(known, wording) and ConsentChange.objects.filter(wording=known).exists():
        section.problem("version", f"{wording.version} has been answered by customers; give changed words a new one")
    return wording


def _check_once(sections: list[Section], wordings: list[ConsentWording]) -> None:
    seen: set[object] = set()
    for section, wording in zip(sections, wordings, strict=False):
        for key, value in (("version", wording.version), ("effective_at", wording.effective_at)):
            if (wording.purpose, key, value) in seen:
                section.problem(key, f"{value} stands there twice for {wording.purpose}")
            seen.add((wording.purpose, key, value))


def _known(wording: ConsentWording) -> ConsentWording | None:
    same = ConsentWording.objects.filter(market=wording.market, purpose=wording.purpose, version=wording.version)
    return same.first()


def _is_changed(known: ConsentWording, wording: ConsentWording) -> bool:
    return any(getattr(known, field) != getattr(wording, field) for field in FIELDS)


def _save(wording: ConsentWording) -> str:
    known = _known(wording)
    if known is None:
        wording.save()
        return "created"
    if not _is_changed(known, wording):
        return "unchanged"
    for field in FIELDS:
        setattr(known, field, getattr(wording, field))
    known.save(update_fields=FIELDS)
    return "changed"
