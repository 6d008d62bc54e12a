"""Generated from openapi/vision-ai.yaml by `make generate`. Do not edit it: edit the contract or a template."""
