"""One method per operation of the contract, sync and async; what sends and reads is left to `_perform`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, TypeVar

from . import models
from .operation import Field, Operation, SumLimit, Upload
from .types import (
    check_list,
    check_object,
)

T = TypeVar("T")


def _decode_get_device_info(data: Any) -> models.DeviceInfo:
    return models.DeviceInfo.from_dict(data if type(data) is dict else check_object(data, "DeviceInfo"))


GET_DEVICE_INFO: Operation[models.DeviceInfo] = Operation(
    name="get_device_info",
    method="POST",
    path="/api/get_device_info",
    effect="read",
    decode=_decode_get_device_info,
    answer="envelope",
    returns="one",
    error_codes=(-6210,),
)


def _decode_reset_device(data: Any) -> None:
    return None


RESET_DEVICE: Operation[None] = Operation(
    name="reset_device",
    method="POST",
    path="/api/reset_device",
    effect="destructive",
    decode=_decode_reset_device,
    answer="envelope",
    returns="nothing",
    error_codes=(-6203, -6210),
)


def _decode_reboot(data: Any) -> None:
    return None


REBOOT: Operation[None] = Operation(
    name="reboot",
    method="POST",
    path="/api/reboot",
    effect="act",
    decode=_decode_reboot,
    answer="envelope",
    returns="nothing",
    error_codes=(-6210,),
)


def _decode_set_calib(data: Any) -> None:
    return None


SET_CALIB: Operation[None] = Operation(
    name="set_calib",
    method="POST",
    path="/api/set_calib",
    effect="set",
    decode=_decode_set_calib,
    answer="envelope",
    returns="nothing",
    body="json",
    fields=(
        Field(name="left", python_name="left", kind="integer", minimum=0, maximum=1279),
        Field(name="top", python_name="top", kind="integer", minimum=0, maximum=719),
        Field(name="width", python_name="width", kind="integer", minimum=1, maximum=1280),
        Field(name="height", python_name="height", kind="integer", minimum=1, maximum=720),
    ),
    sums=(
        SumLimit(fields=("left", "width"), maximum=1280),
        SumLimit(fields=("top", "height"), maximum=720),
    ),
    error_codes=(-6200, -6203, -6210, -6213),
)


def _decode_get_calib(data: Any) -> models.CalibrationArea:
    return models.CalibrationArea.from_dict(
        data if type(data) is dict else check_object(data, "CalibrationArea")
    )


GET_CALIB: Operation[models.CalibrationArea] = Operation(
    name="get_calib",
    method="POST",
    path="/api/get_calib",
    effect="read",
    decode=_decode_get_calib,
    answer="envelope",
    returns="one",
    error_codes=(-6210,),
)


def _decode_get_learnmode(data: Any) -> models.LearnModeState:
    return models.LearnModeState.from_dict(
        data if type(data) is dict else check_object(data, "LearnModeState")
    )


GET_LEARNMODE: Operation[models.LearnModeState] = Operation(
    name="get_learnmode",
    method="POST",
    path="/api/get_learnmode",
    effect="read",
    decode=_decode_get_learnmode,
    answer="envelope",
    returns="one",
    error_codes=(-6210,),
)


def _decode_set_learnmode(data: Any) -> None:
    return None


SET_LEARNMODE: Operation[None] = Operation(
    name="set_learnmode",
    method="POST",
    path="/api/set_learnmode",
    effect="set",
    decode=_decode_set_learnmode,
    answer="envelope",
    returns="nothing",
    body="json",
    fields=(Field(name="mode", python_name="mode", kind="integer", values=(0, 1)),),
    error_codes=(-6200, -6203, -6210, -6213),
)


def _decode_get_item_list(data: Any) -> list[models.Item]:
    return [
        models.Item.from_dict(item if type(item) is dict else check_object(item, "list[Item][]"))
        for item in check_list(data, "list[Item]")
    ]


GET_ITEM_LIST: Operation[list[models.Item]] = Operation(
    name="get_item_list",
    method="POST",
    path="/api/get_item_list",
    effect="read",
    decode=_decode_get_item_list,
    answer="envelope",
    returns="list",
    error_codes=(-6128, -6209, -6210),
)


def _decode_register_item(data: Any) -> models.RegisteredImage:
    return models.RegisteredImage.from_dict(
        data if type(data) is dict else check_object(data, "RegisteredImage")
    )


REGISTER_ITEM: Operation[models.RegisteredImage] = Operation(
    name="register_item",
    method="POST",
    path="/api/register_item",
    effect="act",
    decode=_decode_register_item,
    answer="envelope",
    returns="one",
    body="json",
    fields=(
        Field(name="id", python_name="id", kind="string", min_length=1, twin="item_id"),
        Field(name="name", python_name="name", kind="string", min_length=1, twin="item_name"),
    ),
    error_codes=(-6103, -6128, -6200, -6203, -6209, -6210, -6213),
)


def _decode_delete_registered_image(data: Any) -> None:
    return None


DELETE_REGISTERED_IMAGE: Operation[None] = Operation(
    name="delete_registered_image",
    method="POST",
    path="/api/delete_registered_image",
    effect="act",
    decode=_decode_delete_registered_image,
    answer="envelope",
    returns="nothing",
    body="json",
    fields=(
        Field(name="id", python_name="id", kind="string", min_length=1, twin="item_id"),
        Field(name="image_id", python_name="image_id", kind="string", min_length=1),
    ),
    error_codes=(-6128, -6200, -6202, -6203, -6210, -6213),
)


def _decode_delete_registered_item(data: Any) -> None:
    return None


DELETE_REGISTERED_ITEM: Operation[None] = Operation(
    name="delete_registered_item",
    method="POST",
    path="/api/delete_registered_item",
    effect="act",
    decode=_decode_delete_registered_item,
    answer="envelope",
    returns="nothing",
    body="json",
    fields=(Field(name="id", python_name="id", kind="string", min_length=1, twin="item_id"),),
    error_codes=(-6128, -6200, -6202, -6203, -6210, -6213),
)


def _decode_commit_registered_item(data: Any) -> None:
    return None


COMMIT_REGISTERED_ITEM: Operation[None] = Operation(
    name="commit_registered_item",
    method="POST",
    path="/api/commit_registered_item",
    effect="act",
    decode=_decode_commit_registered_item,
    answer="envelope",
    returns="nothing",
    body="json",
    fields=(Field(name="id", python_name="id", kind="string", min_length=1, twin="item_id"),),
    error_codes=(-6128, -6200, -6202, -6203, -6209, -6210, -6213),
)


def _decode_get_registered_item_list(data: Any) -> list[models.RegisteredItem]:
    return [
        models.RegisteredItem.from_dict(
            item if type(item) is dict else check_object(item, "list[RegisteredItem][]")
        )
        for item in check_list(data, "list[RegisteredItem]")
    ]


GET_REGISTERED_ITEM_LIST: Operation[list[models.RegisteredItem]] = Operation(
    name="get_registered_item_list",
    method="POST",
    path="/api/get_registered_item_list",
    effect="read",
    decode=_decode_get_registered_item_list,
    answer="envelope",
    returns="list",
    error_codes=(-6128, -6209, -6210),
)


def _decode_start_backup(data: Any) -> None:
    return None


START_BACKUP: Operation[None] = Operation(
    name="start_backup",
    method="POST",
    path="/api/start_backup",
    effect="act",
    decode=_decode_start_backup,
    answer="envelope",
    returns="nothing",
    error_codes=(-6128, -6203, -6204, -6209, -6210),
)


def _decode_get_backup_status(data: Any) -> models.BackupStatus:
    return models.BackupStatus.from_dict(data if type(data) is dict else check_object(data, "BackupStatus"))


GET_BACKUP_STATUS: Operation[models.BackupStatus] = Operation(
    name="get_backup_status",
    method="POST",
    path="/api/get_backup_status",
    effect="read",
    decode=_decode_get_backup_status,
    answer="bare",
    returns="one",
    error_codes=(-6203, -6204, -6210),
)


def _decode_download_backup(data: Any) -> bytes:
    return data


DOWNLOAD_BACKUP: Operation[bytes] = Operation(
    name="download_backup",
    method="GET",
    path="/download/{filename}",
    effect="read",
    decode=_decode_download_backup,
    answer="binary",
    returns="one",
    media_type="application/octet-stream",
    fields=(Field(name="filename", python_name="filename", kind="string", place="path", min_length=1),),
    error_codes=(-6202, -6210, -6213),
)


def _decode_start_restore(data: Any) -> None:
    return None


START_RESTORE: Operation[None] = Operation(
    name="start_restore",
    method="POST",
    path="/api/start_restore",
    effect="destructive",
    decode=_decode_start_restore,
    answer="envelope",
    returns="nothing",
    body="multipart",
    fields=(Field(name="file", python_name="file", kind="file"),),
    error_codes=(-6117, -6128, -6138, -6140, -6141, -6142, -6143, -6203, -6204, -6210, -6211, -6213),
    second_path="/api/restore",
)


def _decode_start_restore_alias(data: Any) -> None:
    return None


START_RESTORE_ALIAS: Operation[None] = Operation(
    name="start_restore_alias",
    method="POST",
    path="/api/restore",
    effect="destructive",
    decode=_decode_start_restore_alias,
    answer="envelope",
    returns="nothing",
    body="multipart",
    fields=(Field(name="file", python_name="file", kind="file"),),
    error_codes=(-6117, -6128, -6138, -6140, -6141, -6142, -6143, -6203, -6204, -6210, -6211, -6213),
    deprecated=True,
)


def _decode_get_restore_status(data: Any) -> models.RestoreStatus:
    return models.RestoreStatus.from_dict(data if type(data) is dict else check_object(data, "RestoreStatus"))


GET_RESTORE_STATUS: Operation[models.RestoreStatus] = Operation(
    name="get_restore_status",
    method="POST",
    path="/api/get_restore_status",
    effect="read",
    decode=_decode_get_restore_status,
    answer="bare",
    returns="one",
    error_codes=(-6138, -6140, -6141, -6142, -6143, -6203, -6204, -6210, -6211),
)


def _decode_get_result(data: Any) -> models.RecognitionResult:
    return models.RecognitionResult.from_dict(
        data if type(data) is dict else check_object(data, "RecognitionResult")
    )


GET_RESULT: Operation[models.RecognitionResult] = Operation(
    name="get_result",
    method="POST",
    path="/api/get_result",
    effect="read",
    decode=_decode_get_result,
    answer="envelope",
    returns="one",
    error_codes=(-6103, -6128, -6209, -6210),
)


def _decode_result_feedback(data: Any) -> None:
    return None


RESULT_FEEDBACK: Operation[None] = Operation(
    name="result_feedback",
    method="POST",
    path="/api/result_feedback",
    effect="act",
    decode=_decode_result_feedback,
    answer="envelope",
    returns="nothing",
    body="json",
    fields=(
        Field(name="sid", python_name="sid", kind="string", min_length=1),
        Field(name="id", python_name="id", kind="string", min_length=1, twin="item_id"),
        Field(name="name", python_name="name", kind="string", min_length=1, twin="item_name"),
        Field(name="intop", python_name="intop", kind="boolean"),
    ),
    error_codes=(-6128, -6200, -6202, -6209, -6210, -6213),
)


def _decode_get_image(data: Any) -> bytes:
    return data


GET_IMAGE: Operation[bytes] = Operation(
    name="get_image",
    method="POST",
    path="/api/get_image",
    effect="read",
    decode=_decode_get_image,
    answer="binary",
    returns="one",
    media_type="image/jpeg",
    error_codes=(-6103, -6210),
)

OPERATIONS: Mapping[str, Operation[Any]] = {
    "get_device_info": GET_DEVICE_INFO,
    "reset_device": RESET_DEVICE,
    "reboot": REBOOT,
    "set_calib": SET_CALIB,
    "get_calib": GET_CALIB,
    "get_learnmode": GET_LEARNMODE,
    "set_learnmode": SET_LEARNMODE,
    "get_item_list": GET_ITEM_LIST,
    "register_item": REGISTER_ITEM,
    "delete_registered_image": DELETE_REGISTERED_IMAGE,
    "delete_registered_item": DELETE_REGISTERED_ITEM,
    "commit_registered_item": COMMIT_REGISTERED_ITEM,
    "get_registered_item_list": GET_REGISTERED_ITEM_LIST,
    "start_backup": START_BACKUP,
    "get_backup_status": GET_BACKUP_STATUS,
    "download_backup": DOWNLOAD_BACKUP,
    "start_restore": START_RESTORE,
    "start_restore_alias": START_RESTORE_ALIAS,
    "get_restore_status": GET_RESTORE_STATUS,
    "get_result": GET_RESULT,
    "result_feedback": RESULT_FEEDBACK,
    "get_image": GET_IMAGE,
}
"""All operations of the contract by their Python names, the deprecated ones too."""


class Operations(ABC):
    """The operations of the contract."""

    @abstractmethod
    def _perform(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        """Checks the arguments, sends the request and turns the answer into the operation's result."""

    def get_device_info(
        self,
    ) -> models.DeviceInfo:
        """Tell which module this is and how it is set up.

        Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
        store that the module belongs to, and its learning and synchronisation modes.

        The vendor gives the values of a module that comes from the factory, so this call should work before
        activation too. It is the one to find out whether the link is up.

        Returns:
            DeviceInfo: Who the module is, what runs on it and how it is set up.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_device_info`. Source: Device management > Query recognition module
        info.
        """
        return self._perform(GET_DEVICE_INFO, {})

    def reset_device(
        self,
    ) -> None:
        """Put the module back to factory settings; everything it learnt is lost.

        Undoes the module's association with its store and erases all caches, all recognised products and
        all registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
        store, so that other calls may answer -6128 (not activated); no call that activates a module is
        documented.

        The answer is not documented; it is taken to be the envelope without data, and the connection may
        drop before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's
        state with `/api/get_device_info` first.

        Raises:
            DeviceError: the module says no, likely with -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: destructive. `POST /api/reset_device`. Source: Device management > Factory reset.
        """
        return self._perform(RESET_DEVICE, {})

    def reboot(
        self,
    ) -> None:
        """Restart the module.

        Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
        connection may drop before the answer arrives (A13). The terminal's address on the USB network card
        may be lost and must then be set again.

        What becomes of pictures in the registration cache is not documented.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/reboot`. Source: Device management > Restart recognition module.
        """
        return self._perform(REBOOT, {})

    def set_calib(
        self,
        *,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        """Set the calibration area, the part of the picture that shows the pan.

        Tells the module in which rectangle of the picture products lie. A good fit makes recognition
        better. Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the
        frame. Do this again whenever the module has been moved.

        The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
        `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

        Args:
            left: The left edge, in pixels from the left of the picture, 0 to 1279.
            top: The upper edge, in pixels from the top of the picture, 0 to 719.
            width: The width in pixels, 1 to 1280; `left + width` is at most 1280.
            height: The height in pixels, 1 to 720; `top + height` is at most 720.

        Raises:
            DeviceError: the module says no, likely with -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: set. `POST /api/set_calib`. Source: Device management > Set the recognition area.
        """
        return self._perform(
            SET_CALIB,
            {
                "left": left,
                "top": top,
                "width": width,
                "height": height,
            },
        )

    def get_calib(
        self,
    ) -> models.CalibrationArea:
        """Tell the calibration area that is set.

        Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
        What a module answers that was never calibrated is not documented; be ready for `data` null and for
        zeros.

        Returns:
            CalibrationArea: The part of the picture in which products lie: a rectangle in pixels of the
                1280x720 picture, counted from its upper left corner. Whether a module that was never
                calibrated answers zeros, or something else, is not documented; an area without width or
                height is none.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_calib`. Source: Device management > Query recognition area.
        """
        return self._perform(GET_CALIB, {})

    def get_learnmode(
        self,
    ) -> models.LearnModeState:
        """Tell whether the module learns from feedback.

        Answers the learning mode, which is also part of `/api/get_device_info` as `learnMode`.

        Returns:
            LearnModeState: The learning mode, as it is or as it is to be.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_learnmode`. Source: Device management > Query learning mode.
        """
        return self._perform(GET_LEARNMODE, {})

    def set_learnmode(
        self,
        *,
        mode: models.LearnMode | int,
    ) -> None:
        """Switch learning on or off.

        While learning is on, the module learns from each choice that is sent to it with
        `/api/result_feedback`. While it is off, it only recognises. A module learns as it comes from the
        factory.

        Args:
            mode: 0 for off, 1 for on. Allowed: 0 (OFF) or 1 (ON).

        Raises:
            DeviceError: the module says no, likely with -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: set. `POST /api/set_learnmode`. Source: Device management > Set learning mode.
        """
        return self._perform(
            SET_LEARNMODE,
            {
                "mode": mode,
            },
        )

    def get_item_list(
        self,
    ) -> list[models.Item]:
        """List the products that the module can recognise.

        Answers the number and the name of every product the module can recognise now. A product whose
        template pictures are still in the cache is not among them until it is committed; see
        `/api/get_registered_item_list` for those.

        The shape of the list is a reading (A7), and so is the type of the name (A9).

        Returns:
            list[Item]: A product that the module can recognise.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6209 ALGORITHM_TIMEOUT, -6210
                UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_item_list`. Source: Category management > Query the recognizable list.
        """
        return self._perform(GET_ITEM_LIST, {})

    def register_item(
        self,
        *,
        id: str,
        name: str,
    ) -> models.RegisteredImage:
        """Take a template picture of a product and keep it in the cache.

        Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
        product, and answers the picture and its number. Call it several times with the product turned or
        laid out differently, drop bad pictures with `/api/delete_registered_image`, then make the rest take
        effect with `/api/commit_registered_item`.

        Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
        can be read with `/api/get_registered_item_list`. For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.

        Returns:
            RegisteredImage: A template picture that was taken just now and put into the cache.

        Raises:
            DeviceError: the module says no, likely with -6103 CAMERA_LOST, -6128 NOT_ACTIVATED, -6200
                JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213
                PARAMETER_ERROR, -65xx.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/register_item`. Source: Category management > Register pictures to cache.
        """
        return self._perform(
            REGISTER_ITEM,
            {
                "id": id,
                "name": name,
            },
        )

    def delete_registered_image(
        self,
        *,
        id: str,
        image_id: str,
    ) -> None:
        """Drop one template picture from the cache.

        Removes one picture of one product from the cache. Committed pictures are not touched. The number of
        the picture comes from `/api/register_item` or `/api/get_registered_item_list`.

        What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
        For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            image_id: The number of the picture, as `/api/register_item` or `/api/get_registered_item_list`
                answered it. Allowed: not empty.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/delete_registered_image`. Source: Category management > Delete the picure in
        the registration cache area.
        """
        return self._perform(
            DELETE_REGISTERED_IMAGE,
            {
                "id": id,
                "image_id": image_id,
            },
        )

    def delete_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Drop all template pictures of one product from the cache.

        Removes every picture of one product that is in the cache and not committed. Only the cache is
        touched.

        The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
        parameters, so the twin `item_id` is inferred from the sibling calls (A1).

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/delete_registered_item`. Source: Category management > Delete all picture in
        the category cache.
        """
        return self._perform(
            DELETE_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    def commit_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Make the cached pictures of one product take effect.

        Hands all cached pictures of one product to the recognition engine. After it the product is in the
        list of `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

        If the answer is lost, look into both lists before calling again. The vendor's example of the
        request has a trailing comma, taken out here (A6). For the name of the field see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/commit_registered_item`. Source: Category management > Submit the cache
        picture.
        """
        return self._perform(
            COMMIT_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    def get_registered_item_list(
        self,
    ) -> list[models.RegisteredItem]:
        """List the template pictures that are cached and not committed.

        Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
        drop, or the products that still have to be committed. A commit takes a product as a whole, never
        one picture.

        The shape of the list is a reading (A7): one entry for each picture.

        Returns:
            list[RegisteredItem]: A template picture in the cache, not committed yet.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6209 ALGORITHM_TIMEOUT, -6210
                UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_registered_item_list`. Source: Category management > Get the product ID
        and picture ID that have not been submitted in the current cache.
        """
        return self._perform(GET_REGISTERED_ITEM_LIST, {})

    def start_backup(
        self,
    ) -> None:
        """Start to save what the module has learnt into a file on the module.

        Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
        once a second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

        The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
        happens to a backup that is already running is not documented.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6203 WRITE_FAILED, -6204
                WRITE_FAILED_ALTERNATE, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/start_backup`. Source: Category management > Local backup.
        """
        return self._perform(START_BACKUP, {})

    def get_backup_status(
        self,
    ) -> models.BackupStatus:
        """Tell how far the backup has got.

        Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
        (A12); it succeeded only when `status` is 3. Then `filename` is the name to put into
        `/download/{filename}`.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            BackupStatus: How far the backup has got; the answer of `/api/get_backup_status`, which has no
                envelope. It is over when `status` is 0 or at least 3 (A12).

        Raises:
            DeviceError: the module says no, likely with -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE,
                -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_backup_status`. Source: Category management > Query backup status.
        """
        return self._perform(GET_BACKUP_STATUS, {})

    def download_backup(
        self,
        *,
        filename: str,
    ) -> bytes:
        """Download a finished backup.

        Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
        is 3. This is the only call that is a `GET` and lies outside `/api/`.

        The file is opaque and may be large: write it to disk as it arrives, under another name until it is
        whole. How a missing file is answered is not documented; be ready for the JSON alternative here and
        for an HTTP status 404.

        Args:
            filename: A file name without a folder. Allowed: not empty.

        Returns:
            bytes.

        Raises:
            DeviceError: the module says no, likely with -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213
                PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `GET /download/{filename}`. Source: Category management > Query backup status.
        """
        return self._perform(
            DOWNLOAD_BACKUP,
            {
                "filename": filename,
            },
        )

    def start_restore(
        self,
        *,
        file: Upload,
    ) -> None:
        """Send a backup to the module and start to load it; it replaces what was learnt.

        Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
        arrived; the module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a
        second (A14) until the restore is over. Count on it to take the place of all that the module has
        learnt.

        The backup should come from the same store and device and from the same version of the engine:
        -6141, -6142 and -6143 say that it does not, here or later in the status.

        The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
        example call is otherwise a plain upload of a file such as `test.evo`.

        Args:
            file: The bytes of the backup file, as `/download/{filename}` answered them. Send a file name
                with the part, such as `test.evo`.

        Raises:
            DeviceError: the module says no, likely with -6117 UNKNOWN_COMMAND, -6128 NOT_ACTIVATED, -6138
                FIRMWARE_MISMATCH, -6140 FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH,
                -6143 ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210
                UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: destructive. `POST /api/start_restore`. Source: Category management > Local recovery.
        """
        return self._perform(
            START_RESTORE,
            {
                "file": file,
            },
        )

    def get_restore_status(
        self,
    ) -> models.RestoreStatus:
        """Tell how far the restore has got.

        Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
        (A12); it succeeded only when `status` is 4.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            RestoreStatus: How far the restore has got; the answer of `/api/get_restore_status`, which has
                no envelope. It is over when `status` is 0 or at least 4 (A12).

        Raises:
            DeviceError: the module says no, likely with -6138 FIRMWARE_MISMATCH, -6140
                FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH, -6143
                ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210
                UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_restore_status`. Source: Category management > Query recovery status.
        """
        return self._perform(GET_RESTORE_STATUS, {})

    def get_result(
        self,
    ) -> models.RecognitionResult:
        """Recognise what lies on the pan.

        Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
        of this recognition. Show the clerk the products, then send the one that was chosen back with
        `/api/result_feedback` and this `sid`.

        The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
        `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
        own `sid`.

        Returns:
            RecognitionResult: One recognition, what the module takes the product on the pan for.

        Raises:
            DeviceError: the module says no, likely with -6103 CAMERA_LOST, -6128 NOT_ACTIVATED, -6209
                ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -65xx.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_result`. Source: Category VISION-AI > Get the recognition result.
        """
        return self._perform(GET_RESULT, {})

    def result_feedback(
        self,
        *,
        sid: str,
        id: str,
        name: str,
        intop: bool,
    ) -> None:
        """Tell the module what a recognised product really was.

        Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
        module gets better at recognising. Send it for right guesses as well as for wrong ones. The module
        learns from it while learning mode is on.

        `sid` is that of the recognition which the choice answers. The vendor's table also says that
        registering and dropping template pictures needs it, but none of those requests has such a field;
        they use `image_id`. For the names of the fields see A1.

        Args:
            sid: The number of the recognition, as `/api/get_result` answered it. Allowed: not empty.
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.
            intop: True if the product was among the guesses of that recognition, false if the clerk had to
                look it up.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -65xx.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/result_feedback`. Source: Category VISION-AI > Return the recognition
        result.
        """
        return self._perform(
            RESULT_FEEDBACK,
            {
                "sid": sid,
                "id": id,
                "name": name,
                "intop": intop,
            },
        )

    def get_image(
        self,
    ) -> bytes:
        """Take a picture.

        Answers what the camera sees now, a JPEG of 1280x720 pixels: the whole picture, whatever the
        calibration area. Use it to draw that area, see `/api/set_calib`.

        On success **the body is the picture itself**, no JSON. An error is a JSON body instead. Tell the
        two apart by the bytes first: a JPEG starts with `FF D8 FF` (A10).

        Returns:
            bytes.

        Raises:
            DeviceError: the module says no, likely with -6103 CAMERA_LOST, -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_image`. Source: General interface > Get the current camera screen.
        """
        return self._perform(GET_IMAGE, {})


class AsyncOperations(ABC):
    """The operations of the contract, awaited."""

    @abstractmethod
    async def _perform(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        """Checks the arguments, sends the request and turns the answer into the operation's result."""

    async def get_device_info(
        self,
    ) -> models.DeviceInfo:
        """Tell which module this is and how it is set up.

        Answers the serial number, the versions of firmware, engine, SDK and synchronisation package, the
        store that the module belongs to, and its learning and synchronisation modes.

        The vendor gives the values of a module that comes from the factory, so this call should work before
        activation too. It is the one to find out whether the link is up.

        Returns:
            DeviceInfo: Who the module is, what runs on it and how it is set up.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_device_info`. Source: Device management > Query recognition module
        info.
        """
        return await self._perform(GET_DEVICE_INFO, {})

    async def reset_device(
        self,
    ) -> None:
        """Put the module back to factory settings; everything it learnt is lost.

        Undoes the module's association with its store and erases all caches, all recognised products and
        all registered products. Make a backup first, and ask the user. Afterwards the module belongs to no
        store, so that other calls may answer -6128 (not activated); no call that activates a module is
        documented.

        The answer is not documented; it is taken to be the envelope without data, and the connection may
        drop before it arrives (A13). If no answer comes, do not repeat the call blindly: read the module's
        state with `/api/get_device_info` first.

        Raises:
            DeviceError: the module says no, likely with -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: destructive. `POST /api/reset_device`. Source: Device management > Factory reset.
        """
        return await self._perform(RESET_DEVICE, {})

    async def reboot(
        self,
    ) -> None:
        """Restart the module.

        Restarts the module. It is gone from the network for a while, as a rule up to 30 seconds, and the
        connection may drop before the answer arrives (A13). The terminal's address on the USB network card
        may be lost and must then be set again.

        What becomes of pictures in the registration cache is not documented.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/reboot`. Source: Device management > Restart recognition module.
        """
        return await self._perform(REBOOT, {})

    async def set_calib(
        self,
        *,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        """Set the calibration area, the part of the picture that shows the pan.

        Tells the module in which rectangle of the picture products lie. A good fit makes recognition
        better. Fetch a picture with `/api/get_image`, let a person draw the frame on it, and send the
        frame. Do this again whenever the module has been moved.

        The rectangle must lie within the picture of 1280x720 pixels: `left + width` is at most 1280 and
        `top + height` at most 720. A rectangle that does not is likely to be answered with -6213.

        Args:
            left: The left edge, in pixels from the left of the picture, 0 to 1279.
            top: The upper edge, in pixels from the top of the picture, 0 to 719.
            width: The width in pixels, 1 to 1280; `left + width` is at most 1280.
            height: The height in pixels, 1 to 720; `top + height` is at most 720.

        Raises:
            DeviceError: the module says no, likely with -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: set. `POST /api/set_calib`. Source: Device management > Set the recognition area.
        """
        return await self._perform(
            SET_CALIB,
            {
                "left": left,
                "top": top,
                "width": width,
                "height": height,
            },
        )

    async def get_calib(
        self,
    ) -> models.CalibrationArea:
        """Tell the calibration area that is set.

        Answers the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
        What a module answers that was never calibrated is not documented; be ready for `data` null and for
        zeros.

        Returns:
            CalibrationArea: The part of the picture in which products lie: a rectangle in pixels of the
                1280x720 picture, counted from its upper left corner. Whether a module that was never
                calibrated answers zeros, or something else, is not documented; an area without width or
                height is none.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_calib`. Source: Device management > Query recognition area.
        """
        return await self._perform(GET_CALIB, {})

    async def get_learnmode(
        self,
    ) -> models.LearnModeState:
        """Tell whether the module learns from feedback.

        Answers the learning mode, which is also part of `/api/get_device_info` as `learnMode`.

        Returns:
            LearnModeState: The learning mode, as it is or as it is to be.

        Raises:
            DeviceError: the module says no, likely with -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_learnmode`. Source: Device management > Query learning mode.
        """
        return await self._perform(GET_LEARNMODE, {})

    async def set_learnmode(
        self,
        *,
        mode: models.LearnMode | int,
    ) -> None:
        """Switch learning on or off.

        While learning is on, the module learns from each choice that is sent to it with
        `/api/result_feedback`. While it is off, it only recognises. A module learns as it comes from the
        factory.

        Args:
            mode: 0 for off, 1 for on. Allowed: 0 (OFF) or 1 (ON).

        Raises:
            DeviceError: the module says no, likely with -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: set. `POST /api/set_learnmode`. Source: Device management > Set learning mode.
        """
        return await self._perform(
            SET_LEARNMODE,
            {
                "mode": mode,
            },
        )

    async def get_item_list(
        self,
    ) -> list[models.Item]:
        """List the products that the module can recognise.

        Answers the number and the name of every product the module can recognise now. A product whose
        template pictures are still in the cache is not among them until it is committed; see
        `/api/get_registered_item_list` for those.

        The shape of the list is a reading (A7), and so is the type of the name (A9).

        Returns:
            list[Item]: A product that the module can recognise.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6209 ALGORITHM_TIMEOUT, -6210
                UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_item_list`. Source: Category management > Query the recognizable list.
        """
        return await self._perform(GET_ITEM_LIST, {})

    async def register_item(
        self,
        *,
        id: str,
        name: str,
    ) -> models.RegisteredImage:
        """Take a template picture of a product and keep it in the cache.

        Takes a picture of what lies on the pan now, stores it in the cache as a template of the given
        product, and answers the picture and its number. Call it several times with the product turned or
        laid out differently, drop bad pictures with `/api/delete_registered_image`, then make the rest take
        effect with `/api/commit_registered_item`.

        Each call adds one more picture; a call repeated after a lost answer may have taken two. The cache
        can be read with `/api/get_registered_item_list`. For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.

        Returns:
            RegisteredImage: A template picture that was taken just now and put into the cache.

        Raises:
            DeviceError: the module says no, likely with -6103 CAMERA_LOST, -6128 NOT_ACTIVATED, -6200
                JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213
                PARAMETER_ERROR, -65xx.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/register_item`. Source: Category management > Register pictures to cache.
        """
        return await self._perform(
            REGISTER_ITEM,
            {
                "id": id,
                "name": name,
            },
        )

    async def delete_registered_image(
        self,
        *,
        id: str,
        image_id: str,
    ) -> None:
        """Drop one template picture from the cache.

        Removes one picture of one product from the cache. Committed pictures are not touched. The number of
        the picture comes from `/api/register_item` or `/api/get_registered_item_list`.

        What is answered for a picture that is not in the cache is not documented; -6202 or -6213 is likely.
        For the names of the fields see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            image_id: The number of the picture, as `/api/register_item` or `/api/get_registered_item_list`
                answered it. Allowed: not empty.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/delete_registered_image`. Source: Category management > Delete the picure in
        the registration cache area.
        """
        return await self._perform(
            DELETE_REGISTERED_IMAGE,
            {
                "id": id,
                "image_id": image_id,
            },
        )

    async def delete_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Drop all template pictures of one product from the cache.

        Removes every picture of one product that is in the cache and not committed. Only the cache is
        touched.

        The vendor's example of the request has a trailing comma, taken out here (A6). It has no table of
        parameters, so the twin `item_id` is inferred from the sibling calls (A1).

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/delete_registered_item`. Source: Category management > Delete all picture in
        the category cache.
        """
        return await self._perform(
            DELETE_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    async def commit_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Make the cached pictures of one product take effect.

        Hands all cached pictures of one product to the recognition engine. After it the product is in the
        list of `/api/get_item_list` and can be recognised, and its pictures are no longer in the cache.

        If the answer is lost, look into both lists before calling again. The vendor's example of the
        request has a trailing comma, taken out here (A6). For the name of the field see A1.

        Args:
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -65xx.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/commit_registered_item`. Source: Category management > Submit the cache
        picture.
        """
        return await self._perform(
            COMMIT_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    async def get_registered_item_list(
        self,
    ) -> list[models.RegisteredItem]:
        """List the template pictures that are cached and not committed.

        Answers every picture in the cache with its product. Use it to find the `image_id` of a picture to
        drop, or the products that still have to be committed. A commit takes a product as a whole, never
        one picture.

        The shape of the list is a reading (A7): one entry for each picture.

        Returns:
            list[RegisteredItem]: A template picture in the cache, not committed yet.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6209 ALGORITHM_TIMEOUT, -6210
                UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_registered_item_list`. Source: Category management > Get the product ID
        and picture ID that have not been submitted in the current cache.
        """
        return await self._perform(GET_REGISTERED_ITEM_LIST, {})

    async def start_backup(
        self,
    ) -> None:
        """Start to save what the module has learnt into a file on the module.

        Starts a backup of the recognition data and returns at once. Then ask `/api/get_backup_status` about
        once a second (A14) until the backup is over, and fetch the file with `/download/{filename}`.

        The vendor's example answer has no `data` (A5) and a trailing comma, taken out here (A6). What
        happens to a backup that is already running is not documented.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6203 WRITE_FAILED, -6204
                WRITE_FAILED_ALTERNATE, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/start_backup`. Source: Category management > Local backup.
        """
        return await self._perform(START_BACKUP, {})

    async def get_backup_status(
        self,
    ) -> models.BackupStatus:
        """Tell how far the backup has got.

        Ask about once a second. The backup is over when `status` is 0 or at least 3, whatever the number
        (A12); it succeeded only when `status` is 3. Then `filename` is the name to put into
        `/download/{filename}`.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            BackupStatus: How far the backup has got; the answer of `/api/get_backup_status`, which has no
                envelope. It is over when `status` is 0 or at least 3 (A12).

        Raises:
            DeviceError: the module says no, likely with -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE,
                -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_backup_status`. Source: Category management > Query backup status.
        """
        return await self._perform(GET_BACKUP_STATUS, {})

    async def download_backup(
        self,
        *,
        filename: str,
    ) -> bytes:
        """Download a finished backup.

        Answers the bytes of a backup file. Take `filename` from `/api/get_backup_status` once its `status`
        is 3. This is the only call that is a `GET` and lies outside `/api/`.

        The file is opaque and may be large: write it to disk as it arrives, under another name until it is
        whole. How a missing file is answered is not documented; be ready for the JSON alternative here and
        for an HTTP status 404.

        Args:
            filename: A file name without a folder. Allowed: not empty.

        Returns:
            bytes.

        Raises:
            DeviceError: the module says no, likely with -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213
                PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `GET /download/{filename}`. Source: Category management > Query backup status.
        """
        return await self._perform(
            DOWNLOAD_BACKUP,
            {
                "filename": filename,
            },
        )

    async def start_restore(
        self,
        *,
        file: Upload,
    ) -> None:
        """Send a backup to the module and start to load it; it replaces what was learnt.

        Sends a backup file as `multipart/form-data` with one part. The answer says only that the file has
        arrived; the module loads and verifies it afterwards. Ask `/api/get_restore_status` about once a
        second (A14) until the restore is over. Count on it to take the place of all that the module has
        learnt.

        The backup should come from the same store and device and from the same version of the engine:
        -6141, -6142 and -6143 say that it does not, here or later in the status.

        The vendor's example calls another path, `/api/restore` (A3), and gives the part no name (A4). The
        example call is otherwise a plain upload of a file such as `test.evo`.

        Args:
            file: The bytes of the backup file, as `/download/{filename}` answered them. Send a file name
                with the part, such as `test.evo`.

        Raises:
            DeviceError: the module says no, likely with -6117 UNKNOWN_COMMAND, -6128 NOT_ACTIVATED, -6138
                FIRMWARE_MISMATCH, -6140 FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH,
                -6143 ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210
                UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED, -6213 PARAMETER_ERROR.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: destructive. `POST /api/start_restore`. Source: Category management > Local recovery.
        """
        return await self._perform(
            START_RESTORE,
            {
                "file": file,
            },
        )

    async def get_restore_status(
        self,
    ) -> models.RestoreStatus:
        """Tell how far the restore has got.

        Ask about once a second. The restore is over when `status` is 0 or at least 4, whatever the number
        (A12); it succeeded only when `status` is 4.

        **This answer has no `data`**: its fields stand beside `code`. Whether a failure shows in `code`, in
        `status` or in both is not documented: look at both, `code` first. An error may come with `code`
        alone.

        The Chinese messages in the examples are made up; the vendor's own example has an English one.

        Returns:
            RestoreStatus: How far the restore has got; the answer of `/api/get_restore_status`, which has
                no envelope. It is over when `status` is 0 or at least 4 (A12).

        Raises:
            DeviceError: the module says no, likely with -6138 FIRMWARE_MISMATCH, -6140
                FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH, -6143
                ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210
                UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_restore_status`. Source: Category management > Query recovery status.
        """
        return await self._perform(GET_RESTORE_STATUS, {})

    async def get_result(
        self,
    ) -> models.RecognitionResult:
        """Recognise what lies on the pan.

        Takes a picture, recognises it, and answers up to ten products, the likeliest first, with the number
        of this recognition. Show the clerk the products, then send the one that was chosen back with
        `/api/result_feedback` and this `sid`.

        The type of `data` is a reading (A8). Answers hold the product's number only; its name comes from
        `/api/get_item_list` or the terminal's own catalogue. Each call is a recognition of its own with its
        own `sid`.

        Returns:
            RecognitionResult: One recognition, what the module takes the product on the pan for.

        Raises:
            DeviceError: the module says no, likely with -6103 CAMERA_LOST, -6128 NOT_ACTIVATED, -6209
                ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -65xx.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_result`. Source: Category VISION-AI > Get the recognition result.
        """
        return await self._perform(GET_RESULT, {})

    async def result_feedback(
        self,
        *,
        sid: str,
        id: str,
        name: str,
        intop: bool,
    ) -> None:
        """Tell the module what a recognised product really was.

        Sends back the product that the clerk chose, whether or not it was among the guesses, so that the
        module gets better at recognising. Send it for right guesses as well as for wrong ones. The module
        learns from it while learning mode is on.

        `sid` is that of the recognition which the choice answers. The vendor's table also says that
        registering and dropping template pictures needs it, but none of those requests has such a field;
        they use `image_id`. For the names of the fields see A1.

        Args:
            sid: The number of the recognition, as `/api/get_result` answered it. Allowed: not empty.
            id: The product's number in the terminal's catalogue. It is text; leading zeros count (A1).
                Allowed: not empty.
            name: The product's name, UTF-8 (A1, A15). Allowed: not empty.
            intop: True if the product was among the guesses of that recognition, false if the clerk had to
                look it up.

        Raises:
            DeviceError: the module says no, likely with -6128 NOT_ACTIVATED, -6200 JSON_PARSING_FAILED,
                -6202 FILE_NOT_FOUND, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -65xx.
            InvalidInputError: an argument is not as described; nothing was sent.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: act. `POST /api/result_feedback`. Source: Category VISION-AI > Return the recognition
        result.
        """
        return await self._perform(
            RESULT_FEEDBACK,
            {
                "sid": sid,
                "id": id,
                "name": name,
                "intop": intop,
            },
        )

    async def get_image(
        self,
    ) -> bytes:
        """Take a picture.

        Answers what the camera sees now, a JPEG of 1280x720 pixels: the whole picture, whatever the
        calibration area. Use it to draw that area, see `/api/set_calib`.

        On success **the body is the picture itself**, no JSON. An error is a JSON body instead. Tell the
        two apart by the bytes first: a JPEG starts with `FF D8 FF` (A10).

        Returns:
            bytes.

        Raises:
            DeviceError: the module says no, likely with -6103 CAMERA_LOST, -6210 UNKNOWN_ERROR.
            VisionAIError: the module cannot be reached or understood; see its subclasses.

        Effect: read. `POST /api/get_image`. Source: General interface > Get the current camera screen.
        """
        return await self._perform(GET_IMAGE, {})
