"""Generated from openapi/vision-ai.yaml by `make generate`. Do not edit: change the contract or a template."""
