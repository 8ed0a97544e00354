"""The documents of a batch, as a package's writer reads them."""

from collections.abc import Sequence

# So many are read at once, and held.
PORTION = 200


class StoredDeliveries(Sequence):
    """The :class:`Delivery` of each of these items, read when it is asked for. Whoever goes through
    thousands of them, once or more, holds those of one portion at a time."""

    def __init__(self, items):
        self._items = items
        self._start, self._portion = 0, ()

    def __len__(self):
        return len(self._items)

    def __getitem__(self, place):
        if isinstance(place, slice):
            return StoredDeliveries(self._items[place])
        place = range(len(self._items))[place]  # raises IndexError beyond the last one
        if not self._start <= place < self._start + len(self._portion):
            self._read(place - place % PORTION)
        return self._portion[place - self._start]

    def _read(self, start):
        items = self._items[start : start + PORTION]
        # read with each other, and with none of the rest
        items = items.browse(items.ids)
        items.flush_recordset()
        items.fetch(["content", "given"])
        self._start, self._portion = start, tuple(item._delivery() for item in items)
        items.file_ids.invalidate_recordset(flush=False)
        items.invalidate_recordset(flush=False)
