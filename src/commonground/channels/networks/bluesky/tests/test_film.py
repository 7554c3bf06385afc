"""The record of a video, without a server: what is uploaded, and how it is named."""

from atproto import models
from atproto_client.models.blob_ref import BlobRef, IpldLink

from commonground.channels.contract import Message
from commonground.channels.networks.bluesky.record import record_of
from commonground.channels.tests.contract_suite import a_film

ANY = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


def test_a_video_and_its_captions_are_two_files_of_one_record():
    uploads = []

    def upload(content, kind):
        uploads.append((content, kind))
        return BlobRef(mime_type=kind, size=len(content), ref=IpldLink(link=ANY))

    film = a_film()
    record = record_of(
        Message("Watch.", film=film), "2026-03-07T01:50:00.000Z", upload, lambda _: None
    )
    embed = models.get_model_as_dict(record)["embed"]
    assert embed["$type"] == "app.bsky.embed.video"
    assert embed["alt"] == "Cars turn round"
    assert embed["aspectRatio"] == {"$type": "app.bsky.embed.defs#aspectRatio",
                                    "width": 64, "height": 48}  # fmt: skip
    assert [said["lang"] for said in embed["captions"]] == ["en"]
    assert sorted(uploads, key=lambda one: one[1]) == [
        (film.captions.encode(), "text/vtt"), (film.content, "video/mp4"),
    ]  # fmt: skip
