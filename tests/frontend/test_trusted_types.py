"""No string becomes markup or a script on the page: the browser itself throws where code would try."""

from __future__ import annotations

from tests.frontend.conftest import NewStage
from tests.frontend.stage import Stage
from tests.frontend.states import paired

ACTS = {
    "markup": "() => { document.body.innerHTML = '<b>words</b>'; }",
    "markup beside": "() => document.body.insertAdjacentHTML('beforeend', '<b>words</b>')",
    "a document": "() => document.write('words')",
    "a script": "() => { document.createElement('script').src = '/main.js'; }",
    "a script's text": "() => { document.createElement('script').text = '1'; }",
    "a worker": "() => new Worker('/solver.js')",
    "a frame": "() => { document.createElement('iframe').srcdoc = 'words'; }",
    "another policy": "() => trustedTypes.createPolicy('another', { createHTML: (each) => each })",
}


def test_a_string_that_would_make_markup_or_scripts_throws(stage: Stage) -> None:
    """With any words of a stranger, and any mistake of a developer in our code."""
    paired(stage)
    thrown = "() => {{ try {{ ({act})(); return null; }} catch ({{ name }}) {{ return name; }} }}"

    assert {name: stage.page.evaluate(thrown.format(act=act)) for name, act in ACTS.items()} == dict.fromkeys(
        ACTS, "TypeError"
    )
    stage.complaints.clear()  # the browser tells of each


def test_only_the_pages_own_workers_are_let_through(stage: Stage, written_site: str) -> None:
    """By its one policy, which nobody outside the module holds."""
    stage.url = written_site
    stage.open()
    refused = """async () => {
      const { workerAddress } = await import("/trusted.js");
      try { return String(workerAddress("/main.js")); } catch ({ name }) { return name; }
    }"""

    assert stage.page.evaluate(refused) == "TypeError"


def test_the_page_works_all_the_same(new_stage: NewStage) -> None:
    """Two talk, and the service worker is at work; a complaint of the browser would fail this."""
    stage = new_stage(service_workers="allow")
    paired(stage)
    stage.hear(1, "<b>hello</b>")
    stage.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    assert "<b>hello</b>" in stage.page.locator(".theirs").inner_text()
