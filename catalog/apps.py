"""Names the app and, once models are there, lets the edition listen to their writes."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once every app is loaded.
        from catalog import checks, edition  # noqa: PLC0415

        edition.listen()
        checks.register()
