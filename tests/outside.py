"""What programs from outside find in a PDF that we made: qpdf and poppler where they are installed, else libraries."""

import io
import shutil
import subprocess
from pathlib import Path

import pikepdf

FACTUR_X = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def syntax_problems(pdf: bytes, folder: Path) -> list[str]:
    """`qpdf --check`; without the program, the same library through pikepdf."""
    file = folder / "checked.pdf"
    file.write_bytes(pdf)
    if shutil.which("qpdf"):
        done = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
        return [] if done.returncode == 0 else [done.stdout + done.stderr]
    with pikepdf.open(file) as document:
        return document.check_pdf_syntax()


def facts(pdf: bytes, folder: Path) -> dict[str, str]:
    """Pages, page size and whether it is tagged: `pdfinfo`; without the program, read by pikepdf."""
    file = folder / "read.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdfinfo"):
        done = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True)
        named = dict(line.split(":", 1) for line in done.stdout.splitlines())
        size = " x ".join(str(round(float(side))) for side in named["Page size"].split(" pts")[0].split(" x "))
        return {"pages": named["Pages"].strip(), "size": size, "tagged": named["Tagged"].strip()}
    with pikepdf.open(file) as document:
        box = document.pages[0].mediabox
        size = f"{round(float(box[2]))} x {round(float(box[3]))}"
        return {
            "pages": str(len(document.pages)),
            "size": size,
            "tagged": "yes" if document.Root.MarkInfo.Marked else "no",
        }


def claims(pdf: bytes) -> dict[str, str]:
    """What the metadata say the file is: archival, accessible, and carrying an invoice."""
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        names = ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part"]
        names += [
            f"{{{FACTUR_X}}}{name}" for name in ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
        ]
        return {name.rpartition("}")[2]: str(metadata[name]) for name in names}
