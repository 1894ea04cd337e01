"""What nobody should send: values, files, headers and bodies, and the requests that are made of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.meta.page_forms import PageForm

# Shown as markup, it would stand in a page just so.
MARKUP = "<svg/onload=alert(1)>"
TYPED = "application/x-www-form-urlencoded"
VALUES: dict[str, str] = {
    "nothing": "",
    "blank": " \t\r\n ",
    "very long": "Ж" * 20_000,
    "a NUL": "a\x00b",
    "a surrogate": "a\ud800b",
    "right to left": "\u202e\u2066gnp.\u2069exe",
    "combining": "e" + "\u0301" * 400,
    "quotes of SQL": "'; DROP TABLE accounts_account; -- \" %s %(x)s \\",
    "markup": f"\"'>{MARKUP}",
    "a template": "{{ 7|add:7 }}{% debug %}${7*7}#{7*7}",
    "a header": "a\r\nBcc: victim@example.com\r\n\r\nb",
    "a huge number": "9" * 400,
    "a number beyond 64 bits": "9223372036854775808",
    "a negative number": "-1",
    "no finite number": "NaN",
    "an infinite number": "Infinity",
    "a large exponent": "1e999999",
    "foreign digits": "٣٤٥",
    "superscript": "²",
    "the year 0": "0000-00-00",
    "the last year": "9999-12-31",
    "the first day": "0001-01-01",
    "no day": "2026-02-31",
    "JSON": '{"a": [1, null]}',
    "a path": "../../../../etc/passwd",
    "another site": "//evil.example/",
    "a backslash": "/\\evil.example",
    "a script": "javascript:alert(1)",
    "an address": "http://169.254.169.254/latest/",
    "an unclosed bracket": "[(((((*",
    "an address with a line": "a@example.com\nBcc: b@example.com",
    "true": "true",
}
FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("photo.jpg", b"", "image/jpeg"),
    "no picture": ("photo.jpg", b"<html><script>alert(1)</script>", "image/jpeg"),
    "a picture cut off": ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "image/png"),
    "a drawing with a script": (
        "a.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "image/svg+xml",
    ),
    "a name that climbs": ("../../../../tmp/x\r\n.jpg", b"GIF89a", "image/gif"),
    "a name without end": ("ж" * 3000 + ".pdf", b"%PDF-1.7 nothing", "application/pdf"),
    "a ZIP": ("a.zip", b"PK\x03\x04" + b"\x00" * 100, "application/zip"),
    "no kind": ("", b"\xff\xfe\x00", ""),
}
PATHS = ["0", "-1", "9" * 40, "%00", "a%00b", "%ff%fe", "..%2f..%2fetc", "ж" * 300, "%F0%9F%98%80", "x" * 5000]
PATHS += ["00000000-0000-0000-0000-000000000000", "2026-13", "0000-00", "9999-12", "2026-00-99", "%5c%5cevil", "null"]
HEADERS: list[dict[str, str]] = [
    {"Accept-Language": "x" * 5000},
    {"Accept-Language": "el;q=NaN, \x00, en;q=-1"},
    {"User-Agent": "\x00" + MARKUP * 200},
    {"X-Forwarded-For": "' OR 1=1, ::ffff:999.1.1.1"},
    {"Referer": "javascript:alert(1)"},
    {"Referer": "http://[::1"},
    {"If-None-Match": '"' * 999},
    {"If-Modified-Since": "Thu, 99 Foo 9999 99:99:99 GMT"},
    {"Range": "bytes=9-1,0-99999999999999999999"},
    {"HX-Request": "true", "HX-Current-URL": "http://[::1", "HX-Prompt": "\x00"},
    {"Cookie": "session=\x00; csrf={}; sessionid=../../x"},
    {"Idempotency-Key": "\x00" * 200},
    {"Accept": "application/\x00;q=x"},
]
BODIES: list[tuple[str, bytes]] = [
    ("application/json", json.dumps({"a": [None, {"b": 1e300}]}).encode()),
    ("application/json", b"{" * 4000),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=\x01", b"--\x01--"),
    (TYPED + "; charset=utf-7", b"a=+ADw-script+AD4-"),
    (TYPED + "; charset=nonsense", b"a=%ff%fe"),
    (TYPED, b"&".join(b"a%d=1" % nth for nth in range(300))),
    (TYPED, b"a=" + b"x" * 1_100_000),
    ("text/plain\x00", b"\x00\xff"),
    ("", b""),
]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One request, and in words what is wrong with it."""

    method: str
    url: str
    says: str
    body: bytes = b""
    content_type: str = TYPED
    headers: dict[str, str] = field(default_factory=dict)
    upload: tuple[str, str, dict[str, str]] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.url[:120]} ({self.says})"

    def send(self, client):
        if self.upload:
            return self._uploaded(client)
        given = {} if self.method == "GET" else {"data": self.body, "content_type": self.content_type}
        return client.generic(self.method, self.url, headers=self.headers, **given)

    def _uploaded(self, client):
        name, kind, values = self.upload
        title, content, media_type = FILES.get(kind) or ("huge.png", _wide_picture(), "image/png")
        file = SimpleUploadedFile("x", content, media_type)
        # Beside Django's own cleaning, which whoever writes the request does not call.
        file._name = title
        return client.post(self.url, {**values, name: file})


