from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import TermsVersion
from portal.models import Brand, LegalEntity, Market, VatRate

DATA = Path(settings.BASE_DIR) / "portal" / "data" / "lexus_cy"
pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(tmp_path):
    """A sample file with some of its text replaced."""

    def write(name: str, *replacements: tuple[str, str]) -> Path:
        text = (DATA / name).read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_sample_brand_is_loaded_and_the_same_file_changes_nothing(capsys):
    call_command("load_brand", DATA / "brand.yaml")
    market = Market.objects.select_related("brand", "legal_entity").get(is_default=True)
    assert (market.code, market.brand.app_name, str(market.vat_rate)) == ("CY", "Lexus Link+", "19.00")
    models = (Brand, LegalEntity, Market, VatRate)
    before = [list(model.objects.values()) for model in models]
    capsys.readouterr()
    call_command("load_brand", DATA / "brand.yaml")
    assert capsys.readouterr().out.count("unchanged") == 4
    assert [list(model.objects.values()) for model in models] == before


def test_a_change_in_the_file_is_named_and_taken_over(changed, capsys):
    call_command("load_brand", DATA / "brand.yaml")
    call_command("load_brand", changed("brand.yaml", ("refund_days: 7", "refund_days: 10")))
    assert "market CY: changed: refund_days" in capsys.readouterr().out
    assert Market.objects.get().refund_days == 10


@pytest.mark.parametrize(
    ("replacement", "fault"),
    [
        (("  series: CY\n", "  series: CX\n"), "was 'CY' and never changes"),
        (("code: sample-cy\n", "code: another-seller\n"), "which is that of sample-cy"),
        (("  series: CY\n", "  series: cy 1\n"), "series"),
    ],
)
def test_I2_the_series_of_a_seller_is_its_own_and_stays(changed, replacement, fault):
    call_command("load_brand", DATA / "brand.yaml")
    with pytest.raises(CommandError, match=fault):
        call_command("load_brand", changed("brand.yaml", replacement))


@pytest.mark.parametrize(("line", "expected"), [("  sells_in_portal: false\n", False), ("", True)])
def test_C8_a_market_sells_in_the_portal_unless_its_file_says_no(changed, line, expected):
    call_command("load_brand", changed("brand.yaml", ("  sells_in_portal: true\n", line)))
    assert Market.objects.get().sells_in_portal is expected


