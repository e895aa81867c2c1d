"""Loading packs as an editor does it in the admin: upload, plan, choose, apply, undo."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalog.models import PackLoad
from tests.admin.pages import read_form


def address(page: str, *args: Any) -> str:
    return reverse(f"admin:catalog_packload_{page}", args=args)


def zipped(folder: Path) -> bytes:
    """A folder as an archive, with the same bytes whenever it is made."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            archive.writestr(zipfile.ZipInfo(str(path.relative_to(folder))), path.read_bytes())
    return content.getvalue()


def upload(client: Client, content: bytes, name: str = "guide.zip") -> HttpResponse:
    return client.post(address("upload"), {"file": SimpleUploadedFile(name, content)})


def plan_of(client: Client, folder: Path) -> str:
    """Upload a pack; the address of its plan."""
    response = upload(client, zipped(folder))
    assert response.status_code == 302
    return response.url


def apply(client: Client, url: str, **changes: str) -> HttpResponse:
    """Open a plan, choose, press Apply; field names as in the page."""
    return client.post(url, read_form(client.get(url)) | changes)


def take(row: str, choice: str) -> dict[str, str]:
    """What choosing for a conflict adds to the form."""
    return {f"_choice:{row}": choice}


def plan_anew(client: Client, url: str) -> HttpResponse:
    """Press the button that makes the plan of an upload anew; the page with that plan."""
    response = client.post(url, {"_anew": "1"})
    assert (response.status_code, response.url) == (302, url)
    return client.get(url)


def load_by_hand(client: Client, folder: Path, **changes: str) -> PackLoad:
    """Upload a pack and apply it."""
    assert apply(client, plan_of(client, folder), **changes).status_code == 302
    return PackLoad.objects.first()


def read_page(response: HttpResponse) -> Any:
    return html5lib.parse(response.content.decode(), namespaceHTMLElements=False)


def texts(response: HttpResponse, tag: str, of_class: str = "") -> list[str]:
    """What elements say, each on one line."""
    return [
        " ".join("".join(element.itertext()).split())
        for element in read_page(response).iter(tag)
        if not of_class or of_class in element.get("class", "").split()
    ]


def items(response: HttpResponse, section: str) -> list[str]:
    """The items of the lists in the section under this heading."""
    return [
        " ".join("".join(item.itertext()).split())
        for part in read_page(response).iter("section")
        if part.get("aria-labelledby") == section
        for item in part.iter("li")
    ]


def described(response: HttpResponse) -> dict[str, str]:
    """What describes each radio of a page, by the id that it names."""
    page = read_page(response)
    names = [name for field in page.iter("input") if (name := field.get("aria-describedby"))]
    by_id = {element.get("id"): element for element in page.iter("div")}
    return {name: " ".join("".join(by_id[name].itertext()).split()) for name in names}


def chosen(response: HttpResponse) -> dict[str, str]:
    """What is chosen for each conflict on a page."""
    return {field.get("name"): field.get("value") for field in _radios(response)}


def _radios(response: HttpResponse) -> Iterator[Any]:
    for field in read_page(response).iter("input"):
        if field.get("type") == "radio" and "checked" in field.attrib:
            yield field
