"""A new firmware as an edit of the contract: an operation, a field, an enum value and an error code."""

from __future__ import annotations

from typing import Any


def add_new_firmware(document: dict[str, Any]) -> dict[str, Any]:
    schemas, paths = document["components"]["schemas"], document["paths"]

    paths["/api/set_light"] = {
        "post": {
            "operationId": "setLight",
            "tags": ["device"],
            "summary": "Set the light over the pan",
            "description": "Sets the brightness of the lamp and returns the new setting.",
            "x-effect": "set",
            "x-error-codes": [-6213, -6301],
            "x-source": "Device management > Light",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SetLightRequest"}}},
            },
            "responses": {
                "200": {
                    "description": "The light.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/SetLightAnswer"}}
                    },
                }
            },
        }
    }
    schemas["SetLightRequest"] = {
        "type": "object",
        "description": "The light to set.",
        "required": ["brightness"],
        "properties": {
            "brightness": {"type": "integer", "minimum": 0, "maximum": 100, "description": "In percent."},
            "colorName": {"type": "string", "minLength": 1, "description": "A name, such as white."},
        },
    }
    schemas["Light"] = {
        "type": "object",
        "description": "The current light.",
        "required": ["brightness"],
        "properties": {"brightness": {"type": "integer", "description": "In percent."}},
    }
    schemas["SetLightAnswer"] = {
        "type": "object",
        "description": "The response of set_light.",
        "required": ["code"],
        "properties": {
            "code": {"type": "integer", "format": "int32", "description": "0 is success."},
            "data": {"anyOf": [{"$ref": "#/components/schemas/Light"}, {"type": "null"}]},
        },
    }

    schemas["DeviceInfo"]["required"].append("temperature")
    schemas["DeviceInfo"]["properties"]["temperature"] = {"type": "number", "description": "In °C."}
    schemas["SyncMode"]["enum"].append("mesh")
    schemas["SyncMode"]["x-enum-varnames"].append("MESH")
    schemas["SyncMode"]["x-enum-descriptions"].append("The modules synchronize with each other.")
    schemas["ErrorCode"]["enum"].append(-6301)
    schemas["ErrorCode"]["x-enum-varnames"].append("LAMP_BROKEN")
    schemas["ErrorCode"]["x-enum-descriptions"].append("The lamp is broken.")
    document["x-error-codes"].append(
        {
            "code": -6301,
            "name": "LAMP_BROKEN",
            "category": "camera",
            "retryable": False,
            "meaning": "The lamp is broken.",
            "versions": ["v1"],
            "vendor": "Lamp broken",
            "meanings": {"ru": "Лампа неисправна.", "zh": "灯已损坏。"},
        }
    )
    return document
