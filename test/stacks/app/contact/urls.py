"""The only page: POST /contact with to and id sends a message with that Message-ID."""

import smtplib

from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST


def words(error):
    """What the mail server said, of an error that is about the sender, or about recipients."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode()}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error.decode()}"
    return str(error)


@require_POST
def contact(request):
    message = EmailMessage(
        subject="Thank you for your message",
        body="We have got it, and will answer soon.\n",
        to=[request.POST["to"]],
        headers={"Message-ID": request.POST["id"]},
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        return HttpResponse(f"not sent: {words(error)}\n", status=503)
    return HttpResponse("sent\n")


urlpatterns = [path("contact", contact)]
