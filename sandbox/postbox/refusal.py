"""Why a receiver does not take a file."""


class Refused(Exception):
    """``code`` for programs, the text as the receiver says it."""

    def __init__(self, code: str, words: str):
        super().__init__(words)
        self.code = code
