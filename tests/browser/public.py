"""The addresses of each kind of public page, as the real guide fills them."""

ADDRESSES = (
    "/",
    "/categories/",
    "/categories/web-frameworks/",
    "/categories/authentication-authorization/",
    "/categories/deployment/",
    "/technologies/",
    "/technologies/?text=nothing+like+it&kind=nonsense",
    "/technologies/fastapi/",
    "/technologies/postgresql/",
    "/comparisons/",
    "/comparisons/async-frameworks/",
    "/comparisons/async-frameworks/?t=zope&must=documentation.4&differ=1&sort=fit",
    "/comparisons/async-frameworks/documentation/",
    "/compare/",
    "/compare/?t=fastapi&t=django&t=flask",
    "/stacks/",
    "/stacks/modern-microservices/",
    "/versions/",
    "/versions/python-2025/",
    "/no-such-page/",
)
