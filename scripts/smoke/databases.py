"""Drivers, ORMs and migrations, on the databases of this machine."""

import asyncio
import importlib
import importlib.util

from smoke.checks import NAME, POSTGRESQL, REDIS, check, expect


async def connect_engine(driver: str) -> None:
    sqlalchemy = importlib.import_module("sqlalchemy")
    asyncio_part = importlib.import_module("sqlalchemy.ext.asyncio")
    engine = asyncio_part.create_async_engine(f"postgresql+{driver}://{POSTGRESQL}")
    async with engine.connect() as connection:
        expect(await connection.scalar(sqlalchemy.text("SELECT 40 + 2")), 42)
    await engine.dispose()


@check("SQLAlchemy connects through asyncpg", "sqlalchemy", "asyncpg", servers=("PostgreSQL",))
def sqlalchemy_asyncpg() -> None:
    asyncio.run(connect_engine("asyncpg"))


@check("SQLAlchemy connects through Psycopg 3", "sqlalchemy", "psycopg", servers=("PostgreSQL",))
def sqlalchemy_psycopg() -> None:
    sqlalchemy = importlib.import_module("sqlalchemy")
    engine = sqlalchemy.create_engine(f"postgresql+psycopg://{POSTGRESQL}")
    with engine.connect() as connection:
        expect(connection.scalar(sqlalchemy.text("SELECT 40 + 2")), 42)
    engine.dispose()
    if importlib.util.find_spec("greenlet"):
        asyncio.run(connect_engine("psycopg"))


@check("SQLAlchemy stores and reads objects", "sqlalchemy")
def sqlalchemy_stores() -> None:
    orm, sqlalchemy = (
        importlib.import_module("sqlalchemy.orm"),
        importlib.import_module("sqlalchemy"),
    )
    registry = orm.registry()

    class Book:
        def __init__(self, title: str) -> None:
            self.title = title

    table = sqlalchemy.Table(
        "book",
        registry.metadata,
        sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True),
        sqlalchemy.Column("title", sqlalchemy.String(40)),
    )
    registry.map_imperatively(Book, table)
    engine = sqlalchemy.create_engine("sqlite://")
    registry.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add(Book("Emma"))
        session.commit()
        expect(session.scalars(sqlalchemy.select(Book)).one().title, "Emma")


@check(
    "Alembic finds and makes a new table",
    *("alembic", "sqlalchemy", "psycopg"),
    servers=("PostgreSQL",),
)
def alembic_migrates() -> None:
    sqlalchemy = importlib.import_module("sqlalchemy")
    alembic_autogenerate = importlib.import_module("alembic.autogenerate")
    migration = importlib.import_module("alembic.migration")
    operations = importlib.import_module("alembic.operations")
    metadata = sqlalchemy.MetaData()
    sqlalchemy.Table(NAME, metadata, sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True))
    engine = sqlalchemy.create_engine(f"postgresql+psycopg://{POSTGRESQL}")
    only = {"include_name": lambda name, kind, _: kind != "table" or name == NAME}
    with engine.connect() as connection:
        context = migration.MigrationContext.configure(connection, opts=only)
        found = alembic_autogenerate.compare_metadata(context, metadata)
        expect([step[0] for step in found], ["add_table"])
        column = sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True)
        operations.Operations(context).create_table(NAME, column)
        expect(alembic_autogenerate.compare_metadata(context, metadata), [])
        connection.rollback()
    engine.dispose()


@check("asyncpg connects", "asyncpg", servers=("PostgreSQL",))
def asyncpg_connects() -> None:
    async def ask() -> object:
        connection = await importlib.import_module("asyncpg").connect(f"postgresql://{POSTGRESQL}")
        try:
            return await connection.fetchval("SELECT 40 + 2")
        finally:
            await connection.close()

    expect(asyncio.run(ask()), 42)


@check("Psycopg's pool connects", "psycopg", servers=("PostgreSQL",))
def psycopg_pool() -> None:
    pools = importlib.import_module("psycopg_pool")
    with (
        pools.ConnectionPool(f"postgresql://{POSTGRESQL}", min_size=1) as pool,
        pool.connection() as found,
    ):
        expect(found.execute("SELECT 40 + 2").fetchone(), (42,))


@check("PyMongo stores and reads", "pymongo", servers=("MongoDB",))
def pymongo_stores() -> None:
    async def store() -> object:
        client = importlib.import_module("pymongo").AsyncMongoClient("mongodb://127.0.0.1:27017")
        books = client[NAME].books
        await books.insert_one({"title": "Emma"})
        found = await books.find_one({"title": "Emma"})
        await client.drop_database(NAME)
        await client.close()
        return found["title"]

    expect(asyncio.run(store()), "Emma")


@check("redis-py sets and gets, sync and async", "redis", servers=("Redis",))
def redis_sets() -> None:
    redis = importlib.import_module("redis")
    client = redis.Redis.from_url(REDIS)
    client.set(NAME, "one", ex=30)

    async def get() -> bytes:
        async with importlib.import_module("redis.asyncio").Redis.from_url(REDIS) as again:
            return await again.get(NAME)

    expect(asyncio.run(get()), b"one")
    client.delete(NAME)
    client.close()
