"""``python -m quotes`` is the command line too, whatever the name ``quotes`` means to the shell."""

from quotes.cli import main

if __name__ == "__main__":
    main()
