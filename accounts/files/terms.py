"""The file of a market's Terms of Use, version by version (`manage.py load_terms`)."""

from pathlib import Path

from django.db import transaction

from accounts.models import TermsVersion
from portal.files.data_files import Section, read_data_file
from portal.models import Market


@transaction.atomic
def load_terms(path: Path) -> dict[str, str]:
    """Brings the versions in the database to what the file says; gives version -> created or unchanged.

    A version is published by being loaded, and stays as it is: changed words need a new one (A2). DataFileError names
    each fault.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    sections = file.sections("versions")
    file.refuse_the_rest()
    versions = [_version(section, market) for section in sections if market]
    _check_once(sections, versions)
    file.raise_problems()
    return {version.version: _save(version) for version in versions}


def _version(section: Section, market: Market) -> TermsVersion:
    version = TermsVersion(
        market=market,
        version=section.text("version", longest=20),
        effective_at=section.moment("effective_at"),
        texts=section.texts("texts", languages=market.languages),
    )
    section.refuse_the_rest()
    known = TermsVersion.objects.filter(market=market, version=version.version).first()
    if known and known.is_draft:
        section.problem("version", f"{version.version} is a draft in the admin")
    elif known and _is_changed(known, version):
        section.problem("version", f"{version.version} is published already; give changed words a new one")
    return version


def _check_once(sections: list[Section], versions: list[TermsVersion]) -> None:
    seen: set[object] = set()
    for section, version in zip(sections, versions, strict=False):
        for key, value in (("version", version.version), ("effective_at", version.effective_at)):
            if (key, value) in seen:
                section.problem(key, f"{value} stands there twice")
            seen.add((key, value))


def _is_changed(known: TermsVersion, version: TermsVersion) -> bool:
    return (known.effective_at, known.texts) != (version.effective_at, version.texts)


def _save(version: TermsVersion) -> str:
    if TermsVersion.objects.filter(market=version.market, version=version.version).exists():
        return "unchanged"
    version.save()
    return "created"
