"""How many files a message may carry, how large, and of which kinds (H5)."""

from collections.abc import Sequence

MOST_FILES = 5
MOST_BYTES = 5_000_000
MOST_BYTES_TOGETHER = 15_000_000
MOST_FILES_OF_A_CASE = 20
MOST_PIXELS = 25_000_000
MOST_PAGES = 100
LONGEST_NAME = 80

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
ENDINGS = {JPEG: "jpg", PNG: "png", PDF: "pdf"}


def fault_of_sizes(sizes: Sequence[int], *, kept_already: int = 0) -> str:
    """The code of what is wrong with the sizes in bytes of a message's files: "" if nothing is."""
    if len(sizes) > MOST_FILES:
        return "too_many_files"
    if kept_already + len(sizes) > MOST_FILES_OF_A_CASE:
        return "too_many_files_of_case"
    if any(size > MOST_BYTES for size in sizes) or sum(sizes) > MOST_BYTES_TOGETHER:
        return "files_too_large"
    return "file_empty" if 0 in sizes else ""


def kind_by_first_bytes(data: bytes) -> str:
    """JPEG, PNG, WEBP or PDF, whatever the file is called; "" for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "PDF" if data.startswith(b"%PDF-") else ""


def safe_name(given: str, media_type: str) -> str:
    """The name for a download: letters, digits and a few signs of what was given, and the ending of what it is."""
    stem = given.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    plain = "".join(sign if sign.isalnum() or sign in "-_ ()" else "_" for sign in stem)
    return f"{' '.join(plain.split())[:LONGEST_NAME].strip() or 'file'}.{ENDINGS[media_type]}"
