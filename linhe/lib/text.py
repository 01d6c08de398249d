"""A label in Chinese and English that shows itself in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """One label in both languages; ``str()`` gives the one that is active for the reader."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "zh-hans").startswith("en") else self.zh

    def format(self, **values: object) -> "Text":
        """Fill ``{name}`` places in both languages."""
        return Text(self.zh.format(**values), self.en.format(**values))
