"""Who is who across articles."""

from quotes.people.clustering import Linked, Sense
from quotes.people.linking import Decision, by_surname, link, link_block
from quotes.people.register import Register, load_register

__all__ = ["Decision", "Linked", "Register", "Sense", "by_surname", "link", "link_block", "load_register"]
