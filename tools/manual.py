"""Take the manual's pictures from a served demonstration: `python tools/manual.py http://127.0.0.1:8000 [picture …]`.

Each page is opened by who uses it, at the width of a desk and of a phone."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "manual"
WIDTHS = {1280: 800, 390: 844}
# picture, who, where: an address, then what one follows from it: the words of a link; ! those of a button; + those of
# what unfolds; what has a bracket is a selector; @ the secret address that the page shows
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
    (
        "offer",
        "assistente.sociale",
        "/traineeships/hosts/ > Biblioteca > +Fai un collegamento > !Fai il collegamento > @",
    ),
    ("place", "assistente.sociale", "/places/?show=open > a[href^='/places/']:not([href*='?'])"),
    ("plan-from-a-place", "assistente.sociale", "/matching/ > [aria-labelledby=waiting] a > Scrivi il progetto"),
    ("agreements", "assistente.sociale", "/traineeships/agreements/?show=force"),
    ("signatures", "assistente.sociale", "/my-day/ > a[href*='/signatures/']"),
    (
        "month-register",
        "assistente.sociale",
        "/traineeships/ > tbody a[href*='/traineeships/'] > a[href*='/register/']",
    ),
    ("close-registers", "assistente.sociale", "/register/close/"),
    ("payments", "assistente.sociale", "/payments/"),
    ("payment-list", "assistente.sociale", "/payments/ > a[href*='/payments/lists/']"),
    ("payment-chain", "assistente.sociale", "/payments/ > a[href*='/payments/lists/'] > a[href*='/chain/']"),
    ("week", "tutor.terzo.settore", "/register/week/"),
    ("evaluations", "tutor.terzo.settore", "/my-day/ > a[href*='/evaluations/']"),
    ("attestations", "assistente.sociale", "/attestations/"),
    ("anomaly", "assistente.sociale", "/controls/ > tbody a[href*='/controls/']"),
    ("inspection", "ispettore", "/inspections/ > tbody a[href]"),
    ("returns", "programmatore.zona", "/staffing/returns/"),
    ("workers", "programmatore.zona", "/staffing/workers/"),
    ("february-return", "programmatore.zona", "/staffing/workers/ > Prospetto del"),
    ("dashboard", "funzionario.regionale", "/dashboard/"),
    ("indicator", "funzionario.regionale", "/indicators/traineeship_hours/"),
    ("own-file", "persona.in.carico", "/own-file/"),
    ("personal-plan", "persona.in.carico", "/own-file/ > Il mio progetto, da leggere e stampare"),
    ("documents", "persona.in.carico", "/own-file/ > Documenti"),
    ("users", "amministratore", "/users/"),
    ("log", "protezione.dati", "/log/"),
]

# the pictures of one width only
AT = {"offer": [390], "plan-from-a-place": [1280], "agreements": [1280], "signatures": [1280], "month-register": [1280],
      "close-registers": [1280], "payments": [1280], "payment-list": [1280], "payment-chain": [1280],
      "place": [1280], "evaluations": [1280], "attestations": [1280], "anomaly": [1280],
      "inspection": [390], "workers": [1280], "february-return": [1280]}  # fmt: skip


def follow(page, words):
    if words == "@":
        page.goto(page.locator("input[value*='/offer/']").input_value())
    elif words.startswith("!"):
        page.get_by_role("button", name=words[1:]).first.click()
    elif words.startswith("+"):
        page.locator("summary", has_text=words[1:]).first.click()
    elif "[" in words:
        page.locator(f"main {words}").first.click()
    else:
        page.get_by_role("link", name=words).first.click()
    page.wait_for_load_state()


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
                follow(page, words)
            for width, height in WIDTHS.items():
                if width not in AT.get(name, WIDTHS):
                    continue
                page.set_viewport_size({"width": width, "height": height})
                page.screenshot(path=FOLDER / f"{name}-{width}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
