from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.result_feedback_answer import ResultFeedbackAnswer
from ...models.result_feedback_request import ResultFeedbackRequest
from ...types import Response


def _get_kwargs(
    *,
    body: ResultFeedbackRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/result_feedback",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ResultFeedbackAnswer | None:
    if response.status_code == 200:
        response_200 = ResultFeedbackAnswer.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ResultFeedbackAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ResultFeedbackRequest,
) -> Response[ResultFeedbackAnswer]:
    """Tell the module what a recognised product really was.

     Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
    module gets
    better at recognising. Send it for right guesses as well as for wrong ones. The module learns from
    it while
    learning mode is on.

    `sid` is that of the recognition which the choice answers. The vendor's table also says that
    registering and
    dropping template pictures needs it, but none of those requests has such a field; they use
    `image_id`. For the
    names of the fields see A1.

    Args:
        body (ResultFeedbackRequest): What the clerk chose after a recognition.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ResultFeedbackAnswer]
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
    body: ResultFeedbackRequest,
) -> ResultFeedbackAnswer | None:
    """Tell the module what a recognised product really was.

     Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
    module gets
    better at recognising. Send it for right guesses as well as for wrong ones. The module learns from
    it while
    learning mode is on.

    `sid` is that of the recognition which the choice answers. The vendor's table also says that
    registering and
    dropping template pictures needs it, but none of those requests has such a field; they use
    `image_id`. For the
    names of the fields see A1.

    Args:
        body (ResultFeedbackRequest): What the clerk chose after a recognition.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ResultFeedbackAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ResultFeedbackRequest,
) -> Response[ResultFeedbackAnswer]:
    """Tell the module what a recognised product really was.

     Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
    module gets
    better at recognising. Send it for right guesses as well as for wrong ones. The module learns from
    it while
    learning mode is on.

    `sid` is that of the recognition which the choice answers. The vendor's table also says that
    registering and
    dropping template pictures needs it, but none of those requests has such a field; they use
    `image_id`. For the
    names of the fields see A1.

    Args:
        body (ResultFeedbackRequest): What the clerk chose after a recognition.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ResultFeedbackAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ResultFeedbackRequest,
) -> ResultFeedbackAnswer | None:
    """Tell the module what a recognised product really was.

     Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
    module gets
    better at recognising. Send it for right guesses as well as for wrong ones. The module learns from
    it while
    learning mode is on.

    `sid` is that of the recognition which the choice answers. The vendor's table also says that
    registering and
    dropping template pictures needs it, but none of those requests has such a field; they use
    `image_id`. For the
    names of the fields see A1.

    Args:
        body (ResultFeedbackRequest): What the clerk chose after a recognition.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ResultFeedbackAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
