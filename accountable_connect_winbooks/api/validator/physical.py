"""From bytes to values: what makes a line of text a record."""

from collections.abc import Iterable, Iterator

from .fields import COLUMNS, FEWEST, NAMES
from .finding import Report

ACT, CSF = "ACT", "CSF"
LINE_END = b"\r\n"
UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")
CONTROLS = frozenset([*range(0x20), 0x7F])
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def records(lines: Iterable[bytes], file: str, report: Report) -> Iterator[list[str]]:
    """The values of each record, as many as the layout has: what a line leaves out at its end is
    empty. ``report`` says which record it is that is given.

    :param file: ACT or CSF
    """
    names, count = NAMES[file], 0
    for number, line in enumerate(lines, 1):
        report.line = number
        faults: list[tuple[str, dict]] = []
        values = split(_text(line, number == 1, faults), faults)
        is_header = [value.strip().upper() for value in values[:2]] == names[:2]
        report.document = report.third = None
        if not is_header:
            _name(values, file, report)
        for code, details in faults:
            report.add(code, **details)
        if is_header:
            report.add("header_row")
        elif values != [""]:
            count = count or len(values)
            _check_count(len(values), count, file, report)
            values += [""] * (len(names) - len(values))
            yield values[: len(names)]


def _name(values, file, report):
    """Which document or third a record is of."""
    if file == ACT and len(values) > 3:
        report.document = values[1].rstrip(), values[3].rstrip()
    elif file == CSF and len(values) > 1:
        report.third = values[1].rstrip(), values[0].rstrip()


def _check_count(found, count, file, report):
    if found < FEWEST[file]:
        report.add("FLD_MISS", NAMES[file][found], count=found, least=FEWEST[file])
    elif found != count:
        report.add("ACC_FLD", count=found, other=count)
    elif found > len(COLUMNS[file]):
        report.add("ACC_FLD", count=found, other=len(COLUMNS[file]))


def _text(line: bytes, is_first: bool, faults: list) -> str:
    if line.endswith(LINE_END):
        line = line[:-2]
    else:
        faults.append(("line_end", {}))
        line = line.rstrip(b"\r\n")
    if is_first and line.startswith(BYTE_ORDER_MARK):
        faults.append(("byte_order_mark", {}))
        line = line[3:]
    if not line.strip():
        faults.append(("empty_line", {}))
        return ""
    _check_bytes(line, faults)
    return line.decode("cp1252", "replace")


def _check_bytes(line, faults):
    # whatever can be printed has no control characters, and that is known far sooner
    if line.isascii() and line.decode("ascii").isprintable():
        return
    if controls := sorted(CONTROLS.intersection(line)):
        faults.append(("control_character", {"byte": f"{controls[0]:02X}"}))
    if undefined := sorted(UNDEFINED.intersection(line)):
        faults.append(("not_cp1252", {"byte": f"{undefined[0]:02X}"}))
    if not line.isascii() and _is_utf_8(line):
        faults.append(("utf_8", {}))


def _is_utf_8(line):
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def split(text: str, faults: list) -> list[str]:
    """The values between the commas, quoted or not. A quotation mark inside a value is a fault,
    doubled or not: nothing says that the import understands it."""
    if '"' not in text:
        return text.split(",")
    if text[0] == text[-1] == '"':
        values = text[1:-1].split('","')
        if text.count('"') == 2 * len(values):
            return values
    return _split_by_marks(text, faults)


def _split_by_marks(text, faults):
    values, start, broken = [], 0, False
    while True:
        if text.startswith('"', start):
            end = text.find('"', start + 1)
            # a mark inside: the value goes on until one that a comma or the end follows
            while end >= 0 and text[end + 1 : end + 2] not in ("", ","):
                broken, end = True, text.find('"', end + 1)
            if end < 0:
                broken, end = True, len(text)
            values.append(text[start + 1 : end])
            end += 1
        else:
            end = text.find(",", start)
            end = len(text) if end < 0 else end
            values.append(text[start:end])
            broken = broken or '"' in values[-1]
        if end >= len(text):
            break
        start = end + 1
    if broken:
        faults.append(("quote", {}))
    return values
