"""The sentences of the sandbox's pages, in English and Greek. It is a process without Django, so without gettext."""

LANGUAGES = ("en", "el")
TEXTS: dict[str, tuple[str, str]] = {
    "test_banner": (
        "Test provider. No money moves here. Never type the number of a real card.",
        "Δοκιμαστικός πάροχος. Εδώ δεν μετακινούνται χρήματα. Μην πληκτρολογήσετε ποτέ αριθμό πραγματικής κάρτας.",
    ),
    "provider": ("Sandbox Payments", "Sandbox Payments"),
    "error_title": ("Error:", "Σφάλμα:"),
    "card_title": ("Add a card", "Προσθήκη κάρτας"),
    "card_intro": (
        "You were sent here from {origin} and will be sent back there.",
        "Ήρθατε εδώ από το {origin} και θα επιστρέψετε εκεί.",
    ),
    "summary": ("Please check what you typed", "Ελέγξτε τα στοιχεία που πληκτρολογήσατε"),
    "number": ("Card number", "Αριθμός κάρτας"),
    "number_help": ("One of the test numbers on this page.", "Ένας από τους δοκιμαστικούς αριθμούς αυτής της σελίδας."),
    "expiry": ("Expiry date", "Ημερομηνία λήξης"),
    "expiry_help": ("Month and year, such as 07/30.", "Μήνας και έτος, για παράδειγμα 07/30."),
    "cvc": ("Security code (CVC)", "Κωδικός ασφαλείας (CVC)"),
    "cvc_help": (
        "Any three digits; for American Express four.",
        "Οποιαδήποτε τρία ψηφία· για American Express τέσσερα.",
    ),
    "name": ("Name on the card", "Όνομα στην κάρτα"),
    "name_help": ("Any name.", "Οποιοδήποτε όνομα."),
    "continue": ("Continue", "Συνέχεια"),
    "cancel": ("Cancel and go back", "Ακύρωση και επιστροφή"),
    "number_missing": ("Type the card number.", "Πληκτρολογήστε τον αριθμό της κάρτας."),
    "number_not_digits": (
        "A card number has digits only. Spaces and dashes are allowed.",
        "Ο αριθμός κάρτας έχει μόνο ψηφία. Επιτρέπονται κενά και παύλες.",
    ),
    "number_unknown_brand": (
        "This is not the number of a Visa, Mastercard or American Express card.",
        "Αυτός δεν είναι αριθμός κάρτας Visa, Mastercard ή American Express.",
    ),
    "number_length": (
        "Numbers of this brand have {wanted} digits; this one has {digits}.",
        "Οι αριθμοί αυτού του είδους κάρτας έχουν {wanted} ψηφία· αυτός έχει {digits}.",
    ),
    "number_mistyped": (
        "There is a slip in this number: its last digit does not fit the others.",
        "Υπάρχει λάθος στον αριθμό: το τελευταίο ψηφίο δεν ταιριάζει με τα υπόλοιπα.",
    ),
    "expiry_unreadable": (
        "Type month and year with a stroke between them, such as 07/30.",
        "Πληκτρολογήστε μήνα και έτος με κάθετη γραμμή ανάμεσα, για παράδειγμα 07/30.",
    ),
    "expiry_passed": ("This card has expired.", "Η κάρτα έχει λήξει."),
    "expiry_too_far": (
        "Please check the year: no card is valid for so long.",
        "Ελέγξτε το έτος: καμία κάρτα δεν ισχύει για τόσο πολύ.",
    ),
    "cvc_3_digits": ("Type the three digits of the security code.", "Πληκτρολογήστε τα τρία ψηφία του κωδικού."),
    "cvc_4_digits": (
        "Type the four digits of the American Express security code.",
        "Πληκτρολογήστε τα τέσσερα ψηφία του κωδικού της American Express.",
    ),
    "name_missing": ("Type the name on the card.", "Πληκτρολογήστε το όνομα που αναγράφεται στην κάρτα."),
    "numbers_title": ("Test numbers", "Δοκιμαστικοί αριθμοί"),
    "numbers_intro": (
        "With any expiry date to come. Every other Visa or Mastercard number that is well formed is accepted too.",
        "Με οποιαδήποτε μελλοντική λήξη. Κάθε άλλος έγκυρος αριθμός Visa ή Mastercard γίνεται επίσης δεκτός.",
    ),
    "credit": ("credit", "πιστωτική"),
    "debit": ("debit", "χρεωστική"),
    "ok": ("Every payment succeeds.", "Κάθε πληρωμή επιτυγχάνει."),
    "fails_3ds": (
        "The bank does not confirm the customer, so the card is not added.",
        "Η τράπεζα δεν επιβεβαιώνει τον πελάτη, γι’ αυτό η κάρτα δεν προστίθεται.",
    ),
    "insufficient_funds": (
        "Payments are declined: not enough money.",
        "Οι πληρωμές απορρίπτονται: ανεπαρκές υπόλοιπο.",
    ),
    "stolen": ("Payments are declined for good: stolen.", "Οι πληρωμές απορρίπτονται οριστικά: κλεμμένη κάρτα."),
    "expired": ("Payments are declined: expired.", "Οι πληρωμές απορρίπτονται: ληγμένη κάρτα."),
    "needs_authentication": (
        "The bank wants the customer to confirm each payment.",
        "Η τράπεζα ζητά από τον πελάτη να επιβεβαιώνει κάθε πληρωμή.",
    ),
    "provider_down": ("Payments fail: the provider is down.", "Οι πληρωμές αποτυγχάνουν: ο πάροχος δεν λειτουργεί."),
    "timeout_charged": (
        "The next payment is made, but its answer is lost.",
        "Η επόμενη πληρωμή γίνεται, αλλά η απάντηση χάνεται.",
    ),
    "timeout_not_charged": (
        "The next payment is lost on its way and not made.",
        "Η επόμενη πληρωμή χάνεται στην πορεία και δεν γίνεται.",
    ),
    "bank_title": ("Confirm that it is you", "Επιβεβαιώστε ότι είστε εσείς"),
    "bank_intro": (
        "Your bank asks whether you are adding the {brand} card ending in {last4} (3-D Secure).",
        "Η τράπεζά σας ρωτά αν προσθέτετε εσείς την κάρτα {brand} με τελευταία ψηφία {last4} (3-D Secure).",
    ),
    "bank_help": (
        "A real bank would ask in its app. Here you choose its answer.",
        "Μια πραγματική τράπεζα θα ρωτούσε στην εφαρμογή της. Εδώ επιλέγετε εσείς την απάντηση.",
    ),
    "charge_title": ("Confirm the payment", "Επιβεβαιώστε την πληρωμή"),
    "charge_intro": (
        "Your bank asks whether you are paying {amount} for {description} with the {brand} card ending in {last4}.",
        "Η τράπεζά σας ρωτά αν πληρώνετε εσείς {amount} ({description}): κάρτα {brand} με τελευταία ψηφία {last4}.",
    ),
    "confirm": ("Confirm", "Επιβεβαίωση"),
    "refuse": ("Refuse", "Απόρριψη"),
    "400": ("This request cannot be understood", "Το αίτημα δεν είναι κατανοητό"),
    "404": ("There is no such page here", "Δεν υπάρχει τέτοια σελίδα"),
    "404_help": (
        "The link may be incomplete. Please go back to the shop and start again.",
        "Ο σύνδεσμος μπορεί να είναι ελλιπής. Επιστρέψτε στο κατάστημα και ξεκινήστε ξανά.",
    ),
    "405": ("This page cannot be used that way", "Η σελίδα δεν χρησιμοποιείται με αυτόν τον τρόπο"),
    "413": ("That was too much at once", "Τα στοιχεία είναι υπερβολικά πολλά"),
    "415": ("This page reads forms only", "Η σελίδα δέχεται μόνο φόρμες"),
    "500": ("Something broke on our side", "Κάτι πήγε στραβά από τη δική μας πλευρά"),
    "error_help": (
        "Nothing was changed. Please go back and try again.",
        "Δεν άλλαξε τίποτα. Επιστρέψτε και δοκιμάστε ξανά.",
    ),
}


def known_language(wanted: str) -> str:
    """`el` for el, el-CY and the like; English for everything else."""
    return "el" if wanted.lower().startswith("el") else "en"


def say(language: str, key: str, **values: str) -> str:
    return TEXTS[key][LANGUAGES.index(language)].format(**values)
