"""People of an editorial team, signed in."""

from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from catalog import roles


def sign_in_as(role: str, name: str = "") -> Client:
    """A client of a staff user in this role; of nobody's, with role “”, or of a superuser."""
    name = name or role.lower() or "grace"
    user, _is_new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    if role == "Superuser":
        user.is_superuser = True
        user.save()
    elif role:
        roles.make()
        user.groups.set([Group.objects.get(name=role)])
    client = Client()
    client.force_login(user)
    return client


def sign_in(*permissions: str, name: str = "grace") -> Client:
    """A client of a staff user with these permissions and no others."""
    client = sign_in_as("", name)
    user = User.objects.get(username=name)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return client
