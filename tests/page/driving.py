"""What a user does on the page: press, choose, type, wait until it is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from race_sim.page.controls import lever_groups
from race_sim.page.offer import library_scenarios
from race_sim.watch.link import Link, read_link

if TYPE_CHECKING:
    from playwright.sync_api import Page


def act(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.click(f"button[data-do={name}]")


def choose(page: Page, name: str, value: str) -> None:
    """Choose from the list of that name."""
    page.select_option(f"select[data-do={name}]", value)


def go_to(page: Page, week: int) -> None:
    """Type a week and go there; returns once it is drawn."""
    page.fill("[data-do=jump]", str(week))
    page.press("[data-do=jump]", "Enter")
    wait_for_week(page, week)


def pull(page: Page, path: str, value: str) -> None:
    """Type a lever's value; returns once the page has it among its changes."""
    show_lever(page, path)
    lever = page.locator(f"[id='lever-{path}']")
    lever.fill(value)
    lever.press("Enter")
    page.locator(".race-changes li", has_text=f"{path} = {value}").last.wait_for()


def show_lever(page: Page, path: str) -> None:
    """Open the group of a lever, unless it is one of those that are always shown."""
    heading = next(title for title, levers in lever_groups() if path in [one.path for one in levers])
    group = page.locator(f"details[data-group='{heading}']")
    if page.locator(f"[id='lever-{path}']").count() == 0:
        group.locator("summary").click()
    page.wait_for_selector(f"[id='lever-{path}']")


def play(page: Page, week: int) -> int:
    """Play until a week is past, then pause; the week at which it stands."""
    act(page, "play")
    page.wait_for_function(
        "week => Number((document.querySelector('[data-key=week]') || {}).textContent || -1) >= week", arg=week
    )
    page.locator("button[data-do=play]", has_text="Pause").click()
    page.locator("button[data-do=play]", has_text="Play").wait_for()
    page.wait_for_timeout(300)  # what was on its way when the button was pressed
    return week_now(page)


def week_now(page: Page) -> int:
    """The week in the bar, once the stage has drawn it, too."""
    week = int(page.inner_text("[data-key=week]"))
    wait_for_week(page, week)
    return week


def wait_for_week(page: Page, week: int) -> None:
    """Return once the stage has drawn this week."""
    page.wait_for_function(
        """week => {
            const text = (name) => (document.querySelector(`[data-key='${name}']`) || {}).textContent || "";
            return text("0.week").match(/[0-9]+/)?.[0] === String(week) && text("week") === String(week);
        }""",
        arg=week,
    )


def kept(page: Page, selector: str, folder: Path) -> Path:
    """The file that a button gives the user to keep."""
    with page.expect_download(timeout=120_000) as waiting:
        page.click(selector)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def link_of(page: Page) -> Link:
    """What the address of the page says is watched, once it has caught up."""
    page.wait_for_timeout(1200)  # the address follows at most once a second
    return read_link(urlsplit(page.url).query, library_scenarios(), Link())
