import re

from django import forms

from portal.forms import PortalRenderer

CHANNELS = [("a", "E-mail"), ("b", "Telephone")]


class CarForm(forms.Form):
    default_renderer = PortalRenderer

    vin = forms.CharField(label="VIN", help_text="17 characters", widget=forms.TextInput(attrs={"placeholder": "VIN"}))
    note = forms.CharField(label="Note", required=False)
    channel = forms.ChoiceField(label="Channel", choices=CHANNELS, widget=forms.RadioSelect)
    terms = forms.BooleanField(label="I accept")


def test_label_help_error_and_control_stand_in_that_order():
    shown = str(CarForm({"note": "kept"})["vin"].as_field_group())
    places = [shown.index(part) for part in ("<label", "17 characters", 'id="id_vin_error"', "<input")]
    assert places == sorted(places)


def test_a_wrong_field_names_its_help_and_its_error():
    shown = str(CarForm({})["vin"])
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_vin_helptext id_vin_error"' in shown


def test_the_summary_links_to_every_wrong_field():
    shown = str(CarForm({}))
    links = re.findall(r'<a href="#([^"]+)"', shown)
    assert links == ["id_vin", "id_channel_0", "id_terms"]
    assert all(f'id="{link}"' in shown for link in links)


def test_a_form_without_errors_has_no_summary_and_marks_only_the_optional():
    shown = str(CarForm())
    assert "error-summary" not in shown
    assert shown.count("field__optional") == 1


def test_an_error_of_the_whole_form_is_in_the_summary():
    form = CarForm({})
    form.add_error(None, "This car is already in your garage.")
    assert "This car is already in your garage." in str(form)


def test_what_was_typed_is_kept():
    assert 'value="JTH1"' in str(CarForm({"vin": "JTH1"}))


def test_a_checkbox_stands_before_its_label():
    shown = str(CarForm()["terms"].as_field_group())
    assert shown.index("<input") < shown.index("<label")


def test_choices_are_a_group_with_a_legend():
    shown = str(CarForm({})["channel"].as_field_group())
    assert '<fieldset aria-describedby="id_channel_error"' in shown
    assert "<legend>Channel</legend>" in shown


def test_no_placeholder_repeats_the_label():
    assert "placeholder" not in str(CarForm())
