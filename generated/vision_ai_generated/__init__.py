"""Generated from the documents in openapi/ by `make generate`. Do not edit it: edit the contract or a template."""
