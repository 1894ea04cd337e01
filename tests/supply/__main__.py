"""`make sbom`: writes the bill of materials of production, and checks its format."""

from tests.meta.test_layout import ROOT
from tests.supply.bill import bill_of, check_format
from tests.supply.pins import PRODUCT, pins_of

TARGET = ROOT / "var" / "sbom.json"

if __name__ == "__main__":
    packages = pins_of(PRODUCT)
    bill = bill_of(packages)
    check_format(bill)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(bill + "\n")
    print(f"{len(packages)} packages, CycloneDX 1.6: {TARGET.relative_to(ROOT)}")
