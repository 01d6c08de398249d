"""Addresses of the care desk."""

from django.urls import URLPattern, URLResolver, path

from linhe.desks.care.views import community, glances, home, looking, reviews, sessions

app_name = "care"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("well/", home.tap, name="tap"),
    path("join/", home.join, name="join"),
    path("mine/", home.mine, name="mine"),
    path("needs/", home.needs, name="needs"),
    path("away/", home.away, name="away"),
    path("back/", home.back, name="back"),
    path("leave/", home.leave, name="leave"),
    path("let-go/", home.let_go, name="let_go"),
    path("family/<int:person_id>/", home.family, name="family"),
    path("look/<int:matter_id>/", looking.look, name="look"),
    path("look/<int:matter_id>/open/", looking.open_record, name="open"),
    path("look/<int:matter_id>/do/<slug:action>/", looking.do, name="do"),
    path("glances/", glances.glances, name="glances"),
    path("glances/willing/", glances.willing, name="willing"),
    path("glances/<int:glance_id>/", glances.answer, name="answer"),
    path("round/", community.todays_round, name="round"),
    path("people/", community.people, name="people"),
    path("people/new/", community.enrol, name="enrol"),
    path("people/<int:enrolment_id>/", community.person, name="person"),
    path("people/<int:enrolment_id>/<slug:what>/", community.person_do, name="person_do"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:matter_id>/<slug:action>/", reviews.review, name="review"),
    path("meters/", reviews.meters, name="meters"),
    path("sessions/", sessions.listed, name="sessions"),
    path("sessions/manage/", sessions.manage, name="manage"),
    path("sessions/<int:session_id>/book/", sessions.book, name="book"),
    path("sessions/<int:matter_id>/", sessions.session, name="session"),
    path("sessions/<int:matter_id>/do/<slug:action>/", sessions.session_do, name="session_do"),
    path("seats/<int:matter_id>/cancel/", sessions.cancel, name="cancel"),
    path("seats/<int:matter_id>/do/<slug:action>/", sessions.seat_do, name="seat_do"),
]
