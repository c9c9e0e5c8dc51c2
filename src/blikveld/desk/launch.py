"""A desk beside a test or a demonstration: started on loopback, waited for, and stopped."""

from __future__ import annotations

from blikveld.desk import running
from blikveld.web.process import Server


class Desk(Server):
    """Serves the desk of a data folder on a free port, for as long as the `with` block lasts."""

    application = running.APPLICATION

    def variables(self) -> dict[str, str]:
        """The variables of the process, without those of the addresses."""
        return running.variables(self._environment)
