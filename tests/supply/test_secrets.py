"""ASVS 13.3.1: no secret lies in the repository. Known shapes of keys, in every file that is kept in it.

What gives a variable that sounds like a secret a fixed text is found by ruff (S105 to S107).
"""

import re
import subprocess

import pytest

from tests.meta.test_layout import ROOT

SHAPES = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/]{40}",
    "a key of Stripe": r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{20,}",
    "a secret of a webhook": r"\bwhsec_[0-9A-Za-z+/]{24,}",
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[0-9A-Za-z]{36}",
    "a token of GitLab": r"\bglpat-[0-9A-Za-z_-]{20}",
    "a token of PyPI": r"\bpypi-AgEIcHlwaS[0-9A-Za-z_-]{40}",
    "a token of Slack": r"\bxox[abposr]-[0-9A-Za-z-]{20,}",
    "a key of Google": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a key of SendGrid": r"\bSG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}",
    "a signed token": r"\beyJ[0-9A-Za-z_-]{15,}\.eyJ[0-9A-Za-z_-]{15,}\.[0-9A-Za-z_-]{20,}",
    "a password in an address": r"://[^\s/:@\"'{}<>]{1,80}:(?!\d+\\*@)[^\s/:@\"'{}<>]{1,80}@",
}
# Invented, and meant to look so.
BASELINE = {"://user:password@", "://user:hidden@"}
NOT_READ = (".png", ".woff2", ".mo", ".ico", ".pdf", ".jpg", ".zip")
SHAPE = re.compile("|".join(f"(?:{shape})" for shape in SHAPES.values()))


def kept_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and not name.endswith(NOT_READ)]


def test_no_file_that_is_kept_has_what_looks_like_a_secret():
    texts = ((name, (ROOT / name).read_text(errors="replace")) for name in kept_files() if (ROOT / name).is_file())
    found = [(name, each) for name, text in texts for each in SHAPE.findall(text)]
    assert [(name, each) for name, each in found if each not in BASELINE] == []


@pytest.mark.parametrize(
    "written",
    [
        "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64,
        "sk_live_" + "a" * 24,
        "AKIA" + "A" * 16,
        "ghp_" + "a" * 36,
        "postgresql://portal:" + "secret@db/portal",
        ".".join(("eyJ" + "a" * 20, "eyJ" + "b" * 20, "c" * 30)),
    ],
)
def test_a_secret_would_be_found(written):
    assert SHAPE.search(written)


def test_what_holds_secrets_is_never_kept():
    ignored = ["var/production/key.pem", ".env", "portal.key", "backup.dump"]
    asked = subprocess.run(["git", "check-ignore", *ignored], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.stdout.split() == ignored
