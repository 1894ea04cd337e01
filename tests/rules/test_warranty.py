from datetime import date

import pytest

from garage.rules.warranty import StartSource, WarrantyStart, warranty_start

W, P, R = date(2024, 3, 1), date(2024, 2, 1), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ((W, P, R), WarrantyStart(on=W, source=StartSource.WARRANTY)),
        ((W, None, None), WarrantyStart(on=W, source=StartSource.WARRANTY)),
        ((None, P, R), WarrantyStart(on=P, source=StartSource.PURCHASE)),
        ((None, None, R), WarrantyStart(on=R, source=StartSource.FIRST_REGISTRATION)),
        ((None, None, None), None),
    ],
)
def test_c4_the_warranty_start_decides_then_the_purchase_then_the_first_registration(dates, expected):
    start, purchase, registration = dates
    assert warranty_start(warranty_start=start, purchased_on=purchase, first_registered_on=registration) == expected
