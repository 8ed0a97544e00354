"""The service of any sandbox: an application over a store that starts with demo data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.wrappers import Request

from .accountant import Actions
from .clock import Clock
from .demo_data import fill_with_demo_data
from .late import Late
from .serving import Application
from .storage import Store
from .switches import Switches


class Service(Application, ABC):
    """One sandbox of a package's service. A package's own makes ``switches``, ``faults``,
    ``limits`` and what else it has, then calls ``start``."""

    package: str
    actions: Actions
    switches: Switches

    def __init__(self, store: Store):
        self.store = store
        self.started_with: dict[str, Any] = {}
        self.clock = Clock(store)
        self.late = Late(store, self.clock, self.let_in, self.work_late)

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.late.catch_up()
        return super().__call__(environ, start_response)

    def start(self) -> None:
        """Fill a store that is new. Raises ``ValueError`` for the state of another package."""
        kept = self.store.setting("package")
        if kept not in (None, self.package):
            raise ValueError(f"the state file is of the {kept} sandbox, this is {self.package}")
        self.store.keep("package", self.package)
        if not self.store.setting("seeded"):
            self.reset()

    def start_with(self, switches: Mapping[str, Any]) -> None:
        """Set the switches that this sandbox is started with; a reset comes back to them."""
        self.started_with = dict(switches)
        if switches:
            self.switches.set(switches)

    def reset(self) -> None:
        """Forget everything and start from the demo data, with the switches of the start."""
        with self.store.transaction():
            self.store.empty()
            fill_with_demo_data(self.package, self.store, self.clock, self.fill)
            if self.started_with:
                self.switches.set(self.started_with)
            self.store.keep("package", self.package)
            self.store.keep("seeded", True)

    @abstractmethod
    def fill(self) -> None:
        """Put the demo data into an empty store; done once in a process (see ``demo_data``)."""

    @abstractmethod
    def let_in(self, request: Request) -> Any:
        """Who calls, as JSON can hold it; None when he is refused."""

    @abstractmethod
    def work_late(self, request: Request, caller: Any) -> None:
        """Do what a request asks for, without faults; its answer goes nowhere."""

    @abstractmethod
    def administration(self, number: int) -> Any:
        """The books of an administration."""

    def act(self, number: int, action: str, /, **values: Any) -> Any:
        """Do what a person does in the application of an administration (see ``accountant``)."""
        if action not in self.actions:
            raise ValueError(f"act one of {', '.join(sorted(self.actions))}")
        self.late.catch_up()
        result = self.do(self.actions[action], number, values)
        return {} if result is None else result

    @abstractmethod
    def do(self, action: Callable[..., Any], number: int, values: dict[str, Any]) -> Any:
        """Call an action with what the package's actions take, in a transaction."""
