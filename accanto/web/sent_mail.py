"""A message that leaves now, while somebody waits for the page."""

from django.core.mail import EmailMessage, get_connection

from accanto.web.reminders import send


def message(to, subject, lines):
    return EmailMessage(subject=subject, body="\n".join(lines), to=[to], headers={"Auto-Submitted": "auto-generated"})


def leave(mail):
    """Why it did not leave, or nothing."""
    connection = get_connection()
    failure = send(mail, connection)
    connection.close()
    return failure
