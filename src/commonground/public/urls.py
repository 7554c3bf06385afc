"""Addresses anyone may visit."""

from django.urls import path

from commonground.public import api, feeds, views

app_name = "public"
urlpatterns = [
    path("newsroom/", views.newsroom, name="newsroom"),
    path("newsroom/rss.xml", feeds.rss, name="rss"),
    path("newsroom/atom.xml", feeds.atom, name="atom"),
    path("newsroom/feed.json", feeds.json_feed, name="json_feed"),
    path("newsroom/<slug:key>", views.post, name="post"),
    path("newsroom/<slug:key>/share/", views.share, name="share"),
    path("newsroom/<slug:key>/picture-<int:place>", views.picture, name="picture"),
    path("follow/", views.follow, name="follow"),
    path("help/", views.help_for_all, name="help"),
    path("accounts/", views.accounts, name="accounts"),
    path(".well-known/commonground-accounts.json", views.accounts_file, name="accounts_file"),
    path("listening/", views.listening, name="listening"),
    path("about/", views.about, name="about"),
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