def test_I3_rates_of_the_countries_in_the_file_become_what_it_says(changed, capsys):
    VatRate.objects.create(country="MT", valid_from=date(2004, 5, 1), rate=18)
    VatRate.objects.create(country="CY", valid_from=date(2013, 1, 14), rate=18)
    call_command("load_brand", DATA / "brand.yaml")
    ahead = '  - {country: CY, valid_from: "2030-01-01", rate: 0, category: E, reason: Exempt., source: A law}\n'
    call_command("load_brand", changed("brand.yaml", ("vat_rates:\n", f"vat_rates:\n{ahead}"), ("24.00", "25.00")))
    assert "VAT rates: changed: 2" in capsys.readouterr().out
    rates = VatRate.objects.order_by("country", "valid_from").values_list("country", "valid_from__year", "rate")
    assert [(*which, int(rate)) for *which, rate in rates] == [
        ("CY", 2014, 19),
        ("CY", 2030, 0),
        ("GR", 2016, 25),
        ("MT", 2004, 18),
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "rate: 24.00",
            "rate: 0",
            "vat_rates[2].rate must be 0 where the category is Z, E or AE, and more where it is S",
        ),
        ("rate: 24.00", "rate: 0\n    category: E", "vat_rates[2].reason belongs to the categories E and AE"),
        ("rate: 24.00", "rate: 0\n    category: X", "vat_rates[2].category is 'X'"),
        ('"2016-06-01"', '"June 2016"', "vat_rates[2].valid_from must be a day such as 2014-01-13"),
        (
            "document_years: 6",
            "document_years: 0",
            "market.document_years is '0'; it must be a whole number from 1 to 30",
        ),
        ("vat_rate: 19.00", "vat_rate: nineteen", "line 40: market.vat_rate is 'nineteen', which is no number"),
        ("vat_rate: 19.00", "vat_rate: 119", "market.vat_rate is 119; it must be from 0 to less than 100"),
        ("vat_rate: 19.00", "vat_rate: 19.005", "market.vat_rate is 19.005"),
        ("vat_rate: 19.00", "vat_rat: 19.00", "market.vat_rate is missing"),
        ("vat_rate: 19.00", "vat_rat: 19.00", "line 40: market.vat_rat is not known here"),
        ("Asia/Nicosia", "Asia/Nowhere", "market.time_zone is 'Asia/Nowhere', which is no time zone"),
        ("[visa, mastercard]", "[visa, amex]", "market.card_brands has amex"),
        ("[en, el]", "[en, xx]", "market.languages has xx"),
        ("    el: Κύπρος\n", "", "market.names.el is missing"),
        ("refund_days: 7", "refund_days: 0", "market.refund_days is '0'"),
        ("is_default: true", "is_default: yes", "market.is_default must be true or false"),
        ("[JTH, ", "[JTO, ", "brand.vin_prefixes has 'JTO'"),
        ("readings_per_car: 12", "readings_per_car: 2", "market.wrong_readings_per_car is '2'"),
        ('"#7a5a2b"', "brown", "brand.accent_light is 'brown'"),
        ("  code: lexus", "  code: lexus\n  code: other", "code stands there twice"),
        ("brand:\n", "brand: lexus\nbrands:\n", "brand must be a mapping"),
        ("portal_name: Lexus Owners", 'portal_name: ""', "brand.portal_name must be a text"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_loaded(changed, old, new, complaint):
    with pytest.raises(CommandError) as error:
        call_command("load_brand", changed("brand.yaml", (old, new)))
    assert complaint in str(error.value)
    assert not Brand.objects.exists()


def test_all_faults_are_named_in_one_run(changed):
    path = changed("brand.yaml", ("currency: EUR", "currency: euro"), ("refund_days: 7", "refund_days: many"))
    with pytest.raises(CommandError) as error:
        call_command("load_brand", path)
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize("content", [b"- a list", b"a: [", b"\xff\xfe", b""])
def test_a_file_that_is_no_mapping_is_refused(tmp_path, content):
    path = tmp_path / "brand.yaml"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"brand\.yaml"):
        call_command("load_brand", path)


def test_a_second_default_market_is_refused(changed):
    call_command("load_brand", DATA / "brand.yaml")
    with pytest.raises(CommandError, match="is true, and so is that of CY"):
        call_command("load_brand", changed("brand.yaml", ("code: CY", "code: GR")))


def test_the_sample_terms_are_loaded_and_the_same_file_changes_nothing(capsys):
    call_command("load_brand", DATA / "brand.yaml")
    call_command("load_terms", DATA / "terms.yaml")
    call_command("load_terms", DATA / "terms.yaml")
    assert capsys.readouterr().out.endswith("Terms 2020-01: created\nTerms 2020-01: unchanged\n")
    words = {language: len(text.split()) for language, text in TermsVersion.objects.get().texts.items()}
    assert all(300 <= number <= 600 for number in words.values())


def test_a2_words_that_were_published_cannot_be_changed(changed):
    call_command("load_brand", DATA / "brand.yaml")
    call_command("load_terms", DATA / "terms.yaml")
    other_words = changed("terms.yaml", ("Prices include VAT.", "Prices exclude VAT."))
    with pytest.raises(CommandError, match="is published already"):
        call_command("load_terms", other_words)
    assert "include VAT" in TermsVersion.objects.get().texts["en"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("market: CY", "market: ZZ", "market is 'ZZ', and there is no such market"),
        ("2020-01-01T00:00:00+02:00", "2020-01-01", r"versions\[1\].effective_at is '2020-01-01'"),
        ("      el: |", "      fr: |", r"versions\[1\].texts.el is missing"),
    ],
)
def test_faults_in_a_terms_file_are_said_with_their_place(changed, old, new, complaint):
    call_command("load_brand", DATA / "brand.yaml")
    with pytest.raises(CommandError, match=complaint):
        call_command("load_terms", changed("terms.yaml", (old, new)))
    assert not TermsVersion.objects.exists()
