from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.learn_mode_state import LearnModeState
from ...models.set_learnmode_answer import SetLearnmodeAnswer
from ...types import Response


def _get_kwargs(
    *,
    body: LearnModeState,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/set_learnmode",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> SetLearnmodeAnswer | None:
    if response.status_code == 200:
        response_200 = SetLearnmodeAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[SetLearnmodeAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: LearnModeState,
) -> Response[SetLearnmodeAnswer]:
    """Switch learning on or off.

     While learning is on, the module learns from each choice that is sent to it with
    `/api/result_feedback`.
    While it is off, it only recognises. A module learns as it comes from the factory.

    Args:
        body (LearnModeState): The learning mode, as it is or as it is to be.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SetLearnmodeAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: LearnModeState,
) -> SetLearnmodeAnswer | None:
    """Switch learning on or off.

     While learning is on, the module learns from each choice that is sent to it with
    `/api/result_feedback`.
    While it is off, it only recognises. A module learns as it comes from the factory.

    Args:
        body (LearnModeState): The learning mode, as it is or as it is to be.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SetLearnmodeAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: LearnModeState,
) -> Response[SetLearnmodeAnswer]:
    """Switch learning on or off.

     While learning is on, the module learns from each choice that is sent to it with
    `/api/result_feedback`.
    While it is off, it only recognises. A module learns as it comes from the factory.

    Args:
        body (LearnModeState): The learning mode, as it is or as it is to be.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SetLearnmodeAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: LearnModeState,
) -> SetLearnmodeAnswer | None:
    """Switch learning on or off.

     While learning is on, the module learns from each choice that is sent to it with
    `/api/result_feedback`.
    While it is off, it only recognises. A module learns as it comes from the factory.

    Args:
        body (LearnModeState): The learning mode, as it is or as it is to be.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SetLearnmodeAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
