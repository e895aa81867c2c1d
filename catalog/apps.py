"""Names the app and, once models are there, lets the edition listen to their writes."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.db.models.signals import post_migrate


class GuideAdminConfig(AdminConfig):
    """Django's admin, with our site in place of its own."""

    default_site = "catalog.sites.GuideAdminSite"


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once every app is loaded.
        from catalog import integrity  # noqa: PLC0415
        from catalog.history import editions, indexing  # noqa: PLC0415

        editions.listen()
        checks.register(integrity.check_content, checks.Tags.database)
        checks.register(indexing.check_search, checks.Tags.database)
        post_migrate.connect(indexing.rebuild_where_missing, sender=self)