def _wide_picture() -> bytes:
    """A small file that would need hundreds of megabytes once it is opened."""
    written = BytesIO()
    Image.new("1", (12_000, 12_000)).save(written, "PNG")
    return written.getvalue()


def on_form(form: PageForm, *, every: bool) -> Iterator[Attack]:
    """`every` value in every field by itself; else all fields filled with one value."""
    names = list(form.values)
    for kind, value in VALUES.items():
        yield _sent(form, dict.fromkeys(names, value), f"all fields: {kind}")
        for name in names if every else []:
            yield _sent(form, {**form.values, name: value}, f"{name}: {kind}")
    for name in names:
        yield _sent(form, {each: value for each, value in form.values.items() if each != name}, f"without {name}")
        yield _sent(form, {**form.values, name: ["1", "2", form.values[name]]}, f"{name} three times")
        yield _sent(form, {**form.values, f"{name}[]": "1", f"{name}[a]": "1"}, f"{name} as a list")
    yield _sent(form, {}, "nothing at all")
    for name in form.files:
        for kind in [*FILES, "a wide picture"]:
            upload = (name, kind, {each: value for each, value in form.values.items() if each != name})
            yield Attack(method="POST", url=form.action, says=f"{name}: {kind}", upload=upload)


def _sent(form: PageForm, values: dict[str, str | list[str]], says: str) -> Attack:
    typed = encoded(values)
    address = form.action.partition("#")[0]
    if form.method == "post":
        return Attack(method="POST", url=address, says=says, body=typed.encode())
    return Attack(method="GET", url=f"{address.partition('?')[0]}?{typed}", says=says)


def encoded(values: dict[str, str | list[str]]) -> str:
    """As a browser would write it, and a surrogate as only a program would."""
    pairs = [(name, each) for name, value in values.items() for each in ([value] if isinstance(value, str) else value)]
    return urlencode(
        [(name.encode("utf-8", "surrogatepass"), each.encode("utf-8", "surrogatepass")) for name, each in pairs]
    )


def on_query(url: str, names: list[str]) -> Iterator[Attack]:
    """All parameters with one value; then all three times."""
    address = url.partition("?")[0]
    for kind, value in VALUES.items():
        short = value[:2000]
        yield Attack(method="GET", url=f"{address}?{encoded(dict.fromkeys(names, short))}", says=f"query: {kind}")
    thrice = encoded({name: ["1", "", "x"] for name in names})
    yield Attack(method="GET", url=f"{address}?{thrice}", says="query: all three times")
    yield Attack(method="GET", url=f"{address}?%00=%ff&&=&a%5b%5d=%f0", says="a query that is none")


def on_path(url: str, arguments: list[str]) -> Iterator[Attack]:
    """Each argument in its place, taken for something else."""
    address, _sep, query = url.partition("?")
    for given in dict.fromkeys(arguments):
        written = quote(given, safe="/~!*()'")
        if not written or f"/{written}" not in address:
            continue
        for other in PATHS:
            changed = address.replace(f"/{written}", f"/{other if other.isascii() else quote(other)}", 1)
            yield Attack(
                method="GET", url=f"{changed}?{query}" if query else changed, says=f"{given[:20]} is {other[:20]}"
            )


def on_request(url: str) -> Iterator[Attack]:
    """Around the fields: headers, and bodies that are no form."""
    for headers in HEADERS:
        yield Attack(method="GET", url=url, says=f"header {next(iter(headers))}", headers=headers)
    for content_type, body in BODIES:
        for method in ("POST", "PUT"):
            yield Attack(
                method=method, url=url, says=f"a body of {content_type[:40]!r}", body=body, content_type=content_type
            )
