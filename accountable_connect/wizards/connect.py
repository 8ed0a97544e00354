"""The first step: who signs in at the package, asked in one dialogue.

::

    Connect with … ──► user and password, or a sign-in that exists ──► Continue
                              ▲                                          │ asks the package
                              └── refused: says so beside the field ◄────┤
                                                                         ▼
                                            sign-in · connection · the set-up goes on

What is typed as a password is stored in a sign-in at once, never in this table. That sign-in is
archived until it worked: nobody is offered it, and it goes with the dialogue.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..api.errors import AUTHORISATION_LOST, PackageError
from ..models.connection.server_configuration import sandbox_address
from ..models.sign_in.secret_fields import secret_entry

# As wide as a user and a password need.
DIALOG = {"dialog_size": "medium"}
KNOWN, OTHER = "known", "other"
# Beside which field a problem is said; "" for above all of them.
PASSWORD, ADDRESS, USER, APP = "password", "address", "user", "app"


class AccountableConnect(models.TransientModel):
    """A package addon adds the fields a person fills in, names them in ``_fields_of_people``, and
    says in ``_sign_in_values`` what they are on the sign-in."""

    _name = "accountable.connect"
    _description = "First step of a connection"
    _inherit = ["accountable.guard"]

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    package = fields.Selection(selection="_packages", required=True)
    choice = fields.Selection(
        [(KNOWN, "A sign-in of your office"), (OTHER, "Another user")],
        string="Sign in with",
        default=OTHER,
        required=True,
    )
    sign_in_id = fields.Many2one("accountable.sign.in", ondelete="set null", string="Sign-in")
    draft_id = fields.Many2one("accountable.sign.in", ondelete="set null", readonly=True)
    password_entry = secret_entry(string="Password")
    is_sandbox = fields.Boolean(readonly=True, help="The sandbox was asked for.")
    at_sandbox = fields.Boolean(compute="_compute_app", help="What stands here leads there still.")
    address_asked = fields.Boolean(readonly=True, help="It was wrong, or is the sandbox's.")
    show_address = fields.Boolean(compute="_compute_show_address")
    problem = fields.Char(readonly=True)
    problem_at = fields.Char(readonly=True)

    package_name = fields.Char(compute="_compute_words")
    introduction = fields.Char(compute="_compute_words")
    app_sentence = fields.Char(compute="_compute_words")
    password_hint = fields.Char(compute="_compute_signing_in")
    signs_in = fields.Boolean(compute="_compute_signs_in")
    has_choice = fields.Boolean(compute="_compute_has_choice")
    has_password = fields.Boolean(compute="_compute_signing_in")
    asks_password = fields.Boolean(compute="_compute_signing_in")
    asks_consent = fields.Boolean(compute="_compute_signing_in")
    asks_app = fields.Boolean(compute="_compute_app")
    app_is_missing = fields.Boolean(compute="_compute_app")
    has_sandbox = fields.Boolean(compute="_compute_has_sandbox")

    @api.model
    def _packages(self):
        return self.env["accountable.sign.in"]._fields["package"]._description_selection(self.env)

    def _fields_of_people(self):
        return super()._fields_of_people() | {"choice", "sign_in_id", "password_entry"}

    def _fields_of_people_at_creation(self):
        return super()._fields_of_people_at_creation() | {"company_id", "package"}

    # What is shown

    @api.model
    def _first_step(self, company, package):
        """The action that opens the dialogue for a company."""
        offered = self._offered(company, package)
        return {
            **self._action(package),
            "context": {
                **DIALOG,
                "default_company_id": company.id,
                "default_package": package,
                "default_choice": KNOWN if offered else OTHER,
                "default_sign_in_id": offered[:1].id,
            },
        }

    def _action(self, package):
        names = dict(self._packages())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect with %(package)s", package=names.get(package, "")),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": DIALOG,
        }

    @api.model
    def _offered(self, company, package):
        """The sign-ins this company may use, one that works and was made for it first."""
        sign_ins = self.env["accountable.sign.in"].search(
            [
                ("package", "=", package),
                ("is_placeholder", "=", False),
                "|",
                ("company_ids", "=", False),
                ("company_ids", "in", company.ids),
            ]
        )
        return sign_ins.sorted(lambda one: (one.state != "valid", company not in one.company_ids))

    @api.depends("package", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_words(self):
        names = dict(self._packages())
        for dialogue in self:
            name = names.get(dialogue.package, "")
            dialogue.package_name = name
            dialogue.introduction = dialogue._introduction()
            dialogue.app_sentence = dialogue._app_sentence()

    def _introduction(self):
        """What this connection will do, in a few words. Package addons may say more."""
        company = self.company_id.name
        if not self.signs_in:
            return self.env._(
                "Invoices, bills and credit notes of %(company)s are handed over as files; nothing"
                " comes back. You see what would go before anything is handed over.",
                company=company,
            )
        return self.env._(
            "Invoices, bills and credit notes of %(company)s go to %(package)s; payments come"
            " back. You see what would go before anything is sent.",
            company=company,
            package=self.package_name,
        )

    def _app_sentence(self):
        """What only an administrator of Odoo can enter, and where it comes from. Package addons
        say it."""
        return ""

    @api.depends("package")
    def _compute_signs_in(self):
        connections = self.env["accountable.connection"]
        for dialogue in self:
            dialogue.signs_in = connections._capabilities_of(dialogue.package).signs_in

    @api.depends("company_id", "package")
    def _compute_has_choice(self):
        for dialogue in self:
            dialogue.has_choice = bool(self._offered(dialogue.company_id, dialogue.package))

    @api.depends("choice", "sign_in_id", "draft_id", "problem_at")
    def _compute_signing_in(self):
        for dialogue in self:
            sign_in = dialogue._sign_in()
            consents = bool(dialogue._in_mind()._consent())
            works = sign_in.state == "valid"
            has_password = sign_in._has_password()
            dialogue.has_password = has_password
            dialogue.password_hint = has_password and self.env._("Stored. Type to replace it.")
            dialogue.asks_consent = consents and not works
            dialogue.asks_password = (
                dialogue.signs_in
                and not consents
                and not works
                and (dialogue.choice == OTHER or bool(sign_in))
                and (not has_password or sign_in.state == "lost" or dialogue.problem_at == PASSWORD)
            )

    @api.depends(
        lambda self: ("package", "problem_at", "draft_id", "is_sandbox", *self._fields_of_people())
    )
    @api.depends_context("uid")
    def _compute_app(self):
        may_enter = self.env.user.has_group("base.group_system")
        for dialogue in self:
            missing = dialogue._lacks_app()
            refused = dialogue.problem_at == APP and dialogue.choice == OTHER
            dialogue.asks_app = (missing or refused) and may_enter
            dialogue.app_is_missing = missing and not may_enter
            dialogue.at_sandbox = dialogue._at_sandbox()

    @api.depends("address_asked", "choice")
    @api.depends_context("uid")
    def _compute_show_address(self):
        in_developer_mode = self.env.user.has_group("base.group_no_one")
        for dialogue in self:
            asked = dialogue.address_asked or in_developer_mode
            dialogue.show_address = asked and dialogue.choice == OTHER

    @api.depends("package", "at_sandbox", "choice")
    def _compute_has_sandbox(self):
        for dialogue in self:
            dialogue.has_sandbox = (
                dialogue.choice == OTHER
                and not dialogue.at_sandbox
                and bool(sandbox_address(dialogue.package))
            )

    # The sign-in

    def _sign_in(self):
        """The sign-in that was chosen, or the one being made; none before something was typed."""
        return self.sign_in_id if self.choice == KNOWN else self.draft_id

    def _in_mind(self):
        """A sign-in, not stored, with what stands in the dialogue."""
        return self.env["accountable.sign.in"].new(self._sign_in_values())

    def _sign_in_values(self):
        """Values of the sign-in that is made. Package addons add theirs."""
        return {
            "name": self.package_name,
            "package": self.package,
            "company_ids": [fields.Command.set(self.company_id.ids)],
        }

    def _lacks_app(self):
        """Whether somebody has to enter what the package gives to whoever runs the program."""
        in_mind = self._in_mind()
        if self.choice == KNOWN or not in_mind._app_fields() or in_mind._knows_app():
            return False
        if self._at_sandbox():
            return False
        return not self.draft_id or not self.draft_id._has_app()

    def _app_entries(self):
        """``{field of the dialogue: field of the app}``: what only an administrator types."""
        return {}

    def _compute_secret_entries(self):
        for name, field in self._fields.items():
            if field.compute == "_compute_secret_entries":
                self[name] = False

    def _inverse_secret_entry(self):
        for dialogue in self:
            for_app = dialogue._app_entries()
            typed = {name: dialogue[entry] for entry, name in for_app.items() if dialogue[entry]}
            if typed:
                self.env["accountable.app"]._keep(dialogue._in_mind(), typed)
            password = dialogue.password_entry
            # none where that of the office was emptied: it has to be chosen first
            if password and (sign_in := dialogue._made()):
                sign_in.set_secrets({sign_in._secret_fields()[0]: password})
            if typed or password:
                # what was wrong with the one before says nothing of this one
                dialogue.sudo().write({"problem": False, "problem_at": False})

    @api.model_create_multi
    def create(self, vals_list):
        dialogues = super().create(vals_list)
        dialogues._forget_typed()
        return dialogues

    def write(self, vals):
        result = super().write(vals)
        self._forget_typed()
        return result

    def _forget_typed(self):
        """A form shows what it stored: nothing of what was typed into an entry."""
        entries = [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_secret_entries"
        ]
        self.invalidate_recordset(entries, flush=False)

    def _made(self):
        """The sign-in that was chosen, or the one being made, as it stands in the dialogue now."""
        if self.choice == KNOWN:
            return self.sign_in_id
        draft, values = self.draft_id, self._sign_in_values()
        if not draft:
            # archived, so that nobody is offered it before it worked
            draft = self.env["accountable.sign.in"].create({**values, "active": False})
            self.sudo().draft_id = draft  # a field of the engine
        else:
            changed = draft._changed_by(values, values.keys() - {"company_ids"})
            changed = {name: values[name] for name in changed}
            if changed:
                draft.write(changed)
        draft._take_app(anew=bool(draft._app_fields()) and draft._knows_app())
        if self._at_sandbox() and not draft._has_app():
            # it was forgotten with a password that was refused, or another address
            draft.set_secrets(self._app_of_sandbox(draft))
        return draft

    def _drop_draft(self):
        """It did not work: nothing of it stays."""
        # of the person whose dialogue it is, who may see no archived one
        self.sudo().with_context(active_test=False).draft_id.filtered(
            lambda one: not one.active and not one.connection_ids
        ).unlink()

    def unlink(self):
        self._drop_draft()
        return super().unlink()

    # Continue

    def action_continue(self):
        """Try the sign-in, make the connection, and go on with the set-up; or say what is wrong."""
        self.ensure_one()
        self.check_access("write")
        connection = self._connection()
        if connection:
            return connection.action_open()
        if self.choice == OTHER and self.draft_id:
            self._made()  # another address forgets the password
            self.invalidate_recordset()
        at, sentence = self._incomplete()
        if sentence:
            return self._again(at, sentence)
        if not self.signs_in:
            return self._connect_without_sign_in()
        sign_in = self._made()
        if self.asks_consent:
            return self._ask_consent(sign_in)
        tokens = sign_in._passing_tokens()
        try:
            found = sign_in._list_reached(self.company_id, tokens)
        except PackageError as error:
            return self._refused(sign_in, error)
        return self._connect(sign_in, found, tokens)

    def _connection(self):
        """What this company has with the package already."""
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("You do not work for this company."))
        return self.env["accountable.connection"].search(
            [("company_id", "=", self.company_id.id), ("package", "=", self.package)], limit=1
        )

    def _incomplete(self):
        """``(beside which field, sentence)`` of what has to be filled in first. Package addons look
        at their own fields first."""
        if not self.signs_in:
            return "", ""
        if self.choice == KNOWN and not self.sign_in_id:
            return "", self.env._("Choose a sign-in, or another user.")
        if self.choice == KNOWN and self.sign_in_id.package != self.package:
            return "", self.env._("This sign-in is not one of %(name)s.", name=self.package_name)
        if self.choice == KNOWN and self.sign_in_id not in self._offered(
            self.company_id, self.package
        ):
            # before it is asked anything: its answer would be another company's
            return "", self.env._(
                "The sign-in may not be used for %(company)s.", company=self.company_id.name
            )
        if self._lacks_app():
            return APP, self.app_sentence
        if self.asks_password:
            # what was said of the password before holds until another one is typed
            said = self.problem if self.problem_at == PASSWORD else ""
            return PASSWORD, said or self.env._("Enter the password.")
        return "", ""

    def _place_of(self, error):
        """Beside which field an error of the package is said."""
        has_password = not self._in_mind()._consent()
        return PASSWORD if has_password and error.kind == AUTHORISATION_LOST else ""

    def _refused(self, sign_in, error):
        at, sentence = self._place_of(error), sign_in._error_sentence(error)
        if sign_in == self.draft_id:
            if at == PASSWORD:
                self._drop_draft()
        else:
            sign_in._learn_from(error)
        return self._again(at, sentence)

    def _again(self, at, sentence):
        """The dialogue as it stands, with a sentence beside the field that needs another look."""
        # fields of the engine
        self.sudo().write(
            {
                "problem": sentence,
                "problem_at": at,
                "address_asked": self.address_asked or at == ADDRESS,
            }
        )
        return {**self._action(self.package), "res_id": self.id}

    def _connect(self, sign_in, found, tokens):
        """Everything works: keep it, and go on.

        :param list found: the administrations it reaches, as the package lists them
        :param tokens: the ``TokenStore`` it was tried with
        """
        stored = sign_in.sudo()  # of the engine: state, tokens, and that it is no draft any more
        was_draft = sign_in == self.draft_id
        if was_draft or stored.state != "valid":
            stored.write({"active": True, "state": "valid"})
        stored.env["accountable.administration"]._store(stored, found)
        connection = self._make_connection(sign_in)
        self.sudo().write({"draft_id": False, "sign_in_id": sign_in.id, "choice": KNOWN})
        action = connection.with_context(accountable_tokens=tokens).action_continue()
        if was_draft and tokens and tokens.kept:
            stored._keep_tokens(tokens.kept)
        return action

    def _connect_without_sign_in(self):
        """Nothing is asked: the connection is made, and the set-up goes on."""
        # nobody sees or writes it; who may not connect this company is refused with the connection
        placeholder = self.env["accountable.sign.in"].sudo()
        placeholder = placeholder.create(
            {**self._sign_in_values(), "is_placeholder": True, "state": "valid"}
        )
        return self._make_connection(placeholder.sudo(False)).action_continue()

    def _connection_values(self):
        """Values of the connection that is made. Package addons add theirs."""
        return {"company_id": self.company_id.id}

    def _make_connection(self, sign_in):
        """With the rights of the person: who may not connect this company is refused."""
        connection = self.env["accountable.connection"].create(
            {**self._connection_values(), "sign_in_id": sign_in.id}
        )
        connection.sudo().state = "connecting"  # a field of the engine
        return connection

    # The sandbox

    def _sandbox_values(self, address):
        """``(fields of the dialogue, secrets of the sign-in)`` for the sandbox at this address.
        Package addons give what their sandbox knows; everybody may know it."""
        return {}, {}

    def _at_sandbox(self):
        """Whether the sandbox was asked for, and its address stands here still."""
        address = self.is_sandbox and sandbox_address(self.package)
        if not address or self.choice != OTHER:
            return False
        return any(self[name] == address for name in self._sandbox_values(address)[0])

    def _app_of_sandbox(self, sign_in):
        _values, secrets = self._sandbox_values(sandbox_address(self.package))
        return {name: text for name, text in secrets.items() if name in sign_in._app_fields()}

    def action_try_sandbox(self):
        """Fill in what the sandbox of this server needs."""
        self.ensure_one()
        self.check_access("write")
        address = sandbox_address(self.package)
        if not address:
            raise UserError(self.env._("This server has no sandbox to try."))
        values, secrets = self._sandbox_values(address)
        self.write({**values, "choice": OTHER})
        # fields of the engine
        self.sudo().write(
            {"is_sandbox": True, "address_asked": True, "problem": False, "problem_at": False}
        )
        self._made().set_secrets(secrets)
        return {**self._action(self.package), "res_id": self.id}
