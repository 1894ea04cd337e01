"""A person without a mouse: Tab, Enter, Space and arrows reach what is used, and each stop on the way is in sight."""

from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as NothingCame

from tests.browser.visitor import Visitor

# What has the focus: its number on this page, and what is wrong with how it shows. Part of it hidden is allowed.
STOP = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    window.stops ??= [];
    if (!stops.includes(at)) stops.push(at);
    const drawn = (element) => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return style.opacity > 0 && (outlined || style.boxShadow !== "none");
    };
    const around = [at, ...(at.labels ?? []), at.parentElement, at.closest("label")].filter(Boolean);
    const hit = (x, y) => {
        const top = document.elementFromPoint(x, y);
        return top && (at.contains(top) || top.contains(at) || top.closest("label")?.control === at);
    };
    const inSight = around.flatMap((element) => [...element.getClientRects()]).some((box) => box.width && (
        hit((box.left + box.right) / 2, (box.top + box.bottom) / 2) ||
        hit(box.left + 3, box.top + 3) || hit(box.right - 3, box.bottom - 3)
    ));
    const faults = [around.some(drawn) ? "" : "its focus is not drawn", inSight ? "" : "it is hidden"].filter(Boolean);
    return { number: stops.indexOf(at), is: at.outerHTML.slice(0, 160), parts: at.type === "date", faults };
}"""
# A group of radio buttons is one stop; the arrows go on within it.
REACHED = """(wanted) => {
    const at = document.activeElement;
    return at === wanted || (at.type === "radio" && at.name === wanted.name && at.form === wanted.form);
}"""


class KeyboardVisitor(Visitor):
    def click(self, target: Locator) -> None:
        self._reach(target)
        is_button = target.evaluate("target => target.matches('button, input, summary')")
        # Of the target, not of the page: so the press waits until what it leads to has begun.
        target.press("Space" if is_button else "Enter")

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        if target.get_attribute("type") == "date":
            self._type_date(target, date.fromisoformat(text))
        else:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(text)
        expect(target).to_have_value(text)

    def _type_date(self, target: Locator, day: date) -> None:
        """Its parts stand as the browser's language has them."""
        for typed in (f"{day:%d%m%Y}", f"{day:%m%d%Y}"):
            self.page.keyboard.type(typed)
            if target.input_value() == str(day):
                return
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")

    def check(self, target: Locator) -> None:
        self._reach(target)
        if target.get_attribute("type") == "checkbox":
            self.page.keyboard.press("Space")
        else:
            self._arrows(lambda: target.is_checked())
        expect(target).to_be_checked()

    def choose(self, target: Locator, value: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Home")
        self._arrows(lambda: target.input_value() == value)

    def attach(self, target: Locator, files: list[dict] | Path) -> None:
        self._reach(target)
        for _ in range(3):
            # Before its first picture is drawn a page hears no keys: whoever sees nothing happen presses again.
            try:
                with self.page.expect_file_chooser(timeout=5_000) as chooser:
                    self.page.keyboard.press("Space")
            except NothingCame:
                continue
            chooser.value.set_files(files)
            return
        raise AssertionError(f"{self.page.url}: no files can be chosen by keys")

    def _arrows(self, is_done) -> None:
        for _ in range(50):
            if is_done():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: the arrows do not choose it")

    def _reach(self, target: Locator) -> None:
        """Tab by Tab; whoever comes by the same stop again is in a trap, or has gone round in vain."""
        target.wait_for()
        passed: list[int] = []
        while not target.evaluate(REACHED):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            # The parts of a date follow each other; its last, the calendar's button, is drawn by the browser.
            if stop is None or (stop["parts"] and passed[-1:] in ([], [stop["number"]])):
                continue
            assert not stop["faults"], (self.page.url, stop)
            assert stop["number"] not in passed, (self.page.url, "cannot be reached", target, stop)
            passed.append(stop["number"])
