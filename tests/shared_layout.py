"""Texts of a page that their place cuts or breaks, for the tests of all pages."""

from __future__ import annotations

from playwright.sync_api import Page


def find_bad_texts(page: Page) -> list[str]:
    """Headings, controls and labels whose text is cut off, and those of which a word is broken."""
    return page.evaluate(
        """() => {
            const bad = [];
            const selector = "h1, h2, h3, button, a, label, dt, th, caption, .badge, .state";
            for (const one of document.querySelectorAll(selector)) {
                if (!one.checkVisibility() || one.closest(".sr, .skip") || one.clientWidth <= 1) continue;
                if (one.scrollWidth > one.clientWidth + 1) bad.push(`cut: ${one.outerHTML.slice(0, 120)}`);
                const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
                for (let node = texts.nextNode(); node; node = texts.nextNode()) {
                    for (const {0: word, index} of node.data.matchAll(/[\\p{Script=Latin}\\p{Script=Cyrillic}]+/gu)) {
                        const range = document.createRange();
                        range.setStart(node, index);
                        range.setEnd(node, index + word.length);
                        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
                        if (lines.size > 1) bad.push(`broken: ${word} in ${one.outerHTML.slice(0, 120)}`);
                    }
                }
            }
            const right = [...document.querySelectorAll("body *")]
                .filter((one) => one.checkVisibility() && !one.closest(".region, .sr, .skip, option"))
                .filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
            return [...bad, ...right.map((one) => `beyond the edge: ${one.outerHTML.slice(0, 120)}`)];
        }"""
    )
