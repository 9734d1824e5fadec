"""Take the manual's pictures from a served demonstration: `python tools/manual.py http://127.0.0.1:8000 [picture …]`.

Each page is opened by who uses it, at the width of a desk and of a phone."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "manual"
WIDTHS = {1280: 800, 390: 844}
# picture, who, where: an address, then the words of the links one follows from it
PICTURES = [
    ("public", "", "/"),
    ("norms", "", "/norms/"),
    ("plan", "", "/plan/"),
    ("pnrr", "", "/plan/pnrr/"),
    ("staffing", "", "/staffing/"),
    ("my-day", "assistente.sociale", "/my-day/"),
    ("people", "assistente.sociale", "/people/"),
    ("benefits", "assistente.sociale", "/my-day/ > ADI:"),
    ("referral", "assistente.sociale", "/referrals/new/"),
    ("traineeships", "assistente.sociale", "/traineeships/"),
    ("directory", "assistente.sociale", "/directory/"),
    ("places", "assistente.sociale", "/places/?show=open"),
    ("matching", "assistente.sociale", "/matching/"),
    ("matching-round", "assistente.sociale", "/matching/1/"),
    ("host", "assistente.sociale", "/traineeships/hosts/ > Biblioteca"),
    ("week", "tutor.terzo.settore", "/register/week/"),
    ("returns", "programmatore.zona", "/staffing/returns/"),
    ("dashboard", "funzionario.regionale", "/dashboard/"),
    ("indicator", "funzionario.regionale", "/indicators/traineeship_hours/"),
    ("own-file", "persona.in.carico", "/own-file/"),
    ("personal-plan", "persona.in.carico", "/own-file/ > Il mio progetto, da leggere e stampare"),
    ("documents", "persona.in.carico", "/own-file/ > Documenti"),
    ("users", "amministratore", "/users/"),
    ("log", "protezione.dati", "/log/"),
]


def main(address, *only):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, who, where in PICTURES:
            if only and name not in only:
                continue
            page = browser.new_context(locale="it-IT").new_page()
            page.set_default_timeout(60_000)
            if who:
                page.goto(f"{address}/sign-in/")
                page.locator(f"button[value='{who}']").click()
            first, *links = where.split(" > ")
            page.goto(address + first)
            for words in links:
                page.get_by_role("link", name=words).first.click()
                page.wait_for_load_state()
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                page.screenshot(path=FOLDER / f"{name}-{width}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
