"""A file that comes to a document which is handed over."""

from .hand_over_document import HandOverDocument


class HandOverFile(HandOverDocument):
    """A file that came to a document later: it goes as long as the batch is open. What the receiver
    has does not change."""

    def send(self):
        facts = self.read_facts()
        if not self.may_go(facts):
            return
        binding = self.own_link()
        item = self.batches.item_of(binding)
        if not item or not item._is_open():
            self.store(self.job._end, "done")
            return
        prepared = self._prepared(facts)
        if prepared.problems:
            self.store(self.job._end, "done")  # the document itself says so when it goes
            return
        self.store(self._replace, item, prepared)
        self.run.deliveries.pop(self.res_id, None)
