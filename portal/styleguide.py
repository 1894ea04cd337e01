"""A living page with each component in each state; routed in development and tests only.

Its sample sentences stand here in both languages, so that the translations of the product stay free of them.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language


def say(english: str, greek: str) -> str:
    return greek if get_language() == "el" else english


class SampleForm(forms.Form):
    """One field of each kind; bound with nothing it shows each error."""

    vin = forms.CharField(max_length=17)
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    country = forms.ChoiceField()
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    channel = forms.ChoiceField(widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    odometer = forms.IntegerField(
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}), disabled=True, initial=12480
    )
    terms = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in sample_labels().items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        self.fields["country"].choices = [("CY", say("Cyprus", "Κύπρος")), ("GR", say("Greece", "Ελλάδα"))]  # type: ignore[attr-defined]
        self.fields["channel"].choices = sample_channels()  # type: ignore[attr-defined]
        self.fields["kinds"].choices = sample_channels()  # type: ignore[attr-defined]


def sample_labels() -> dict[str, tuple[str, str]]:
    return {
        "vin": (
            say("Vehicle identification number", "Αριθμός πλαισίου οχήματος (VIN)"),
            say(
                "17 characters, on the windscreen and in the registration certificate.",
                "17 χαρακτήρες, στο παρμπρίζ και στο πιστοποιητικό εγγραφής.",
            ),
        ),
        "email": (say("E-mail address", "Διεύθυνση ηλεκτρονικού ταχυδρομείου"), ""),
        "country": (say("Country", "Χώρα"), ""),
        "note": (say("Anything we should know", "Κάτι που πρέπει να γνωρίζουμε"), ""),
        "channel": (
            say("How may we reach you?", "Πώς μπορούμε να επικοινωνήσουμε μαζί σας;"),
            say("We use it for this case only.", "Το χρησιμοποιούμε μόνο για αυτή την υπόθεση."),
        ),
        "kinds": (say("Also send notices by", "Αποστολή ειδοποιήσεων και μέσω"), ""),
        "odometer": (say("Odometer, km", "Χιλιομετρητής, χλμ."), say("Sent by the car.", "Εστάλη από το αυτοκίνητο.")),
        "terms": (say("I accept the Terms of Use", "Αποδέχομαι τους Όρους Χρήσης"), ""),
    }


def sample_channels() -> list[tuple[str, str]]:
    return [
        ("email", say("E-mail", "Ηλεκτρονικό ταχυδρομείο")),
        ("phone", say("Telephone, on weekdays", "Τηλέφωνο, τις εργάσιμες ημέρες")),
    ]


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


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, in the language of the request."""
    context = sample_state() | {
        "t": SAMPLE_WORDS_EL if get_language() == "el" else SAMPLE_WORDS_EN,
        "form": SampleForm(prefix="fresh"),
        "wrong_form": SampleForm({"wrong-vin": "JTHO1"}, prefix="wrong"),
        "page": Paginator(range(60), 20).page(2),
        "charge_on": date(2024, 6, 10),
        "seen_at": datetime(2024, 6, 10, 11, 5, tzinfo=UTC),
        "price": Decimal("99.00"),
        "refund": Decimal("66.00"),
    }
    return render(request, "styleguide.html", context)


SAMPLE_WORDS_EN = {
    "title": "Design system",
    "lead": "Every component in each of its states, in the language of this page.",
    "buttons": "Buttons",
    "order": "Order for €99.00",
    "later": "Decide later",
    "back": "Back to the car",
    "remove": "Remove the car",
    "unavailable": "Not available yet",
    "figures": "Figures and dates",
    "next_charge": "Next charge",
    "next_text": "€99.00 will be charged to Visa ending in 4242 for the following year.",
    "range": "Range",
    "range_text": "As the car reported at 14:05.",
    "km": "km",
    "score": "Driving score, May",
    "score_text": "Indicative. The mean of 38 trips, weighted by distance.",
    "status": "Status",
    "active": "Active",
    "ends": "Ends on 10 June",
    "declined": "Declined",
    "trial": "Free month",
    "none": "Not activated",
    "notice_good": "Your order is complete. We have sent the contract to your e-mail address.",
    "notice_warn": "Your primary card expires at the end of this month.",
    "notice_bad": "The bank declined the charge. We will try again tomorrow; the service stays on until then.",
    "notice_info": "Terms of Use have changed. Please read and accept them within 14 days.",
    "add_card": "Add a card",
    "steps": "Purchase",
    "first": "First steps",
    "plans": "Choose a plan",
    "monthly": "Monthly",
    "monthly_price": "€9.90",
    "monthly_text": "Charged every month. Cancel at any time, to the end of the month.",
    "yearly": "Yearly",
    "yearly_price": "€99.00",
    "yearly_text": "Charged once a year. Unused months are refunded.",
    "yearly_badge": "First month free",
    "four": "Four-yearly",
    "four_price": "€349.00",
    "four_text": "Not available for this car.",
    "before": "Before you confirm",
    "end_label": "Services end on",
    "refund_label": "You get back",
    "consequence": "8 of 12 months are refunded to Visa ending in 4242 within 7 days. This cannot be undone.",
    "history": "What happened when",
    "invoices": "Invoices",
    "caption": "Three documents, newest last",
    "date": "Date",
    "number": "Number",
    "car": "Car",
    "amount": "Amount",
    "state": "State",
    "year": "Year",
    "filter": "Show",
    "empty": "No trips yet",
    "empty_text": "The first one appears here within an hour of parking.",
    "empty_action": "Why is a trip missing?",
    "faq": "How do I prove that it is my car?",
    "faq_text": "Read the odometer with the car switched on and type it in. It must match what the car last sent.",
    "upload": "Reading 12 of 40 documents",
    "forms": "Forms",
    "send": "Send",
    "cars": "Cars",
    "vehicle": "Vehicle",
    "card_link": "See its services",
}

