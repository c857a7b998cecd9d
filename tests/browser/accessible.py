"""What axe (Deque's checker of accessibility) finds on a page, on each screen and in each scheme."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page
from visit import PHONE, WIDE

#: All rules once, then those whose answer another scheme or another screen may change: all four times all
#: rules take a second of CPU a page more, and say the same.
_LOOKS = (
    (WIDE, "light", None),
    (WIDE, "dark", ["color-contrast", "link-in-text-block"]),
    (PHONE, "dark", ["target-size", "scrollable-region-focusable"]),
)
_RUN = """rules => axe.run(document, {
  resultTypes: ["violations"], ...(rules && {runOnly: {type: "rule", values: rules}})
}).then(results => results.violations.map(
  one => [one.id, one.impact, one.nodes.map(node => node.html + " " + node.failureSummary)]
))"""


def issues(page: Page) -> Iterator[str]:
    """What is seriously wrong with the page that is shown, folded-up parts included."""
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    page.evaluate(AXE_SCRIPT)
    for screen, scheme, rules in _LOOKS:
        page.set_viewport_size(screen)
        page.emulate_media(color_scheme=scheme)
        for name, impact, nodes in page.evaluate(_RUN, rules):
            if impact in ("serious", "critical"):
                yield from (f"{page.url} ({screen['width']} px, {scheme}) {name}: {node}" for node in nodes)
    page.set_viewport_size(WIDE)
