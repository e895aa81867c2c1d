"""Where the admin keeps what it has to say until the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookie(CookieStorage):
    """Django's cookie for messages, under a name that is bound to this host as the others are."""

    cookie_name = settings.MESSAGE_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """A cookie, and the session only for what is too long for one.

    Messages in the session would be taken out of it by the page that shows them: a page that
    only reads would write, and wait for whoever holds SQLite's write lock.
    """

    storage_classes = (MessageCookie, SessionStorage)
