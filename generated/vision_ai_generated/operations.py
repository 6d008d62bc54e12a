"""One method for each operation of the contract, synchronous and asynchronous. A subclass defines `_call`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from . import api, models
from .operation import Operation, Upload

T = TypeVar("T")


class Operations(ABC):
    """The operations of the contract, synchronous."""

    @abstractmethod
    def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        """Check the arguments, send the request and convert the response to the operation's result."""

    def get_device_info(
        self,
    ) -> models.DeviceInfo:
        """Get the identity, versions and settings of the module.

        Returns the serial number, the versions of firmware, engine, SDK and synchronization package, the
        store of the module (A18), and its learning and synchronization modes (A19, A20).

        The vendor documents the values of a new module, so this call should work before activation too. Use
        it to check the connection.

        Returns:
            DeviceInfo: The identity, versions and settings of a module.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_device_info` (V1), `GET /api/get_device_info` (V2). Source: Device
        management > Query recognition module info.
        """
        return self._call(api.GET_DEVICE_INFO, {})

    def reset_device(
        self,
    ) -> None:
        """Reset the module to factory settings, and delete everything it learned.

        Removes the association of the module with its store, and deletes all caches, all recognized
        products and all registered products. Make a backup first, and ask the user for confirmation.
        Afterwards the module has no store, so other calls may return -6128 (not activated). No call that
        activates a module is documented.

        The response is not documented. It is assumed to be the envelope without data, and the connection
        can close before it arrives (A13). Without a response, do not repeat the call: read the state of the
        module with `/api/get_device_info` first.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/reset_device` (V1). Source: Device management > Factory reset.
        """
        return self._call(api.RESET_DEVICE, {})

    def reboot(
        self,
    ) -> None:
        """Restart the module.

        The module is unavailable during the restart, usually up to 30 seconds, and the connection can close
        before the response arrives (A13). The address of the terminal on the USB network interface can be
        lost and must then be set again.

        It is not documented whether pictures in the registration cache are kept.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/reboot` (V1). Source: Device management > Restart recognition module.
        """
        return self._call(api.REBOOT, {})

    def set_calib(
        self,
        *,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        """Set the calibration area, the part of the picture that shows the pan.

        Sets the rectangle of the picture in which the module recognizes products. An exact rectangle
        improves the recognition. Take a picture with `/api/get_image`, let a person draw the rectangle on
        it, and send the rectangle. Repeat this whenever the module was moved.

        The rectangle must be within the picture of 1280x720 pixels: `left + width` is at most 1280, and
        `top + height` is at most 720. The module is likely to return -6213 for any other rectangle.

        Args:
            left: The left edge, in pixels from the left of the picture, 0 to 1279.
            top: The upper edge, in pixels from the top of the picture, 0 to 719.
            width: The width in pixels, 1 to 1280; `left + width` is at most 1280.
            height: The height in pixels, 1 to 720; `top + height` is at most 720.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_calib` (V1 and V2). Source: Device management > Set the recognition
        area.
        """
        return self._call(
            api.SET_CALIB,
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
        """Get the calibration area.

        Returns the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
        The response of a module that was never calibrated is not documented. Expect zeros or `data` null,
        and read null as zeros: no area is set.

        Returns:
            CalibrationArea: The part of the picture in which the module recognizes products: a rectangle in
                pixels of the 1280x720 picture, relative to its upper left corner. The numbers are whole
                (A22). It is not documented whether a module that was never calibrated returns zeros. An
                area without width or height means that no area is set.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_calib` (V1). Source: Device management > Query recognition area.
        """
        return self._call(api.GET_CALIB, {})

    def get_learnmode(
        self,
    ) -> models.LearnModeState:
        """Get the learning mode.

        Returns whether the module learns from feedback. `/api/get_device_info` returns the same as
        `learnMode`.

        Returns:
            LearnModeState: The learning mode.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_learnmode` (V1). Source: Device management > Query learning mode.
        """
        return self._call(api.GET_LEARNMODE, {})

    def set_learnmode(
        self,
        *,
        mode: models.LearnMode | int,
    ) -> None:
        """Turn learning on or off.

        If learning is on, the module learns from each choice that it gets with `/api/result_feedback`. If
        it is off, the module only recognizes. The factory setting is on.

        Args:
            mode: 0 for off, 1 for on; a whole number (A22). Allowed: 0 (OFF) or 1 (ON).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_learnmode` (V1). Source: Device management > Set learning mode.
        """
        return self._call(
            api.SET_LEARNMODE,
            {
                "mode": mode,
            },
        )

    def get_item_list(
        self,
    ) -> list[models.Item]:
        """List the products that the module can recognize.

        Returns the number and the name of each product that the module can recognize now. A product with
        template pictures in the cache is not included before it is committed; see
        `/api/get_registered_item_list`.

        The shape of the list is a reading (A7), and so is the type of the name (A9).

        Returns:
            list[Item]: A product that the module can recognize.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_item_list` (V1), `GET /api/get_item_list` (V2). Source: Category
        management > Query the recognizable list.
        """
        return self._call(api.GET_ITEM_LIST, {})

    def register_item(
        self,
        *,
        id: str,
        name: str,
    ) -> models.RegisteredImage:
        """Take a template picture of a product, and add it to the cache.

        Takes a picture of the product on the pan, adds it to the cache as a template of this product, and
        returns the picture and its number. Call it several times with the product in different positions,
        delete bad pictures with `/api/delete_registered_image`, and commit the others with
        `/api/commit_registered_item`.

        Each call adds one picture. If a response was lost and the call is repeated, there may be two
        pictures. Read the cache with `/api/get_registered_item_list`. For the names of the fields see A1.

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.
            name: The name of the product, UTF-8 (A1, A15). Allowed: not empty.

        Returns:
            RegisteredImage: A new template picture in the cache.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/register_item` (V1). Source: Category management > Register pictures to
        cache.
        """
        return self._call(
            api.REGISTER_ITEM,
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
        """Delete one template picture from the cache.

        Deletes one picture of one product from the cache. Committed pictures are not affected. The number
        of the picture comes from `/api/register_item` or `/api/get_registered_item_list`.

        The response for a picture that is not in the cache is not documented; -6202 or -6213 is likely. For
        the names of the fields see A1.

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.
            image_id: The number of the picture from `/api/register_item` or
                `/api/get_registered_item_list`. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_image` (V1). Source: Category management > Delete the
        picure in the registration cache area.
        """
        return self._call(
            api.DELETE_REGISTERED_IMAGE,
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
        """Delete all template pictures of one product from the cache.

        Deletes all pictures of one product that are in the cache and not committed. Committed pictures are
        not affected.

        The vendor's example has a trailing comma, which is removed here (A6). There is no table of
        parameters, so the alias `item_id` is inferred from similar calls (A1).

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_item` (V1). Source: Category management > Delete all
        picture in the category cache.
        """
        return self._call(
            api.DELETE_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    def commit_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Commit the cached pictures of one product, so that they take effect.

        Passes all cached pictures of one product to the recognition engine. Afterwards the product is in
        the list of `/api/get_item_list`, the module can recognize it, and its pictures are not in the cache
        any more.

        If the response is lost, check both lists before you repeat the call. The vendor's example has a
        trailing comma, which is removed here (A6). For the name of the field see A1.

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/commit_registered_item` (V1). Source: Category management > Submit the cache
        picture.
        """
        return self._call(
            api.COMMIT_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    def get_registered_item_list(
        self,
    ) -> list[models.RegisteredItem]:
        """List the template pictures in the cache, which are not committed.

        Returns each picture in the cache with its product. Use it to find the `image_id` of a picture to
        delete, or the products to commit. A commit always includes all pictures of a product (A24).

        The shape of the list is a reading (A7): one entry for each picture.

        Returns:
            list[RegisteredItem]: A template picture in the cache, which is not committed.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_registered_item_list` (V1). Source: Category management > Get the
        product ID and picture ID that have not been submitted in the current cache.
        """
        return self._call(api.GET_REGISTERED_ITEM_LIST, {})

    def start_backup(
        self,
    ) -> None:
        """Start a backup of what the module has learned to a file on the module.

        Starts a backup of the recognition data and returns immediately. Then poll `/api/get_backup_status`
        about once a second (A14) until the backup is over, and download the file with
        `/download/{filename}`.

        The vendor's example response has no `data` (A5), and a trailing comma, which is removed here (A6).
        It is not documented what happens to a backup that is already running.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/start_backup` (V1). Source: Category management > Local backup.
        """
        return self._call(api.START_BACKUP, {})

    def get_backup_status(
        self,
    ) -> models.BackupStatus:
        """Get the status of the backup.

        Poll about once a second. The backup is over if `status` is 0 or at least 3, for any number (A12).
        It succeeded only if `status` is 3. Then `filename` is the name for `/download/{filename}`.

        **This response has no `data`**: its fields are beside `code`. It is not documented whether `code`,
        `status` or both report a failure, so check both, `code` first. An error may have only `code`.

        The Chinese messages in the examples are invented; the message in the vendor's example is English
        (A27).

        Returns:
            BackupStatus: The status of a backup: the response of `/api/get_backup_status`, which has no
                envelope. The backup is over if `status` is 0 or at least 3 (A12). An error may come with
                `code` alone.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_backup_status` (V1). Source: Category management > Query backup status.
        """
        return self._call(api.GET_BACKUP_STATUS, {})

    def download_backup(
        self,
        *,
        filename: str,
    ) -> bytes:
        """Download a finished backup.

        Returns the bytes of a backup file. `filename` comes from `/api/get_backup_status` with `status` 3.
        This is the only call that uses `GET` (A25) and that is outside `/api/`.

        The format of the file is not documented, and the file can be large. Write it to disk while it
        arrives, under another name until it is complete. The response for a missing file is not documented;
        expect the JSON alternative or HTTP status 404.

        Args:
            filename: A file name without a folder. Allowed: not empty.

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6202 FILE_NOT_FOUND,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `GET /download/{filename}` (V1). Source: Category management > Query backup status.
        """
        return self._call(
            api.DOWNLOAD_BACKUP,
            {
                "filename": filename,
            },
        )

    def start_restore(
        self,
        *,
        file: Upload,
    ) -> None:
        """Upload a backup and start to restore it. It replaces what the module has learned.

        Uploads a backup file as `multipart/form-data` with one part. The response confirms only the upload;
        the module restores and verifies the file afterwards. Poll `/api/get_restore_status` about once a
        second (A14) until the restore is over. Expect that the restore replaces everything that the module
        has learned.

        The backup should come from the same store, device and version of the engine. Otherwise the module
        may return -6141, -6142 or -6143, here or later in the status; the vendor does not document what
        must match (A23).

        The vendor's example uses another path, `/api/restore` (A3), and a part without a name (A4).
        Otherwise it is a normal upload of a file such as `test.evo`.

        Args:
            file: The bytes of the backup file from `/download/{filename}`. Send a file name with the part,
                such as `test.evo`.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6117 UNKNOWN_COMMAND,
                -6128 NOT_ACTIVATED, -6138 FIRMWARE_MISMATCH, -6140 FILE_FORMAT_MISMATCH,
                -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH, -6143 ENGINE_VERSION_MISMATCH,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR,
                -6211 FILE_VERIFICATION_FAILED, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/start_restore` (V1). Source: Category management > Local recovery.
        """
        return self._call(
            api.START_RESTORE,
            {
                "file": file,
            },
        )

    def get_restore_status(
        self,
    ) -> models.RestoreStatus:
        """Get the status of the restore.

        Poll about once a second. The restore is over if `status` is 0 or at least 4, for any number (A12).
        It succeeded if `status` is 4. It also succeeded if `status` falls back to 0 after 2 or 3 while the
        module responds to each call (A17).

        **This response has no `data`**: its fields are beside `code`. It is not documented whether `code`,
        `status` or both report a failure, so check both, `code` first. An error may have only `code`.

        The Chinese messages in the examples are invented; the message in the vendor's example is English
        (A27).

        Returns:
            RestoreStatus: The status of a restore: the response of `/api/get_restore_status`, which has no
                envelope. The restore is over if `status` is 0 or at least 4 (A12). An error may come with
                `code` alone.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6138 FIRMWARE_MISMATCH,
                -6140 FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH,
                -6143 ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE,
                -6210 UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_restore_status` (V1). Source: Category management > Query recovery
        status.
        """
        return self._call(api.GET_RESTORE_STATUS, {})

    def get_result(
        self,
    ) -> models.RecognitionResult:
        """Recognize the product on the pan.

        Takes a picture, and returns some products, ten at most as the vendor suggests, the most likely
        first, with the number of this recognition. Show the products to the clerk, and report the choice
        with `/api/result_feedback` and this `sid`.

        The types of `data` and of its `items` are readings (A8, A21). The response has only the numbers of
        the products. Their names come from `/api/get_item_list` or from the catalog of the terminal. Each
        call is a new recognition with its own `sid`.

        Returns:
            RecognitionResult: One recognition of the product on the pan.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6599 to -6500 ALGORITHM_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_result` (V1), `GET /api/get_result` (V2). Source: Category VISION-AI >
        Get the recognition result.
        """
        return self._call(api.GET_RESULT, {})

    def result_feedback(
        self,
        *,
        sid: str,
        id: str,
        name: str,
        intop: bool,
    ) -> None:
        """Report the product that the clerk chose.

        Reports the product that the clerk chose, even if it was not among the guesses, so that the
        recognition improves. Report correct guesses as well as wrong ones. The module learns from it while
        the learning mode is on.

        `sid` is the number of the recognition. According to the vendor's table, the registration and
        deletion of template pictures need it too, but their requests do not have this field; they use
        `image_id` (A26). For the names of the fields see A1.

        Args:
            sid: The number of the recognition from `/api/get_result`. Allowed: not empty.
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.
            name: The name of the product, UTF-8 (A1, A15). Allowed: not empty.
            intop: Whether the product was among the guesses of the recognition.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR, -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/result_feedback` (V1). Source: Category VISION-AI > Return the recognition
        result.
        """
        return self._call(
            api.RESULT_FEEDBACK,
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

        Returns the current picture of the camera, a JPEG of 1280x720 pixels. It is always the whole
        picture, not only the calibration area. Use it to draw that area, see `/api/set_calib`.

        On success, **the body is the picture itself**, not JSON. An error is a JSON body. Distinguish the
        two by the bytes first: a JPEG starts with `FF D8 FF` (A10).

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_image` (V1), `GET /api/get_image` (V2). Source: General interface > Get
        the current camera screen.
        """
        return self._call(api.GET_IMAGE, {})

    def set_time(
        self,
        *,
        sec: int,
        usec: int,
    ) -> None:
        """Set the clock of the module.

        Sets the time, as gettimeofday returns it. The module has no clock that survives a restart, so set
        it after each restart.

        Args:
            sec: Whole seconds since 1 January 1970, 00:00 UTC.
            usec: Microseconds of the current second, 0 to 999999.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_time` (V2). Source: REST API V2 > Set the time.
        """
        return self._call(
            api.SET_TIME,
            {
                "sec": sec,
                "usec": usec,
            },
        )

    def set_predict_speed(
        self,
        *,
        speed: models.PredictSpeed | str,
    ) -> None:
        """Set the speed of the recognition.

        `fast` is the default, and as fast as before. `normal` is slower and recognizes better.

        Args:
            speed: The speed to set. Allowed: normal (NORMAL) or fast (FAST).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_predict_speed` (V2). Source: REST API V2 > Set the speed of the
        recognition.
        """
        return self._call(
            api.SET_PREDICT_SPEED,
            {
                "speed": speed,
            },
        )

    def set_sync_master(
        self,
        *,
        upload: bool,
        download: bool,
    ) -> None:
        """Make the module the master of the synchronization between scales.

        Other modules then synchronize with this one. They have to reach it: its terminal must forward the
        port `mastersyncPort` of the device information.

        Args:
            upload: Whether the module shares what it learned.
            download: Whether the module takes what others learned.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_sync_master` (V2). Source: REST API V2 > Become the synchronization
        master.
        """
        return self._call(
            api.SET_SYNC_MASTER,
            {
                "upload": upload,
                "download": download,
            },
        )

    def delete_item(
        self,
        *,
        id: str,
    ) -> None:
        """Delete a product with all its templates.

        The module does not recognize the product any more. Its templates cannot be recovered.

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -6217 TEMPLATE_CHANGES_DISABLED.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/delete_item` (V2). Source: Monitoring agent > Delete a product.
        """
        return self._call(
            api.DELETE_ITEM,
            {
                "id": id,
            },
        )

    def add_item_template(
        self,
        *,
        id: str,
    ) -> models.ItemTemplate:
        """Take a picture of the product on the pan, and add it as a template.

        Takes the picture that the camera sees now, and adds it to the templates of the product. It takes
        effect at once. Call it several times, with the product in different positions.

        -6217 means that the learning mode does not allow to add templates.

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.

        Returns:
            ItemTemplate: A new template of a product.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -6217 TEMPLATE_CHANGES_DISABLED, -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/add_item_template` (V2). Source: REST API V2 > Add a template.
        """
        return self._call(
            api.ADD_ITEM_TEMPLATE,
            {
                "id": id,
            },
        )

    def get_item_template_list(
        self,
        *,
        id: str,
    ) -> list[str]:
        """List the templates of a product.

        Returns the numbers of the product's templates. The list can also contain an entry `"center"`, which
        is no template (B3).

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.

        Returns:
            list[str].

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_item_template_list` (V2). Source: REST API V2 > Templates of a product.
        """
        return self._call(
            api.GET_ITEM_TEMPLATE_LIST,
            {
                "id": id,
            },
        )

    def delete_item_template(
        self,
        *,
        id: str,
        sid: str,
    ) -> None:
        """Delete one template of a product.

        The template stops having an effect at once. Its number comes from `/api/add_item_template` or
        `/api/get_item_template_list`.

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.
            sid: The number of the template. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -6217 TEMPLATE_CHANGES_DISABLED.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_item_template` (V2). Source: Monitoring agent > Delete a template.
        """
        return self._call(
            api.DELETE_ITEM_TEMPLATE,
            {
                "id": id,
                "sid": sid,
            },
        )

    def clear_all_template(
        self,
    ) -> None:
        """Delete all templates of all products.

        The module does not recognize any product any more. The templates cannot be recovered. The agent's
        page shows no parameters, and the call deletes, so its method is assumed to be `POST`.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6210 UNKNOWN_ERROR, -6217 TEMPLATE_CHANGES_DISABLED.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/clear_all_template` (V2). Source: Monitoring agent > Delete all
        templates.
        """
        return self._call(api.CLEAR_ALL_TEMPLATE, {})


class AsyncOperations(ABC):
    """The operations of the contract, asynchronous."""

    @abstractmethod
    async def _call(self, operation: Operation[T], arguments: dict[str, object]) -> T:
        """Check the arguments, send the request and convert the response to the operation's result."""

    async def get_device_info(
        self,
    ) -> models.DeviceInfo:
        """Get the identity, versions and settings of the module.

        Returns the serial number, the versions of firmware, engine, SDK and synchronization package, the
        store of the module (A18), and its learning and synchronization modes (A19, A20).

        The vendor documents the values of a new module, so this call should work before activation too. Use
        it to check the connection.

        Returns:
            DeviceInfo: The identity, versions and settings of a module.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_device_info` (V1), `GET /api/get_device_info` (V2). Source: Device
        management > Query recognition module info.
        """
        return await self._call(api.GET_DEVICE_INFO, {})

    async def reset_device(
        self,
    ) -> None:
        """Reset the module to factory settings, and delete everything it learned.

        Removes the association of the module with its store, and deletes all caches, all recognized
        products and all registered products. Make a backup first, and ask the user for confirmation.
        Afterwards the module has no store, so other calls may return -6128 (not activated). No call that
        activates a module is documented.

        The response is not documented. It is assumed to be the envelope without data, and the connection
        can close before it arrives (A13). Without a response, do not repeat the call: read the state of the
        module with `/api/get_device_info` first.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/reset_device` (V1). Source: Device management > Factory reset.
        """
        return await self._call(api.RESET_DEVICE, {})

    async def reboot(
        self,
    ) -> None:
        """Restart the module.

        The module is unavailable during the restart, usually up to 30 seconds, and the connection can close
        before the response arrives (A13). The address of the terminal on the USB network interface can be
        lost and must then be set again.

        It is not documented whether pictures in the registration cache are kept.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/reboot` (V1). Source: Device management > Restart recognition module.
        """
        return await self._call(api.REBOOT, {})

    async def set_calib(
        self,
        *,
        left: int,
        top: int,
        width: int,
        height: int,
    ) -> None:
        """Set the calibration area, the part of the picture that shows the pan.

        Sets the rectangle of the picture in which the module recognizes products. An exact rectangle
        improves the recognition. Take a picture with `/api/get_image`, let a person draw the rectangle on
        it, and send the rectangle. Repeat this whenever the module was moved.

        The rectangle must be within the picture of 1280x720 pixels: `left + width` is at most 1280, and
        `top + height` is at most 720. The module is likely to return -6213 for any other rectangle.

        Args:
            left: The left edge, in pixels from the left of the picture, 0 to 1279.
            top: The upper edge, in pixels from the top of the picture, 0 to 719.
            width: The width in pixels, 1 to 1280; `left + width` is at most 1280.
            height: The height in pixels, 1 to 720; `top + height` is at most 720.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_calib` (V1 and V2). Source: Device management > Set the recognition
        area.
        """
        return await self._call(
            api.SET_CALIB,
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
        """Get the calibration area.

        Returns the rectangle that was last set with `/api/set_calib`, in pixels of the 1280x720 picture.
        The response of a module that was never calibrated is not documented. Expect zeros or `data` null,
        and read null as zeros: no area is set.

        Returns:
            CalibrationArea: The part of the picture in which the module recognizes products: a rectangle in
                pixels of the 1280x720 picture, relative to its upper left corner. The numbers are whole
                (A22). It is not documented whether a module that was never calibrated returns zeros. An
                area without width or height means that no area is set.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_calib` (V1). Source: Device management > Query recognition area.
        """
        return await self._call(api.GET_CALIB, {})

    async def get_learnmode(
        self,
    ) -> models.LearnModeState:
        """Get the learning mode.

        Returns whether the module learns from feedback. `/api/get_device_info` returns the same as
        `learnMode`.

        Returns:
            LearnModeState: The learning mode.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_learnmode` (V1). Source: Device management > Query learning mode.
        """
        return await self._call(api.GET_LEARNMODE, {})

    async def set_learnmode(
        self,
        *,
        mode: models.LearnMode | int,
    ) -> None:
        """Turn learning on or off.

        If learning is on, the module learns from each choice that it gets with `/api/result_feedback`. If
        it is off, the module only recognizes. The factory setting is on.

        Args:
            mode: 0 for off, 1 for on; a whole number (A22). Allowed: 0 (OFF) or 1 (ON).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_learnmode` (V1). Source: Device management > Set learning mode.
        """
        return await self._call(
            api.SET_LEARNMODE,
            {
                "mode": mode,
            },
        )

    async def get_item_list(
        self,
    ) -> list[models.Item]:
        """List the products that the module can recognize.

        Returns the number and the name of each product that the module can recognize now. A product with
        template pictures in the cache is not included before it is committed; see
        `/api/get_registered_item_list`.

        The shape of the list is a reading (A7), and so is the type of the name (A9).

        Returns:
            list[Item]: A product that the module can recognize.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_item_list` (V1), `GET /api/get_item_list` (V2). Source: Category
        management > Query the recognizable list.
        """
        return await self._call(api.GET_ITEM_LIST, {})

    async def register_item(
        self,
        *,
        id: str,
        name: str,
    ) -> models.RegisteredImage:
        """Take a template picture of a product, and add it to the cache.

        Takes a picture of the product on the pan, adds it to the cache as a template of this product, and
        returns the picture and its number. Call it several times with the product in different positions,
        delete bad pictures with `/api/delete_registered_image`, and commit the others with
        `/api/commit_registered_item`.

        Each call adds one picture. If a response was lost and the call is repeated, there may be two
        pictures. Read the cache with `/api/get_registered_item_list`. For the names of the fields see A1.

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.
            name: The name of the product, UTF-8 (A1, A15). Allowed: not empty.

        Returns:
            RegisteredImage: A new template picture in the cache.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/register_item` (V1). Source: Category management > Register pictures to
        cache.
        """
        return await self._call(
            api.REGISTER_ITEM,
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
        """Delete one template picture from the cache.

        Deletes one picture of one product from the cache. Committed pictures are not affected. The number
        of the picture comes from `/api/register_item` or `/api/get_registered_item_list`.

        The response for a picture that is not in the cache is not documented; -6202 or -6213 is likely. For
        the names of the fields see A1.

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.
            image_id: The number of the picture from `/api/register_item` or
                `/api/get_registered_item_list`. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_image` (V1). Source: Category management > Delete the
        picure in the registration cache area.
        """
        return await self._call(
            api.DELETE_REGISTERED_IMAGE,
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
        """Delete all template pictures of one product from the cache.

        Deletes all pictures of one product that are in the cache and not committed. Committed pictures are
        not affected.

        The vendor's example has a trailing comma, which is removed here (A6). There is no table of
        parameters, so the alias `item_id` is inferred from similar calls (A1).

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_registered_item` (V1). Source: Category management > Delete all
        picture in the category cache.
        """
        return await self._call(
            api.DELETE_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    async def commit_registered_item(
        self,
        *,
        id: str,
    ) -> None:
        """Commit the cached pictures of one product, so that they take effect.

        Passes all cached pictures of one product to the recognition engine. Afterwards the product is in
        the list of `/api/get_item_list`, the module can recognize it, and its pictures are not in the cache
        any more.

        If the response is lost, check both lists before you repeat the call. The vendor's example has a
        trailing comma, which is removed here (A6). For the name of the field see A1.

        Args:
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6203 WRITE_FAILED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/commit_registered_item` (V1). Source: Category management > Submit the cache
        picture.
        """
        return await self._call(
            api.COMMIT_REGISTERED_ITEM,
            {
                "id": id,
            },
        )

    async def get_registered_item_list(
        self,
    ) -> list[models.RegisteredItem]:
        """List the template pictures in the cache, which are not committed.

        Returns each picture in the cache with its product. Use it to find the `image_id` of a picture to
        delete, or the products to commit. A commit always includes all pictures of a product (A24).

        The shape of the list is a reading (A7): one entry for each picture.

        Returns:
            list[RegisteredItem]: A template picture in the cache, which is not committed.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_registered_item_list` (V1). Source: Category management > Get the
        product ID and picture ID that have not been submitted in the current cache.
        """
        return await self._call(api.GET_REGISTERED_ITEM_LIST, {})

    async def start_backup(
        self,
    ) -> None:
        """Start a backup of what the module has learned to a file on the module.

        Starts a backup of the recognition data and returns immediately. Then poll `/api/get_backup_status`
        about once a second (A14) until the backup is over, and download the file with
        `/download/{filename}`.

        The vendor's example response has no `data` (A5), and a trailing comma, which is removed here (A6).
        It is not documented what happens to a backup that is already running.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/start_backup` (V1). Source: Category management > Local backup.
        """
        return await self._call(api.START_BACKUP, {})

    async def get_backup_status(
        self,
    ) -> models.BackupStatus:
        """Get the status of the backup.

        Poll about once a second. The backup is over if `status` is 0 or at least 3, for any number (A12).
        It succeeded only if `status` is 3. Then `filename` is the name for `/download/{filename}`.

        **This response has no `data`**: its fields are beside `code`. It is not documented whether `code`,
        `status` or both report a failure, so check both, `code` first. An error may have only `code`.

        The Chinese messages in the examples are invented; the message in the vendor's example is English
        (A27).

        Returns:
            BackupStatus: The status of a backup: the response of `/api/get_backup_status`, which has no
                envelope. The backup is over if `status` is 0 or at least 3 (A12). An error may come with
                `code` alone.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6203 WRITE_FAILED,
                -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_backup_status` (V1). Source: Category management > Query backup status.
        """
        return await self._call(api.GET_BACKUP_STATUS, {})

    async def download_backup(
        self,
        *,
        filename: str,
    ) -> bytes:
        """Download a finished backup.

        Returns the bytes of a backup file. `filename` comes from `/api/get_backup_status` with `status` 3.
        This is the only call that uses `GET` (A25) and that is outside `/api/`.

        The format of the file is not documented, and the file can be large. Write it to disk while it
        arrives, under another name until it is complete. The response for a missing file is not documented;
        expect the JSON alternative or HTTP status 404.

        Args:
            filename: A file name without a folder. Allowed: not empty.

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6202 FILE_NOT_FOUND,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `GET /download/{filename}` (V1). Source: Category management > Query backup status.
        """
        return await self._call(
            api.DOWNLOAD_BACKUP,
            {
                "filename": filename,
            },
        )

    async def start_restore(
        self,
        *,
        file: Upload,
    ) -> None:
        """Upload a backup and start to restore it. It replaces what the module has learned.

        Uploads a backup file as `multipart/form-data` with one part. The response confirms only the upload;
        the module restores and verifies the file afterwards. Poll `/api/get_restore_status` about once a
        second (A14) until the restore is over. Expect that the restore replaces everything that the module
        has learned.

        The backup should come from the same store, device and version of the engine. Otherwise the module
        may return -6141, -6142 or -6143, here or later in the status; the vendor does not document what
        must match (A23).

        The vendor's example uses another path, `/api/restore` (A3), and a part without a name (A4).
        Otherwise it is a normal upload of a file such as `test.evo`.

        Args:
            file: The bytes of the backup file from `/download/{filename}`. Send a file name with the part,
                such as `test.evo`.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6117 UNKNOWN_COMMAND,
                -6128 NOT_ACTIVATED, -6138 FIRMWARE_MISMATCH, -6140 FILE_FORMAT_MISMATCH,
                -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH, -6143 ENGINE_VERSION_MISMATCH,
                -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE, -6210 UNKNOWN_ERROR,
                -6211 FILE_VERIFICATION_FAILED, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/start_restore` (V1). Source: Category management > Local recovery.
        """
        return await self._call(
            api.START_RESTORE,
            {
                "file": file,
            },
        )

    async def get_restore_status(
        self,
    ) -> models.RestoreStatus:
        """Get the status of the restore.

        Poll about once a second. The restore is over if `status` is 0 or at least 4, for any number (A12).
        It succeeded if `status` is 4. It also succeeded if `status` falls back to 0 after 2 or 3 while the
        module responds to each call (A17).

        **This response has no `data`**: its fields are beside `code`. It is not documented whether `code`,
        `status` or both report a failure, so check both, `code` first. An error may have only `code`.

        The Chinese messages in the examples are invented; the message in the vendor's example is English
        (A27).

        Returns:
            RestoreStatus: The status of a restore: the response of `/api/get_restore_status`, which has no
                envelope. The restore is over if `status` is 0 or at least 4 (A12). An error may come with
                `code` alone.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6138 FIRMWARE_MISMATCH,
                -6140 FILE_FORMAT_MISMATCH, -6141 STORE_MISMATCH, -6142 DEVICE_MISMATCH,
                -6143 ENGINE_VERSION_MISMATCH, -6203 WRITE_FAILED, -6204 WRITE_FAILED_ALTERNATE,
                -6210 UNKNOWN_ERROR, -6211 FILE_VERIFICATION_FAILED.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_restore_status` (V1). Source: Category management > Query recovery
        status.
        """
        return await self._call(api.GET_RESTORE_STATUS, {})

    async def get_result(
        self,
    ) -> models.RecognitionResult:
        """Recognize the product on the pan.

        Takes a picture, and returns some products, ten at most as the vendor suggests, the most likely
        first, with the number of this recognition. Show the products to the clerk, and report the choice
        with `/api/result_feedback` and this `sid`.

        The types of `data` and of its `items` are readings (A8, A21). The response has only the numbers of
        the products. Their names come from `/api/get_item_list` or from the catalog of the terminal. Each
        call is a new recognition with its own `sid`.

        Returns:
            RecognitionResult: One recognition of the product on the pan.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR, -6599 to -6500 ALGORITHM_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_result` (V1), `GET /api/get_result` (V2). Source: Category VISION-AI >
        Get the recognition result.
        """
        return await self._call(api.GET_RESULT, {})

    async def result_feedback(
        self,
        *,
        sid: str,
        id: str,
        name: str,
        intop: bool,
    ) -> None:
        """Report the product that the clerk chose.

        Reports the product that the clerk chose, even if it was not among the guesses, so that the
        recognition improves. Report correct guesses as well as wrong ones. The module learns from it while
        the learning mode is on.

        `sid` is the number of the recognition. According to the vendor's table, the registration and
        deletion of template pictures need it too, but their requests do not have this field; they use
        `image_id` (A26). For the names of the fields see A1.

        Args:
            sid: The number of the recognition from `/api/get_result`. Allowed: not empty.
            id: The product number in the terminal's catalog, a string with significant leading zeros (A1).
                Allowed: not empty.
            name: The name of the product, UTF-8 (A1, A15). Allowed: not empty.
            intop: Whether the product was among the guesses of the recognition.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6209 ALGORITHM_TIMEOUT,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR, -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/result_feedback` (V1). Source: Category VISION-AI > Return the recognition
        result.
        """
        return await self._call(
            api.RESULT_FEEDBACK,
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

        Returns the current picture of the camera, a JPEG of 1280x720 pixels. It is always the whole
        picture, not only the calibration area. Use it to draw that area, see `/api/set_calib`.

        On success, **the body is the picture itself**, not JSON. An error is a JSON body. Distinguish the
        two by the bytes first: a JPEG starts with `FF D8 FF` (A10).

        Returns:
            bytes.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6210 UNKNOWN_ERROR.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_image` (V1), `GET /api/get_image` (V2). Source: General interface > Get
        the current camera screen.
        """
        return await self._call(api.GET_IMAGE, {})

    async def set_time(
        self,
        *,
        sec: int,
        usec: int,
    ) -> None:
        """Set the clock of the module.

        Sets the time, as gettimeofday returns it. The module has no clock that survives a restart, so set
        it after each restart.

        Args:
            sec: Whole seconds since 1 January 1970, 00:00 UTC.
            usec: Microseconds of the current second, 0 to 999999.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_time` (V2). Source: REST API V2 > Set the time.
        """
        return await self._call(
            api.SET_TIME,
            {
                "sec": sec,
                "usec": usec,
            },
        )

    async def set_predict_speed(
        self,
        *,
        speed: models.PredictSpeed | str,
    ) -> None:
        """Set the speed of the recognition.

        `fast` is the default, and as fast as before. `normal` is slower and recognizes better.

        Args:
            speed: The speed to set. Allowed: normal (NORMAL) or fast (FAST).

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_predict_speed` (V2). Source: REST API V2 > Set the speed of the
        recognition.
        """
        return await self._call(
            api.SET_PREDICT_SPEED,
            {
                "speed": speed,
            },
        )

    async def set_sync_master(
        self,
        *,
        upload: bool,
        download: bool,
    ) -> None:
        """Make the module the master of the synchronization between scales.

        Other modules then synchronize with this one. They have to reach it: its terminal must forward the
        port `mastersyncPort` of the device information.

        Args:
            upload: Whether the module shares what it learned.
            download: Whether the module takes what others learned.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6200 JSON_PARSING_FAILED,
                -6203 WRITE_FAILED, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: set. `POST /api/set_sync_master` (V2). Source: REST API V2 > Become the synchronization
        master.
        """
        return await self._call(
            api.SET_SYNC_MASTER,
            {
                "upload": upload,
                "download": download,
            },
        )

    async def delete_item(
        self,
        *,
        id: str,
    ) -> None:
        """Delete a product with all its templates.

        The module does not recognize the product any more. Its templates cannot be recovered.

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -6217 TEMPLATE_CHANGES_DISABLED.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/delete_item` (V2). Source: Monitoring agent > Delete a product.
        """
        return await self._call(
            api.DELETE_ITEM,
            {
                "id": id,
            },
        )

    async def add_item_template(
        self,
        *,
        id: str,
    ) -> models.ItemTemplate:
        """Take a picture of the product on the pan, and add it as a template.

        Takes the picture that the camera sees now, and adds it to the templates of the product. It takes
        effect at once. Call it several times, with the product in different positions.

        -6217 means that the learning mode does not allow to add templates.

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.

        Returns:
            ItemTemplate: A new template of a product.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6103 CAMERA_LOST, -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6203 WRITE_FAILED, -6209 ALGORITHM_TIMEOUT, -6210 UNKNOWN_ERROR,
                -6213 PARAMETER_ERROR, -6217 TEMPLATE_CHANGES_DISABLED, -6599 to -6500 ALGORITHM_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/add_item_template` (V2). Source: REST API V2 > Add a template.
        """
        return await self._call(
            api.ADD_ITEM_TEMPLATE,
            {
                "id": id,
            },
        )

    async def get_item_template_list(
        self,
        *,
        id: str,
    ) -> list[str]:
        """List the templates of a product.

        Returns the numbers of the product's templates. The list can also contain an entry `"center"`, which
        is no template (B3).

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.

        Returns:
            list[str].

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: read. `POST /api/get_item_template_list` (V2). Source: REST API V2 > Templates of a product.
        """
        return await self._call(
            api.GET_ITEM_TEMPLATE_LIST,
            {
                "id": id,
            },
        )

    async def delete_item_template(
        self,
        *,
        id: str,
        sid: str,
    ) -> None:
        """Delete one template of a product.

        The template stops having an effect at once. Its number comes from `/api/add_item_template` or
        `/api/get_item_template_list`.

        Args:
            id: The product number (PLU), a string with significant leading zeros. Allowed: not empty.
            sid: The number of the template. Allowed: not empty.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6200 JSON_PARSING_FAILED, -6202 FILE_NOT_FOUND, -6210 UNKNOWN_ERROR, -6213 PARAMETER_ERROR,
                -6217 TEMPLATE_CHANGES_DISABLED.
            InvalidInputError: An argument is invalid. No request was sent.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: act. `POST /api/delete_item_template` (V2). Source: Monitoring agent > Delete a template.
        """
        return await self._call(
            api.DELETE_ITEM_TEMPLATE,
            {
                "id": id,
                "sid": sid,
            },
        )

    async def clear_all_template(
        self,
    ) -> None:
        """Delete all templates of all products.

        The module does not recognize any product any more. The templates cannot be recovered. The agent's
        page shows no parameters, and the call deletes, so its method is assumed to be `POST`.

        Raises:
            DeviceError: The module returned an error. Likely codes: -6128 NOT_ACTIVATED,
                -6210 UNKNOWN_ERROR, -6217 TEMPLATE_CHANGES_DISABLED.
            VisionAIError: The module cannot be reached or its response is invalid; see the subclasses.

        Effect: destructive. `POST /api/clear_all_template` (V2). Source: Monitoring agent > Delete all
        templates.
        """
        return await self._call(api.CLEAR_ALL_TEMPLATE, {})
