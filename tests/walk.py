"""Going wherever links lead, as somebody who presses all of them."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

# how many pages of an address are opened: the filters of a list are links, and not every person is at the same point
TRIES = {
    "people": 8,
    "person": 40,
    "referral": 4,
    "traineeships": 8,
    "traineeship": 16,
    "month_register": 12,
    "host": 8,
    "sitting": 4,
    "meeting": 8,
    "documents": 12,
    "attestation": 24,
    "skills": 12,
    "visits": 12,
    "act": 80,
    "fund": 30,
    "ledger": 6,
    "movements": 4,
    "movement": 60,
    "new_movement": 4,
    "declare_esf": 40,
    "submission": 6,
    "workers": 4,
    "worker": 4,
} | dict.fromkeys(("diary", "disclosures", "justice", "reserved_notes", "visits", "evaluations"), 12)
FROM_ONE_LIST = 3  # people or traineeships


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append(href)


def links_in(html):
    reader = Links()
    reader.feed(html)
    return reader.found


def kind_of_page(path):
    """The name of an address; the steps of a traineeship are pages of their own. None: no page of ours."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return (match.view_name, match.kwargs.get("step", ""))


def walk(client, start, *, but=(), most=100):
    """Breadth first from a page: {(name, step): [(length of the page, address), …]}; pages in `but` are not opened,
    and of an address no more than `most`."""
    reached, tried, waiting = {}, set(), [start]
    while waiting:
        address = waiting.pop(0)
        page = kind_of_page(urlsplit(address).path)
        if page is None or page in but or address in tried:
            continue
        opened = reached.setdefault(page, [])
        if len(opened) == min(TRIES.get(page[0], 1), most):
            continue
        tried.add(address)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"a link leads to {address}, which answers {answer.status_code}"
        if not answer.get("Content-Type", "").startswith("text/html"):
            opened.append((0, address))
            continue
        here = answer.request["PATH_INFO"]
        html = answer.content.decode()
        opened.append((len(html), address))
        waiting += some(urljoin(here, href) for href in links_in(html))
    return reached


def some(addresses):
    """The links of one page to our pages, of a list of people the first few."""
    taken = {}
    for address in dict.fromkeys(address.partition("#")[0] for address in addresses):
        there = urlsplit(address)
        if there.netloc or there.scheme or there.path.startswith("/static/"):
            continue
        page = kind_of_page(there.path)
        taken[page] = taken.get(page, 0) + 1
        if taken[page] <= FROM_ONE_LIST or not (page and page[0] in ("person", "traineeship")):
            yield address
