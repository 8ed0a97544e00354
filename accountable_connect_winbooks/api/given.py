"""What a document was given when it entered its batch: what the writer reads, besides the
neutral document itself."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """
    * ``number``: DOCNUMBER, digits. ``third``: NUMBER of the customer or supplier.
    * ``third_row``: the first 25 values of its CSF record, in their order; empty once an upload has
      shown the third: then nothing of it is written.
    * ``book_year`` / ``period``: BOOKYEAR and PERIOD, "" to leave both blank.
    * ``archive_period``: the rank of the period, for the names of the files beside the entries.
    * ``late``: its document date lies outside the period it is booked in (OUT_DAT).
    """

    number: str
    third: str
    third_row: tuple[str, ...] = ()
    book_year: str = ""
    period: str = ""
    archive_period: str = ""
    late: bool = False

    def as_json(self) -> dict:
        return {**asdict(self), "third_row": list(self.third_row)}

    @classmethod
    def from_json(cls, values) -> "Given":
        return cls(**{**values, "third_row": tuple(values.get("third_row") or ())})
