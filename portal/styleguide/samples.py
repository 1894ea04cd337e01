"""Lists in the shape in which the components take them."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.styleguide.words import say


def sample_state() -> dict[str, Any]:
    """Lists that the components take, in the shape that they take them."""
    return {
        "crumbs": [
            {"label": say("Connected Services", "Συνδεδεμένες υπηρεσίες"), "url": "#"},
            {"label": "RX 450h+", "url": "#"},
            {"label": say("Remote Services", "Απομακρυσμένες υπηρεσίες")},
        ],
        "tabs": [
            {"label": say("Overview", "Επισκόπηση"), "url": "#", "is_current": True},
            {"label": say("Driving", "Οδήγηση"), "url": "#"},
            {"label": say("Service and maintenance", "Σέρβις και συντήρηση"), "url": "#"},
            {"label": say("Manuals", "Εγχειρίδια"), "url": "#"},
        ],
        "steps": [
            {"label": say("Plan", "Πρόγραμμα"), "url": "#", "is_done": True},
            {"label": say("Card and address", "Κάρτα και διεύθυνση"), "is_current": True},
            {"label": say("Summary", "Σύνοψη")},
            {"label": say("Done", "Ολοκλήρωση")},
        ],
        "facts": [
            {
                "label": say("Registration plate", "Αριθμός κυκλοφορίας"),
                "value": "KZA 482",
            },
            {"label": say("Multimedia generation", "Γενιά πολυμέσων"), "value": "MM21"},
            {
                "label": say("Warranty until", "Εγγύηση έως"),
                "value": say("9 February 2027", "9 Φεβρουαρίου 2027"),
            },
        ],
        "first_steps": [
            {"title": say("Your account is active", "Ο λογαριασμός σας είναι ενεργός"), "is_done": True},
            {
                "title": say("Prove access to your car", "Αποδείξτε την πρόσβαση στο αυτοκίνητό σας"),
                "text": say(
                    "Read the odometer and type it in. It takes a minute.",
                    "Διαβάστε τον χιλιομετρητή και πληκτρολογήστε την ένδειξη. Διαρκεί ένα λεπτό.",
                ),
                "is_next": True,
                "url": "#",
                "action": say("Prove access", "Απόδειξη πρόσβασης"),
            },
            {"title": say("Choose your services", "Επιλέξτε τις υπηρεσίες σας")},
        ],
        "events": [
            {"date": date(2024, 2, 10), "title": say("Ordered, free month began", "Παραγγελία, έναρξη δωρεάν μήνα")},
            {
                "date": date(2024, 3, 10),
                "title": say("€99.00 paid by Visa 4242", "Πληρωμή 99,00 € με Visa 4242"),
                "text": say("Invoice 2024-000117", "Τιμολόγιο 2024-000117"),
                "tone": "good",
            },
            {
                "date": date(2025, 3, 10),
                "title": say("The bank declined the charge", "Η τράπεζα απέρριψε τη χρέωση"),
                "tone": "bad",
            },
            {"date": date(2025, 3, 11), "title": say("Second try", "Δεύτερη προσπάθεια"), "is_planned": True},
        ],
        "rows": [
            (date(2024, 3, 10), "2024-000117", "RX 450h+", Decimal("99.00"), "good", say("Paid", "Πληρωμένο")),
            (date(2024, 6, 10), "2024-000240", "ES 300h", Decimal("1249.50"), "bad", say("Declined", "Απορρίφθηκε")),
            (date(2024, 6, 30), "2024-000251", "RX 450h+", Decimal("8.25"), "neutral", say("Refunded", "Επιστράφηκε")),
        ],
        "cars": [
            ("saloon", "#e4e5e3"),
            ("suv", "#7a1f28"),
            ("coupe", "#c9a227"),
            ("hatchback", "#35506b"),
            ("suv", "#1c1d1f"),
            ("saloon", "#5b6064"),
        ],
    }
