"""Our own account in the fediverse: an ActivityPub actor that belongs to no other server."""
