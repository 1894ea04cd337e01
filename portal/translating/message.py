"""What is translated: a message as it is looked up when a page is made."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Message:
    """`plural` and `context` are None where the code names none; an empty context is not the same as none."""

    singular: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What gettext finds it by."""
        return self.singular, self.context
