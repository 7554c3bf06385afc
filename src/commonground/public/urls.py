"""Addresses anyone may visit."""

from django.urls import path

from commonground.public import api, feeds, views
from commonground.public.feeds import alerts
from commonground.public.views import films, letters, log, notices, really

app_name = "public"
urlpatterns = [
    path("newsroom/", views.newsroom, name="newsroom"),
    path("newsroom/rss.xml", feeds.rss, name="rss"),
    path("newsroom/atom.xml", feeds.atom, name="atom"),
    path("newsroom/feed.json", feeds.json_feed, name="json_feed"),
    path("newsroom/alerts.xml", alerts.feed, name="alerts"),
    path("newsroom/alerts/<slug:key>.xml", alerts.alert, name="alert"),
    path("newsroom/alerts/<slug:key>/cancel.xml", alerts.cancellation, name="cancellation"),
    path("newsroom/<slug:key>", views.post, name="post"),
    path("newsroom/<slug:key>/share/", views.share, name="share"),
    path("newsroom/<slug:key>/picture-<int:place>", views.picture, name="picture"),
    path("newsroom/<slug:key>/film.mp4", films.film, name="film"),
    path("newsroom/<slug:key>/captions.vtt", films.captions, name="film_captions"),
    path("pictures/<slug:digest>.jpg", views.picture_of_a_post, name="picture_of_a_post"),
    path("really/", really.really, name="really"),
    path("follow/", views.follow, name="follow"),
    path("letters/", letters.ask, name="letters"),
    path("letters/asked/", letters.asked, name="letters_asked"),
    path("letters/confirm/<str:link>", letters.confirm, name="letters_confirm"),
    path("letters/leave/<str:token>", letters.leave, name="letters_leave"),
    path("letters/<slug:key>", letters.letter, name="letter"),
    path("letters/<slug:key>/picture-<int:place>", letters.picture, name="letter_picture"),
    path("notices/", notices.notices, name="notices"),
    path("notices/join/", notices.join, name="notices_join"),
    path("notices/leave/", notices.leave, name="notices_leave"),
    path("notices/worker.js", notices.worker, name="notices_worker"),
    path("notices/app.webmanifest", notices.manifest, name="manifest"),
    path("notices/<slug:key>", notices.notice, name="notice"),
    path("notices/<slug:key>/picture-<int:place>", notices.picture, name="notice_picture"),
    path("help/", views.help_for_all, name="help"),
    path("accounts/", views.accounts, name="accounts"),
    path(".well-known/commonground-accounts.json", views.accounts_file, name="accounts_file"),
    path("listening/", views.listening, name="listening"),
    path("about/", views.about, name="about"),
    path("archive/", log.archive, name="archive"),
    path("archive/<int:number>.tlog-proof", log.proof, name="proof"),
    path("archive/<int:number>.json", log.entry, name="archived"),
    path("log/<int:epoch>/checkpoint", log.checkpoint, name="checkpoint"),
    path("log/<int:epoch>/key", log.key, name="log_key"),
    path("log/<int:epoch>/tile/<path:place>", log.tile, name="tile"),
    path(".well-known/webfinger", api.webfinger, name="webfinger"),
    path(".well-known/nodeinfo", api.nodeinfo_place, name="nodeinfo_place"),
    path("nodeinfo/2.0", api.nodeinfo, name="nodeinfo"),
    path("fediverse/shared-inbox", api.inbox, name="shared_inbox"),
    path("fediverse/<slug:name>/inbox", api.inbox, name="inbox"),
    path("fediverse/<slug:name>", api.actor, name="actor"),
    path("fediverse/<slug:name>/outbox", api.outbox, name="outbox"),
    path("fediverse/<slug:name>/followers", api.followers, name="followers"),
    path("fediverse/<slug:name>/notes/<slug:key>", api.note, name="note"),
    path(
        "fediverse/<slug:name>/notes/<slug:key>/picture-<int:place>",
        api.note_picture,
        name="note_picture",
    ),
]
