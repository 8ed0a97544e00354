"""A token store and a call budget in memory, for tests of clients."""

from contextlib import contextmanager


class MemoryTokens:
    def __init__(self):
        self.kept = {}
        self.locked = []

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, values):
        self.kept[name] = values

    @contextmanager
    def lock(self, name):
        self.locked.append(name)
        yield


class MemoryBudget:
    def __init__(self):
        self.calls = []
        self.kept = {}

    def spend(self, operation, limit):
        self.calls.append((operation, limit))

    def spent(self, operation):
        return len([name for name, _limit in self.calls if name == operation])

    def remember(self, name, values):
        self.kept[name] = values

    def recall(self, name):
        return self.kept.get(name)
