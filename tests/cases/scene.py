"""What a journey needs on top of the three people: filling a form as a browser would."""

import re
from html.parser import HTMLParser


class Fields(HTMLParser):
    """The fields of the first form that has a given marker: their values as the page gives them."""

    def __init__(self):
        super().__init__()
        self.forms, self.current, self.select, self.area = [], None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.current = {"action": attrs.get("action", ""), "values": {}, "names": set()}
            self.forms.append(self.current)
        if self.current is None or not attrs.get("name"):
            if tag == "option" and self.select and "selected" in attrs:
                self.current["values"][self.select] = [attrs.get("value", "")]
            elif tag == "option" and self.select:
                self.current["values"].setdefault(self.select, [attrs.get("value", "")])
            return
        name = attrs["name"]
        self.current["names"].add(name)
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area = name
            self.current["values"][name] = [""]
        elif tag == "input" and attrs.get("type") in ("checkbox", "radio"):
            if "checked" in attrs:
                self.current["values"].setdefault(name, []).append(attrs.get("value", "on"))
        elif tag == "input":
            self.current["values"][name] = [attrs.get("value", "")]

    def handle_data(self, data):
        if self.area:
            self.current["values"][self.area] = [self.current["values"][self.area][0] + data.lstrip("\n")]

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None
        if tag == "select":
            self.select = None
        if tag == "textarea":
            self.area = None


class Worker:
    """Somebody at a browser, whose every typed or chosen field is counted."""

    def __init__(self, client):
        self.client, self.touched = client, 0

    def open(self, url):
        self.answer = self.client.get(url, follow=True)
        assert self.answer.status_code == 200, (url, self.answer.status_code)
        return self

    @property
    def page(self):
        return self.answer.content.decode()

    @property
    def url(self):
        return self.answer.request["PATH_INFO"]

    @property
    def status(self):
        return self.answer.status_code

    def value_of(self, name):
        """What the page gives a field, in the first form that has it."""
        reader = Fields()
        reader.feed(self.page)
        return next(form["values"][name][-1] for form in reader.forms if name in form["names"])

    def follow(self, label):
        found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*?{re.escape(label)}', self.page, re.S)
        assert found, f"no link {label!r} on {self.url}"
        return self.open(found[1])

    def submit(self, having, **typed):
        """Post the form that has the field `having`, as the page gives it but for what is typed."""
        reader = Fields()
        reader.feed(self.page)
        form = next(form for form in reader.forms if having in form["names"])
        assert set(typed) <= form["names"], set(typed) - form["names"]
        self.touched += len(typed)
        values = form["values"] | {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        self.answer = self.client.post(form["action"] or self.url, values, follow=True)
        assert self.answer.status_code == 200, (self.url, self.answer.status_code)
        return self
