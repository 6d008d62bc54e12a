"""Buttons, tabs and other controls whose text does not fit into them, for the tests of all pages."""

from __future__ import annotations

from playwright.sync_api import Page

CONTROLS = "button, .button, nav a, [role=tab], select, .badge, .chips li, .state"


def find_narrow_controls(page: Page) -> list[str]:
    """Find the controls that cut their text, those that it runs out of, and what is wider than the window."""
    return page.evaluate(
        """(controls) => {
            const tolerance = 1.5;
            const bad = [];
            const report = (what, one) => bad.push(`${what}: ${one.textContent.trim().slice(0, 60)} | `
                + one.outerHTML.slice(0, 120));
            const textsOf = (one) => {
                const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
                const texts = [];
                for (let text = walker.nextNode(); text; text = walker.nextNode()) {
                    const parent = text.parentElement;
                    const isShown = parent.checkVisibility() && !parent.closest(".sr, option");
                    if (isShown && text.data.trim()) texts.push(text);
                }
                return texts;
            };
            const canvas = document.createElement("canvas").getContext("2d");
            for (const one of document.querySelectorAll(controls)) {
                if (!one.checkVisibility() || one.closest(".sr, .skip")) continue;
                const box = one.getBoundingClientRect();
                if (one.localName === "select") {
                    const style = getComputedStyle(one);
                    canvas.font = style.font;
                    const width = canvas.measureText(one.selectedOptions[0]?.label ?? "").width;
                    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                    if (width > room + tolerance) report("cut in a list", one.selectedOptions[0]);
                    continue;
                }
                if (one.clientWidth && one.scrollWidth > one.clientWidth + 1) report("wider than its box", one);
                if (one.clientHeight && one.scrollHeight > one.clientHeight + 1) report("taller than its box", one);
                for (const text of textsOf(one)) {
                    const range = document.createRange();
                    range.selectNodeContents(text);
                    const lines = [...range.getClientRects()];
                    const runsOut = lines.some((line) => line.left < box.left - tolerance
                        || line.right > box.right + tolerance || line.top < box.top - tolerance
                        || line.bottom > box.bottom + tolerance);
                    if (runsOut) report("text runs out", one);
                    const count = one.querySelector(".count:not([hidden])");
                    const number = count?.contains(text) ? null : count?.getBoundingClientRect();
                    const isCovered = number && lines.some((line) => line.right > number.left + tolerance
                        && line.left < number.right - tolerance && line.top < number.bottom - tolerance
                        && line.bottom > number.top + tolerance);
                    if (isCovered) report("covered by its number", one);
                }
                let isScrolled = false;
                for (let around = one.parentElement; around && !isScrolled; around = around.parentElement) {
                    const {overflowX} = getComputedStyle(around);
                    isScrolled = ["auto", "scroll"].includes(overflowX);
                    const edge = around.getBoundingClientRect();
                    const isOutside = box.right > edge.right + tolerance || box.left < edge.left - tolerance;
                    if (["hidden", "clip"].includes(overflowX) && isOutside) report("cut by what is around it", one);
                }
                if (!isScrolled && box.right > innerWidth + tolerance) report("beyond the window", one);
            }
            const {scrollWidth} = document.documentElement;
            if (scrollWidth > innerWidth) bad.push(`the page has ${scrollWidth} pixels, the window ${innerWidth}`);
            return [...new Set(bad)];
        }""",
        CONTROLS,
    )
