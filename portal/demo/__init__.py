"""`make demo`: the whole portal on one machine, with everything that it needs, until Ctrl-C."""


class DemoRefusal(Exception):
    """The demo cannot start or go on; the text says why and what to do."""
