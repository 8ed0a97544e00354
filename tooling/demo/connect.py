"""The initial synchronisation as the manager walks through it: the same buttons, in order."""

from tooling.demo.partners import MANAGER

START = "2026-01-01"


class SetUp:
    """Connects a company; every choice is kept, so it can be repeated.

    ``company`` carries the environment of the person who does it. ``by_hand`` maps taxes to the
    codes that person chooses where there is no proposal.
    """

    def __init__(self, company, by_hand=None):
        self.company = company
        self.env = company.env
        self.package = None
        self.by_hand = by_hand or {}

    @property
    def connection(self):
        """The company's connection, or none; with the package of the sign-in once that is known."""
        domain = [("company_id", "=", self.company.id)]
        if self.package:
            domain.append(("package", "=", self.package))
        return self.env["accountable.connection"].search(domain, limit=1)

    def make(self, sign_in):
        """The connection with its sign-in (:class:`tooling.packages.package.SignIn`), made where it
        is not there yet."""
        self.package = sign_in.package
        if self.connection:
            return self.connection
        if sign_in.first_step is not None:
            return self._make_of_files(sign_in)
        record = self.env["accountable.sign.in"].create(
            {
                "name": f"{sign_in.package.title()} (sandbox)",
                "package": sign_in.package,
                **sign_in.values,
            }
        )
        record.set_secrets(sign_in.secrets)
        return self.env["accountable.connection"].create(
            {"sign_in_id": record.id, "company_id": self.company.id}
        )

    def _make_of_files(self, sign_in):
        """The first step where there is nothing to sign in to, and what is pasted."""
        dialogue = self.env["accountable.connect"].create(
            {
                "company_id": self.company.id,
                "package": sign_in.package,
                **sign_in.first_step,
            }
        )
        dialogue.action_continue()
        for kind, text in sign_in.typed.items():
            self.connection._take_typed(kind, text)
        return self.connection

    def connect(self, sign_in, start: bool = True, start_date: str = START, until: str = "summary"):
        """Sign in, choose the administration, confirm the mapping and start; not to the end where
        ``until`` names an earlier step."""
        connection = self.make(sign_in)
        if connection.step == "done":
            return connection
        if sign_in.first_step is None:
            connection.action_test_sign_in()
        self._refuse_problem(connection)
        while connection.step not in ("summary", until):
            before = connection.step
            connection.action_next_step()
            self._refuse_problem(connection)
            if connection.step == before:
                raise RuntimeError(f"The set-up does not leave the step {before}")
            self._fill_step(connection, sign_in, start_date)
        if start and connection.step == "summary":
            connection.action_start()
        return connection

    def _refuse_problem(self, connection):
        if connection.problem:
            raise RuntimeError(f"{connection.step}: {connection.problem}")

    def _fill_step(self, connection, sign_in, start_date):
        if connection.step == "administration":
            connection.administration_id = self.env["accountable.administration"].search(
                [
                    ("sign_in_id", "=", connection.sign_in_id.id),
                    ("key", "=", sign_in.administration),
                ]
            )
            # Who names an administration here means it.
            if connection.books_doubted:
                connection.action_confirm_administration()
        elif connection.step in ("journals", "vat_codes", "ledger_accounts"):
            self._choose_by_hand(connection, sign_in.without_tax)
            connection.action_confirm_mappings()
        elif connection.step == "start":
            connection.start_date = start_date

    def _choose_by_hand(self, connection, without_tax):
        for row in connection.mapping_ids.filtered(lambda each: each.kind == "tax"):
            code = (
                self.by_hand.get(row.tax_id)
                if row.tax_id
                else without_tax.get(row.document_kind.partition("_")[0])
            )
            if code and row.state == "proposed" and not row.master_data_id:
                row.master_data_id = connection.master_data_ids.filtered(
                    lambda item, code=code: (item.kind, item.code) == ("vat_code", code)
                )


def of_demo(demo, package) -> SetUp:
    """The demo company, connected by its manager, who is no administrator of Odoo."""
    env = demo.env(user=demo.user(MANAGER).id, su=False)
    return SetUp(
        demo.company.with_env(env),
        {demo.tax(name): code for name, code in package.chosen_by_hand.items()},
    )
