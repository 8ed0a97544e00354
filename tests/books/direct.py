"""Documents straight into a package: built, translated and booked as the queue does it, without the
queue's own state. For tests of figures, of which there are many."""


class Direct:
    """Exports documents of a connection within one transaction."""

    def __init__(self, connection):
        self.connection = connection
        self.env = connection.env
        self.parties = {}
        self.numbers = {}

    def export(self, moves):
        """Book posted documents; ``{move: [problem]}`` of those that were refused in words."""
        refused = self.check(moves)
        with self.connection._open_package() as package:
            built = self.env["accountable.document"]._build_documents(
                self.connection, moves.filtered(lambda move: move not in refused)
            )
            for move in moves:
                document, problems = built.get(move.id, (None, []))
                blocking = [problem for problem in problems if problem.blocking]
                if blocking:
                    refused[move] = blocking
                elif document:
                    self._book(package, move, document)
        return refused

    def check(self, moves):
        """``{move: [problem]}`` of what the precheck keeps back, without any call."""
        problems = self.connection._precheck(moves)
        blocking = {
            move: [problem for problem in problems.get(move.id, ()) if problem.blocking]
            for move in moves
        }
        return {move: found for move, found in blocking.items() if found}

    def _book(self, package, move, document):
        party = document.party
        if party.external_number not in self.parties:
            self.parties[party.external_number] = package.save_party(party, None).key
        stored = package.create_document(
            document, self.parties[party.external_number], self._number(package, document)
        )
        self.env["accountable.binding"]._bind(
            self.connection.id,
            "document",
            "account.move",
            move.id,
            {
                "external_key": stored.key,
                "number": stored.number,
                "version": stored.version,
                "fingerprint": document.fingerprint(),
            },
        )

    def _number(self, package, document):
        """The next number of the document's series; None where the package gives it itself."""
        if not package.capabilities.consecutive_numbers:
            return None
        series = package.number_series(document)
        if series not in self.numbers:
            self.numbers[series] = package.last_number(series)
        self.numbers[series] += 1
        return self.numbers[series]
