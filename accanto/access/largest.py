"""What is too large to be anything we asked for is not read at all: a stranger, who has not signed in, could fill the
memory or the disk with it."""

from django.conf import settings
from django.http import HttpResponse

SENTENCE = (
    "<!doctype html><html lang=it><meta charset=utf-8><title>Troppo grande</title>"
    "<p>Quello che hai mandato è troppo grande: un file può essere al più di 25 MB. Torna indietro e dividilo.</p>"
    "<p lang=en>What you sent is too large: a file may be of 25 MB at most. Go back and split it.</p></html>"
)


class LargestRequestMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if length_of(request) > largest(request):
            return HttpResponse(SENTENCE, status=413, headers={"Connection": "close"})
        return self.get_response(request)


def length_of(request):
    """As it is declared: no more than that is ever read."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def largest(request):
    """A cookie is only a word of who sends it: it raises the limit, it takes none away."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return settings.LARGEST_REQUEST if signed_in else settings.LARGEST_ANONYMOUS_REQUEST