SAMPLE_WORDS_EL = {
    "title": "Σύστημα σχεδίασης",
    "lead": "Κάθε στοιχείο σε καθεμία από τις καταστάσεις του, στη γλώσσα αυτής της σελίδας.",
    "buttons": "Κουμπιά",
    "order": "Παραγγελία με υποχρέωση πληρωμής 99,00 €",
    "later": "Θα αποφασίσω αργότερα",
    "back": "Επιστροφή στο αυτοκίνητο",
    "remove": "Αφαίρεση του αυτοκινήτου",
    "unavailable": "Μη διαθέσιμο προς το παρόν",
    "figures": "Αριθμοί και ημερομηνίες",
    "next_charge": "Επόμενη χρέωση",
    "next_text": "99,00 € θα χρεωθούν στην κάρτα Visa που λήγει σε 4242 για το επόμενο έτος.",
    "range": "Αυτονομία",
    "range_text": "Όπως ανέφερε το αυτοκίνητο στις 14:05.",
    "km": "χλμ.",
    "score": "Βαθμολογία οδήγησης, Μάιος",
    "score_text": "Ενδεικτικά. Ο μέσος όρος 38 διαδρομών, σταθμισμένος κατά την απόσταση.",
    "status": "Κατάσταση",
    "active": "Ενεργή",
    "ends": "Λήγει στις 10 Ιουνίου",
    "declined": "Απορρίφθηκε",
    "trial": "Δωρεάν μήνας",
    "none": "Δεν έχει ενεργοποιηθεί",
    "notice_good": "Η παραγγελία σας ολοκληρώθηκε. Στείλαμε τη σύμβαση στη διεύθυνση ηλεκτρονικού ταχυδρομείου σας.",
    "notice_warn": "Η κύρια κάρτα σας λήγει στο τέλος του μήνα.",
    "notice_bad": "Η τράπεζα απέρριψε τη χρέωση. Θα προσπαθήσουμε ξανά αύριο· η υπηρεσία παραμένει ενεργή έως τότε.",
    "notice_info": "Οι Όροι Χρήσης άλλαξαν. Διαβάστε και αποδεχτείτε τους εντός 14 ημερών.",
    "add_card": "Προσθήκη κάρτας",
    "steps": "Αγορά",
    "first": "Πρώτα βήματα",
    "plans": "Επιλέξτε πρόγραμμα",
    "monthly": "Μηνιαίο",
    "monthly_price": "9,90 €",
    "monthly_text": "Χρεώνεται κάθε μήνα. Ακυρώνεται οποτεδήποτε, έως το τέλος του μήνα.",
    "yearly": "Ετήσιο",
    "yearly_price": "99,00 €",
    "yearly_text": "Χρεώνεται μία φορά τον χρόνο. Οι μήνες που δεν χρησιμοποιήθηκαν επιστρέφονται.",
    "yearly_badge": "Πρώτος μήνας δωρεάν",
    "four": "Τετραετές",
    "four_price": "349,00 €",
    "four_text": "Δεν διατίθεται για αυτό το αυτοκίνητο.",
    "before": "Πριν επιβεβαιώσετε",
    "end_label": "Οι υπηρεσίες λήγουν στις",
    "refund_label": "Θα σας επιστραφούν",
    "consequence": "8 από τους 12 μήνες επιστρέφονται στην κάρτα Visa που λήγει σε 4242 εντός 7 ημερών.",
    "history": "Τι έγινε και πότε",
    "invoices": "Τιμολόγια",
    "caption": "Τρία έγγραφα, το νεότερο τελευταίο",
    "date": "Ημερομηνία",
    "number": "Αριθμός",
    "car": "Αυτοκίνητο",
    "amount": "Ποσό",
    "state": "Κατάσταση",
    "year": "Έτος",
    "filter": "Εμφάνιση",
    "empty": "Δεν υπάρχουν ακόμη διαδρομές",
    "empty_text": "Η πρώτη εμφανίζεται εδώ εντός μίας ώρας από τη στάθμευση.",
    "empty_action": "Γιατί λείπει μια διαδρομή;",
    "faq": "Πώς αποδεικνύω ότι είναι το αυτοκίνητό μου;",
    "faq_text": "Διαβάστε τον χιλιομετρητή με το αυτοκίνητο σε λειτουργία και πληκτρολογήστε την ένδειξη.",
    "upload": "Ανάγνωση 12 από 40 εγγράφων",
    "forms": "Φόρμες",
    "send": "Αποστολή",
    "cars": "Αυτοκίνητα",
    "vehicle": "Όχημα",
    "card_link": "Δείτε τις υπηρεσίες του",
}
