"""Addresses of signing in and of one's own pages. They have no namespace: Django and allauth look them up by name."""

from django.urls import URLPattern, URLResolver, path

from linhe.web.accounts import calls, demo, deputies, family, home, me, phone, posts, privacy, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", phone.sign_in, name="account_login"),
    path("sign-in/code/", phone.enter_code, name="account_code"),
    path("sign-in/welcome/", phone.welcome, name="account_welcome"),
    path("sign-in/staff/", staff.staff_sign_in, name="account_staff"),
    path("sign-in/second/", staff.second_step, name="account_second"),
    path("sign-in/enrol/", staff.enrol_step, name="account_enrol"),
    path("sign-in/as/<slug:username>/", demo.sign_in_as, name="account_demo"),
    path("sign-out/", phone.sign_out, name="account_logout"),
    path("sign-out/everywhere/", me.sign_out_everywhere, name="account_logout_everywhere"),
    path("me/", me.me, name="me"),
    path("me/password/", me.me_password, name="me_password"),
    path("me/home/", home.me_home, name="me_home"),
    path("me/family/", family.me_family, name="me_family"),
    path("me/privacy/", privacy.me_privacy, name="me_privacy"),
    path("me/export.json", privacy.me_export, name="me_export"),
    path("me/erase/", privacy.me_erase, name="me_erase"),
    path("posts/", posts.posts, name="posts"),
    path("posts/deputies/", deputies.deputies, name="deputies"),
    path("families/", calls.family_calls, name="family_calls"),
]
