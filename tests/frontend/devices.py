"""People's devices, which one test leaves to the next: a visit costs half as much in a page that is open already."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from playwright.sync_api import Browser, Page

# Changes that stay with a page for good, or with its context: no other test gets such a page.
_SPENT: WeakSet[Page] = WeakSet()
KEPT = "local_storage,cache_storage,indexeddb,service_workers,cookies"
# A tab's own memory is no part of what the browser clears for a site.
FORGET = "() => sessionStorage.clear()"
SIZE = {"width": 1280, "height": 720}


def prepare(page: Page, script: str) -> None:
    """Have a script run before those of the page."""
    _SPENT.add(page)
    page.add_init_script(script)


def take_clock(page: Page, now: float | None = None) -> None:
    """Have the page's time in hand."""
    _SPENT.add(page)
    page.clock.install(time=now)


class Devices:
    """Gives out pages, each in a context of its own; one that comes back knows nothing of the site any more."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[Page]] = {}
        self._options: dict[Page, dict[str, Any]] = {}

    def take(self, **options: Any) -> Page:
        """Return the page of a device of some kind that nobody has."""
        if idle := self._idle.get(repr(options)):
            return idle.pop()
        page = self._browser.new_context(**options).new_page()
        self._options[page] = options
        return page

    def give_back(self, page: Page, site: str) -> None:
        """Take a page back that was at `site`, and let all be forgotten while it stands at its `config.json`."""
        if page in _SPENT or page.is_closed():
            page.context.close()
            return
        options = self._options[page]
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.context.set_offline(offline=False)
        page.emulate_media(color_scheme=options.get("color_scheme", "light"))
        page.set_viewport_size(options.get("viewport", SIZE))
        page.goto(f"{site}/config.json")
        page.evaluate(FORGET)
        tools = page.context.new_cdp_session(page)
        tools.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": KEPT})
        tools.detach()
        self._idle.setdefault(repr(options), []).append(page)
