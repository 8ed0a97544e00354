"""Who wrote a document decides how it goes, not its kind."""

from odoo.addons.accountable_connect.models.document.document import ORIGINAL_MEDIA_TYPES

from ..api.reading import Head, head_of, is_e_invoice, tree_of, unwrapped

LEGAL_FIELDS = ("invoice_pdf_report_file", "ubl_cii_xml_file")
READ = ("name", "mimetype", "store_fname", "res_id", "res_field", "accountable_from_outside")


class Files:
    """The files of some documents: one question for all of them, and each XML is read once."""

    def __init__(self, moves):
        self.env = moves.env
        self.reader = moves.env["accountable.document"]
        self._seen = {}
        # what belongs to a document goes with it, whoever may see which file
        attachments = moves.env["ir.attachment"].sudo()
        found = attachments.search_fetch(
            [
                ("res_model", "=", moves._name),
                ("res_id", "in", moves.ids),
                ("res_field", "in", [False, *LEGAL_FIELDS]),
            ],
            READ,
            order="id",
        )
        self._of_move = found.grouped("res_id")
        self._none = attachments

    def legal(self, move, field):
        """The PDF or the e-invoice that Odoo made when the document was sent, or nothing."""
        found = self._of_move.get(move.id, self._none)
        return found.filtered(lambda one: one.res_field == field)[-1:]

    def received(self, move):
        """What came with the document or was added to it by people of the company, the main one
        first; without what people from outside added after it was posted."""
        found = self._of_move.get(move.id, self._none).filtered(
            lambda one: not one.res_field and not one.accountable_from_outside
        )
        main = move.sudo().message_main_attachment_id
        return (found & main) | found

    def is_document(self, attachment):
        """Whether a file can be a bill, as far as its name and type say."""
        return self.media_type(attachment).startswith(ORIGINAL_MEDIA_TYPES)

    def media_type(self, attachment):
        return self.reader._media_type(attachment)

    def file(self, attachment):
        """A file that is read each time its content is asked for."""
        return self.reader._file(attachment)

    def head(self, attachment) -> Head | None:
        """What an e-invoice says of itself; None for everything else."""
        return self._read(attachment)[0]

    def looks_like_e_invoice(self, attachment):
        """Whether an XML is an e-invoice, or one whose contents cannot be read."""
        return self._read(attachment)[1]

    def _read(self, attachment):
        if attachment.id not in self._seen:
            seen = None, False
            if self.media_type(attachment) == "application/xml":
                root = tree_of(self.file(attachment).content)
                seen = head_of(unwrapped(root)), root is None or is_e_invoice(root)
            self._seen[attachment.id] = seen
        return self._seen[attachment.id]


def we_wrote(move, files):
    """Whether the document is ours: what we invoice, and what we bill ourselves on behalf of a
    supplier. What a customer wrote on our behalf lies in a journal of sales and is not ours.

    :param files: the :class:`Files` of the document; of what is bought None will do
    """
    if move.is_purchase_document(include_receipts=True):
        return move.journal_id.is_self_billing and move.move_type != "in_receipt"
    if move.journal_id.is_self_billing:
        return False
    # Peppol brings them into the first journal of sales there is
    heads = [files.head(one) for one in files.received(move)]
    return not any(head and head.self_billed for head in heads)
