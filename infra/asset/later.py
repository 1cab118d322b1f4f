"""Goes into the asset: a module that is loaded when something of it is first used."""

from importlib import import_module


class Later:
    """Stands in a module's place."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        return getattr(import_module(self._name), attribute)
