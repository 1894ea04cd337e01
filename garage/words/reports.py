"""What is wrong with a report, in a sentence for whoever runs the car's backend (G10)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garage.rules.reports import KEPT_MONTHS, LIMITS, Fault, Problem

SENTENCES: dict[Problem, str | Promise] = {
    Problem.MISSING: _("%(field)s is missing."),
    Problem.WRONG_KIND: _("%(field)s is not of the kind that the description of the API says."),
    Problem.REPORT_ID: _("The id is 1 to 64 visible characters without spaces."),
    Problem.IN_FUTURE: _("%(field)s lies in the future."),
    Problem.TOO_OLD: _("%(field)s is longer ago than the %(months)d months for which reports are kept."),
    Problem.UNKNOWN_CODE: _("%(field)s has a code that is not known."),
    Problem.EMPTY: _("Nothing is reported."),
    Problem.UNKNOWN_VIN: _("No car with this VIN is known."),
}
_OUT_OF_LIMITS = _("%(field)s must be from %(least)s to %(most)s.")
# Right, and not kept: it would be nobody's (D4).
NOBODYS = _("No account had control of the car at that moment. Of such a report only the odometer is kept.")
_ODD_LIST = _("%(field)s names something twice, or too many things.")


def fault_sentence(fault: Fault) -> str:
    if fault.problem == Problem.OUT_OF_RANGE:
        least, most = LIMITS.get(fault.field, (None, None))
        sentence = _ODD_LIST if least is None else _OUT_OF_LIMITS
        return str(sentence) % {"field": fault.field, "least": least, "most": most}
    return str(SENTENCES[fault.problem]) % {"field": fault.field, "months": KEPT_MONTHS}
