"""A refusal is a rule saying no to something a customer could try: a stable code and a sentence for the customer."""

from django.utils.functional import Promise


class Refusal(Exception):
    """`code` is stable (API, rehearsals, tests), `sentence` is for the person, in words they can act on."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)
