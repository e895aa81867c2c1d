"""Every address: the admin's here, the guide's in the app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("catalog.urls")),
]

handler400 = "stackguide.errors.bad_request"
handler403 = "stackguide.errors.permission_denied"
handler404 = "stackguide.errors.page_not_found"
handler500 = "stackguide.errors.server_error"
