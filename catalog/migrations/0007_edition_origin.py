from django.db import migrations, models


class Migration(migrations.Migration):
    """Call the way an edition came its origin. The column keeps its name."""

    dependencies = [("catalog", "0006_months_of_reading")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("edition", "door", "origin"),
                migrations.AlterField(
                    "edition",
                    "origin",
                    models.CharField(
                        max_length=7,
                        choices=[
                            ("admin", "admin"),
                            ("pack", "pack"),
                            ("command", "command"),
                            ("outside", "outside"),
                        ],
                        db_column="door",
                    ),
                ),
            ]
        )
    ]
