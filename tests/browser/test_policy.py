"""Pages honour their own content policy, in a real browser."""

import pytest

pytestmark = pytest.mark.ignore_template_errors  # the admin's own templates


@pytest.mark.usefixtures("watch")
def test_a_page_needs_nothing_that_its_policy_forbids(page):
    for address, status in (("/", 200), ("/no-such-page/", 404), ("/admin/login/", 200)):
        assert page.context.cookies() == []
        response = page.goto(address)
        assert response is not None
        assert response.status == status
        assert page.locator("h1").count() == 1


@pytest.mark.usefixtures("watch")
def test_an_editor_signs_in_and_out_under_the_same_policy(page, django_user_model):
    django_user_model.objects.create_superuser("ann", password="a-word-and-another-1")
    page.goto("/admin/")
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill("a-word-and-another-1")
    page.get_by_role("button", name="Log in").click()
    assert page.locator("h1").inner_text() == "Keeping the guide"
    page.goto("/admin/auth/user/add/")
    assert page.locator("h1").inner_text() == "Add user"
    page.get_by_role("button", name="Log out").click()
    assert page.locator("h1").inner_text() == "Logged out"


def test_the_watch_sees_what_a_policy_forbids(page, watch):
    page.goto("/no-such-page/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: '//127.0.0.2/x'}))")
    page.wait_for_timeout(300)
    directives = {error.split()[1] for error in watch.errors if error.startswith("policy:")}
    assert "img-src" in directives
    watch.errors.clear()
    watch.strangers.clear()
