"""Messages of Django and allauth that our pages show and that we word ourselves.

A package's own catalogue serves all its other messages. These are the ones that a Greek reader would meet in English,
or in words that say something else than the rest of the portal (another word for password, a slip of spelling).
"""

from portal.translating.message import Message

_ADMIN = "django/contrib/admin/templates/admin"

# By the file of the package that asks for them, so that a test notices when an upgrade changes one.
PACKAGE_MESSAGES: dict[str, tuple[Message, ...]] = {
    "django/contrib/auth/password_validation.py": (
        Message(
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
        ),
        Message("The password is too similar to the %(verbose_name)s."),
        Message("This password is too common."),
    ),
    "django/core/validators.py": (
        Message("Enter a valid email address."),
        Message(
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        ),
        Message(
            "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        ),
    ),
    "django/forms/fields.py": (
        Message("This field is required."),
        Message("Select a valid choice. %(value)s is not one of the available choices."),
    ),
    "django/forms/models.py": (Message("Select a valid choice. That choice is not one of the available choices."),),
    "allauth/account/adapter.py": (Message("You cannot remove your primary email address."),),
    "allauth/account/forms.py": (Message("You must type the same password each time."),),
    "django/contrib/admin/options.py": (Message("Select this object for an action - {}"),),
    "django/contrib/admin/templatetags/admin_list.py": (Message("Select all objects on this page for an action"),),
    f"{_ADMIN}/base.html": (Message("Skip to main content"), Message("Breadcrumbs")),
    f"{_ADMIN}/nav_sidebar.html": (
        Message("Sidebar"),
        Message("Start typing to filter…"),
        Message("Filter navigation items"),
    ),
    f"{_ADMIN}/color_theme_toggle.html": (
        Message("Toggle theme (current theme: auto)"),
        Message("Toggle theme (current theme: light)"),
        Message("Toggle theme (current theme: dark)"),
    ),
    f"{_ADMIN}/app_list.html": (
        Message("Model name"),
        Message("Add link"),
        Message("Change or view list link"),
    ),
    f"{_ADMIN}/index.html": (Message("Added:"), Message("Changed:"), Message("Deleted:")),
    f"{_ADMIN}/change_list.html": (Message("Show counts"), Message("Hide counts")),
    f"{_ADMIN}/object_history.html": (Message("entry", "entries"),),
}
