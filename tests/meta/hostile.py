"""What nobody should send: values, files, headers and bodies, and the requests that are made of them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from urllib.parse import quote, unquote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve
from PIL import Image

from tests.meta.page_forms import PageForm

# Shown as markup, it would stand in a page just so.
MARKUP = "<svg/onload=alert(1)>"
TOKEN, TOKEN_COOKIE = "csrfmiddlewaretoken", "csrftoken"
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
# Those of a group stand in one request: none of them ends it before the others are read.
HEADERS: list[dict[str, str]] = [
    {
        "Accept-Language": "x" * 5000,
        "User-Agent": "\x00" + MARKUP * 200,
        "X-Forwarded-For": "' OR 1=1, ::ffff:999.1.1.1",
        "Referer": "javascript:alert(1)",
        "Range": "bytes=9-1,0-99999999999999999999",
        "Accept": "application/\x00;q=x",
    },
    {
        "Accept-Language": "el;q=NaN, \x00, en;q=-1",
        "Referer": "http://[::1",
        "If-None-Match": '"' * 999,
        "If-Modified-Since": "Thu, 99 Foo 9999 99:99:99 GMT",
        "Idempotency-Key": "\x00" * 200,
        "Authorization": "Basic \x00 Bearer " + "x" * 5000,
    },
    {"HX-Request": "true", "HX-Current-URL": "http://[::1", "HX-Prompt": "\x00", "HX-Target": MARKUP},
    {"Cookie": "session=\x00; csrf={}; sessionid=../../x"},
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

    @property
    def request(self) -> tuple[object, ...]:
        """All but the words."""
        given = (sorted(self.headers.items()), self.upload)
        return (self.method, self.url, self.body, self.content_type, repr(given))

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


def without_repeating(attacks: Iterable[Attack]) -> Iterator[Attack]:
    """Of requests that are the same, in other words, the first."""
    sent = set()
    for attack in attacks:
        if attack.request not in sent:
            sent.add(attack.request)
            yield attack


def on_form(form: PageForm, *, every: bool) -> Iterator[Attack]:
    """`every` value in every field by itself, too; else all fields filled with one value.

    Without the token of the form, which is read before any page is asked: `on_token`."""
    names = [name for name in form.values if name != TOKEN]
    form = replace(form, values={name: form.values[name] for name in names})
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


def on_query(url: str, values: dict[str, str], *, every: bool) -> Iterator[Attack]:
    """All names with one value, three times, and as a list; `every` name by itself, too, beside the others' values."""
    given = {name: value for name, value in values.items() if value}
    parts: list[tuple[list[str], dict[str, str]]] = [(list(values), {})]
    parts += [([name], given) for name in values if every]
    for names, beside in parts:
        for kind, value in VALUES.items():
            yield _asked(url, {**beside, **dict.fromkeys(names, value[:2000])}, f"query, {names[0]}: {kind}")
        yield _asked(url, {**beside, **{name: ["1", "", "x"] for name in names}}, f"query, {names[0]}: three times")
        as_list = {f"{name}{end}": "1" for name in names for end in ("[]", "[a]")}
        yield _asked(url, {**beside, **as_list}, f"query, {names[0]}: as a list")


def on_any_query(url: str, names: Iterable[str]) -> Iterator[Attack]:
    """What may come back from a page that reads no name by itself: it stands in its links."""
    for kind in ("nothing", "markup", "another site", "a header"):
        yield _asked(url, dict.fromkeys(names, VALUES[kind]), f"query: {kind}")
    yield Attack(method="GET", url=f"{url.partition('?')[0]}?%00=%ff&&=&a%5b%5d=%f0", says="a query that is none")


def _asked(url: str, values: dict[str, str | list[str]], says: str) -> Attack:
    return Attack(method="GET", url=f"{url.partition('?')[0]}?{encoded(values)}", says=says)


def on_path(url: str, arguments: list[str]) -> Iterator[Attack]:
    """Each argument in its place, taken for something else. What is no page at all is one page: `nowhere`."""
    address, sep, query = url.partition("?")
    for given in dict.fromkeys(arguments):
        written = quote(given, safe="/~!*()'")
        if not written or f"/{written}" not in address:
            continue
        for other in PATHS:
            changed = address.replace(f"/{written}", f"/{_written(other)}", 1)
            if is_page(changed):
                yield Attack(method="GET", url=f"{changed}{sep}{query}", says=f"{given[:20]} is {other[:20]}")


def is_page(address: str) -> bool:
    try:
        resolve(unquote(address))
    except Resolver404:
        return False
    return True


def nowhere(under: str) -> Iterator[Attack]:
    """Addresses that no pattern takes."""
    for other in PATHS:
        for end in ("", "/"):
            yield Attack(method="GET", url=f"{under}no-page/{_written(other)}{end}", says=f"no page: {other[:20]}")


def _written(part: str) -> str:
    """What is no ASCII as a browser would write it; the rest is meant as it stands."""
    return part if part.isascii() else quote(part)


def on_request(url: str) -> Iterator[Attack]:
    """Around the fields: headers, and bodies that are no form. Only that of a POST is read: one does for PUT."""
    for headers in HEADERS:
        yield Attack(method="GET", url=url, says=f"header {next(iter(headers))}", headers=headers)
    for content_type, body in BODIES:
        yield _with_body("POST", url, content_type, body)
    yield _with_body("PUT", url, *BODIES[0])


def _with_body(method: str, url: str, content_type: str, body: bytes) -> Attack:
    said = f"a body of {content_type[:40]!r}"
    return Attack(method=method, url=url, says=said, body=body, content_type=content_type)


def on_token(form: PageForm) -> Iterator[Attack]:
    """Of a form that is not sent with its own token: in the field, in the cookie, in the header."""
    for kind, value in VALUES.items():
        yield _sent(form, {**form.values, TOKEN: value}, f"token: {kind}")
        written = quote(value[:2000].encode("utf-8", "surrogatepass"))
        for name in ("X-CSRFToken", "Cookie"):
            headers = {name: f"{TOKEN_COOKIE}={written}" if name == "Cookie" else written}
            yield replace(_sent(form, {}, f"token in {name}: {kind}"), headers=headers)
