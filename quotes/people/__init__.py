"""Who is who across articles."""

from quotes.people.linking import link
from quotes.people.register import Register, load_register

__all__ = ["Register", "link", "load_register"]
