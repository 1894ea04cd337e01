"""A catalogue file at the desk: chosen and looked at, then loaded as it was looked at."""

from dataclasses import dataclass
from hashlib import sha256

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.forms import ReasonForm
from portal.files.data_files import DataFileError
from portal.free_text import WithoutCardNumbers
from subscriptions.actions.catalogue import check_promises
from subscriptions.catalogue.file import CatalogueFile, read_catalogue
from subscriptions.catalogue.preview import Preview
from subscriptions.confirming import seal

LARGEST = 500_000
_SALT = "catalogue file"
# Whoever has looked at a file so long ago looks at it again.
_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the preview said that it changes (X10). How many cars there are may move on."""

    changes: str


class CatalogueFileForm(WithoutCardNumbers, forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Catalogue file"),
        help_text=gettext_lazy("YAML, 500 kB at most. It is read and compared, and not kept."),
        max_length=200,
    )

    def clean_file(self) -> CatalogueFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 500 kB."), code="too_large")
        try:
            content = upload.read().decode()
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is no text in UTF-8."), code="no_text") from error
        return _read(content, name=str(upload.name))


class LoadForm(ReasonForm):
    """The file travels with it, signed: nothing of it is kept before it is loaded, and no line break is lost."""

    catalogue = forms.CharField(widget=forms.HiddenInput, max_length=2 * LARGEST)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=1000)

    @classmethod
    def of(cls, file: CatalogueFile, preview: Preview, *, reason: str = "") -> "LoadForm":
        packed = signing.dumps(file.content, salt=_SALT, compress=True)
        return cls(initial={"catalogue": packed, "shown": seal(changes_shown(preview)), "reason": reason})

    def clean_catalogue(self) -> CatalogueFile:
        try:
            content = signing.loads(self.cleaned_data["catalogue"], salt=_SALT, max_age=_SECONDS)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("Choose the file once more."), code="forgotten") from error
        return _read(content, name=_("Catalogue file"))


def changes_shown(preview: Preview) -> Shown:
    return Shown(changes=sha256(repr(preview.changes).encode()).hexdigest())


def _read(content: str, *, name: str) -> CatalogueFile:
    try:
        file = read_catalogue(content, name=name)
        check_promises(file)
    except DataFileError as error:
        raise forms.ValidationError(str(error).splitlines(), code="wrong") from error
    return file
