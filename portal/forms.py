"""How every form of the site is drawn: `FORM_RENDERER = "portal.forms.PortalRenderer"`."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class PortalBoundField(forms.BoundField):
    """A field that knows how it wants to be laid out, so that the template compares no widget names."""

    @property
    def is_single_checkbox(self) -> bool:
        """A box stands before its label; every other control stands below it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_optional(self) -> bool:
        """The exception is marked, not the rule: required fields carry no sign."""
        return not self.field.required and not self.is_single_checkbox

    @property
    def target(self) -> str:
        """The id an error summary links to: the control, or the first of a group of them."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.id_for_label

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """No placeholders, not even a library's: they vanish while typing; an example belongs to the help text."""
        return super().build_widget_attrs(attrs, widget) | {"placeholder": False}


class PortalRenderer(TemplatesSetting):
    """Label above, help before the control, error beside it, a summary with links at the top.

    Needs `django.forms` among the installed apps, so that the stock widgets are found by the site's own loaders.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = PortalBoundField
