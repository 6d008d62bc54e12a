"""What differs between the synchronous and the asynchronous client, and the clock that both share."""
