"""Names of what a shipment puts in a folder: temporary ones, and those the receiver sees."""

import os

from .contract import ChannelError

LONGEST_NAME = 255
TEMPORARY = ".part"


def pairs_of(shipment):
    """``[temporary name, name]`` of all that gets a name: the directory, or each file."""
    if shipment.together:
        return [[f".{shipment.mark}{TEMPORARY}", shipment.name]]
    return [
        [f".{shipment.mark}-{place}{TEMPORARY}", file.name]
        for place, file in enumerate(shipment.files)
    ]


def check_names(shipment):
    """Raises ChannelError for a name that no file may have, or that two of them have where capitals
    make no difference."""
    names = [file.name for file in shipment.files]
    if shipment.together:
        names.append(shipment.name)
    for name in names:
        is_name = name and name.isprintable() and name.strip(". ") and name == name.strip()
        if not is_name or name.startswith(".") or "/" in name or "\\" in name:
            raise ChannelError(f"No file name: {name!r}", code="file_name", values={"name": name})
        if len(os.fsencode(name)) > LONGEST_NAME:
            raise ChannelError(
                f"Too long: {name}", code="file_name_too_long", values={"name": name}
            )
    seen = set()
    for name in names[: len(shipment.files)]:
        if name.casefold() in seen:
            raise ChannelError(f"Twice: {name}", code="file_name_twice", values={"name": name})
        seen.add(name.casefold())
