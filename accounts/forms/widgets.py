"""Widgets that forms of the account share."""

from django import forms


def text_input(autocomplete: str, **attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})
