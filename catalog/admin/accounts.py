"""People and groups as Django shows them, with lists that answer whatever is asked of them."""

from django.contrib import admin
from django.contrib.auth import admin as stock
from django.contrib.auth.models import Group, User

from catalog.admin.base import SiteAdmin

# Importing the stock module has registered its own.
admin.site.unregister([Group, User])


@admin.register(Group)
class GroupAdmin(SiteAdmin, stock.GroupAdmin):
    pass


@admin.register(User)
class UserAdmin(SiteAdmin, stock.UserAdmin):
    pass
