"""What to do about an error of the module: one table for exceptions, the command line, the console and recordings.

The advice depends on the error code and on the operation. Codes that this version does not know have advice too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vision_ai_generated import models
from vision_ai_generated.error_codes import find_error

__all__ = ["ADVICE", "ANY_OPERATION", "Advice", "find_advice", "find_transfer_advice"]

ANY_OPERATION = ""


class Advice(NamedTuple):
    """What to do about an error."""

    en: str
    zh: str
    command: str = ""
    """The command of the command line that does what the last sentence says; empty where there is none."""
    ru: str = ""


_REBOOT = "vision-ai reboot --wait"
_RETRY = Advice(
    "Try again. If it fails again, restart the module.",
    "请重试；若再次失败，请重启模块。",
    _REBOOT,
    ru="Повторите. Если снова не получится, перезагрузите модуль.",
)
_STORAGE = Advice(
    "The module's storage may be full or damaged. Restart the module.",
    "模块的存储空间可能已满或损坏。请重启模块。",
    _REBOOT,
    ru="Память модуля может быть заполнена или повреждена. Перезагрузите модуль.",
)
_BUSY = Advice(
    "A backup or a restore may be running already. Wait until it has ended, then try again.",
    "可能已有备份或恢复正在进行。请等待其结束后重试。",
    ru="Возможно, резервное копирование или восстановление уже идёт. Дождитесь его завершения и повторите.",
)
_FORMAT = Advice(
    "This firmware may expect another form of the request. Check the firmware against the contract.",
    "该固件可能要求不同的请求格式。请检查固件是否符合协议。",
    "vision-ai conformance",
    ru="Эта прошивка может ожидать другой вид запроса. Проверьте прошивку на соответствие протоколу.",
)
_CACHE = Advice(
    "The cache may no longer contain it: a restart clears the cache. Check what the cache contains.",
    "缓存中可能已没有该图片，重启会清空缓存。请查看缓存内容。",
    "vision-ai items pending",
    ru="Возможно, этого больше нет в кэше: перезагрузка его очищает. Проверьте содержимое кэша.",
)
_RECOGNITION = Advice(
    "The module may no longer know this recognition. Recognize the product again and confirm it.",
    "模块可能已不再保留该识别结果。请重新识别商品并确认。",
    "vision-ai recognize --confirm ID",
    ru="Возможно, модуль больше не помнит это распознавание. Распознайте товар снова и подтвердите его.",
)
_NEW_BACKUP = Advice(
    "Make a new backup.", "请重新备份。", "vision-ai backup", ru="Создайте новую резервную копию."
)
_DAMAGED = Advice(
    "The file may be damaged. Use another copy of it.",
    "文件可能已损坏。请使用另一份副本。",
    ru="Файл может быть повреждён. Используйте другой его экземпляр.",
)
_SAME_STORE = Advice(
    "Use a backup of the store that the module is activated for. After a factory reset, activate the module for "
    "that store first, with the vendor's tool.",
    "请使用模块所激活门店的备份。恢复出厂设置后，请先用厂商工具将模块激活到该门店。",
    ru="Используйте резервную копию того магазина, для которого активирован модуль. После сброса "
    "сначала активируйте модуль для этого магазина программой производителя.",
)
_SAME_DEVICE = Advice(
    "Use a backup of the same module.",
    "请使用同一模块的备份。",
    ru="Используйте резервную копию того же модуля.",
)
_SAME_ENGINE = Advice(
    "Use a backup that was made with the module's engine version. Compare the versions.",
    "请使用以该模块引擎版本创建的备份。请核对版本。",
    "vision-ai info",
    ru="Используйте резервную копию, созданную с версией движка модуля. Сравните версии.",
)
_EVO_FILE = Advice(
    "Use a backup file that a module made (.evo).",
    "请使用模块生成的备份文件（.evo）。",
    ru="Используйте файл резервной копии, созданный модулем (.evo).",
)
_START_AGAIN = Advice(
    "Check that the module responds, then start again.",
    "请确认模块有响应，然后重新开始。",
    "vision-ai info",
    ru="Проверьте, что модуль отвечает, и начните снова.",
)
_PUT_ON_PAN = Advice(
    "Put one product on the pan, inside the calibration area, and try again.",
    "请将一件商品放在秤盘上（标定区域内），然后重试。",
    ru="Положите один товар на платформу весов, в область распознавания, и повторите.",
)
_UNKNOWN = Advice(
    "Look up the number in the vendor's documents.",
    "请在厂商文档中查找该编号。",
    ru="Найдите этот номер в документации производителя.",
)

ADVICE: Mapping[tuple[str, str], Advice] = {
    ("CAMERA_LOST", ANY_OPERATION): Advice(
        "Check the camera's cable, then restart the module.",
        "请检查摄像头线缆，然后重启模块。",
        _REBOOT,
        ru="Проверьте кабель камеры, затем перезагрузите модуль.",
    ),
    ("UNKNOWN_COMMAND", ANY_OPERATION): Advice(
        "The firmware may be older or newer than this program. Check its version.",
        "固件可能比本程序旧或新。请查看其版本。",
        "vision-ai info",
        ru="Прошивка может быть старше или новее этой программы. Проверьте её версию.",
    ),
    ("UNKNOWN_COMMAND", "get_device_info"): Advice(
        "Every module knows this command. Do not set the version of the API, and check the path in the module's URL.",
        "所有模块都支持该命令。请勿指定接口版本，并检查模块地址中的路径。",
        ru="Эту команду знает каждый модуль. Не указывайте версию API и проверьте путь в адресе модуля.",
    ),
    ("ALREADY_ACTIVATED", ANY_OPERATION): Advice(
        "Nothing to do. To assign the module to another store, use the vendor's tool.",
        "无需操作。如需改换门店，请使用厂商工具。",
        ru="Ничего делать не нужно. Чтобы назначить модуль другому магазину, используйте программу "
        "производителя.",
    ),
    ("STORE_ID_FORMAT_ERROR", ANY_OPERATION): Advice(
        "Correct the store number in the vendor's tool.",
        "请在厂商工具中更正门店编号。",
        ru="Исправьте номер магазина в программе производителя.",
    ),
    ("STORE_VERIFICATION_FAILED", ANY_OPERATION): Advice(
        "Check the store number and the module's network connection, then activate the module again with the "
        "vendor's tool.",
        "请检查门店编号和模块的网络连接，然后用厂商工具重新激活模块。",
        ru="Проверьте номер магазина и сетевое подключение модуля, затем снова активируйте модуль "
        "программой производителя.",
    ),
    ("NOT_ACTIVATED", ANY_OPERATION): Advice(
        "Activate the module for its store with the vendor's tool.",
        "请用厂商工具为门店激活模块。",
        ru="Активируйте модуль для его магазина программой производителя.",
    ),
    ("DOWNLOAD_NOT_STARTED", ANY_OPERATION): Advice(
        "Start the download first, with the vendor's tool.",
        "请先用厂商工具开始下载。",
        ru="Сначала начните загрузку программой производителя.",
    ),
    ("ALREADY_LATEST_VERSION", ANY_OPERATION): Advice(
        "Nothing to do: the module is up to date.",
        "无需操作，模块已是最新版本。",
        ru="Ничего делать не нужно: у модуля последняя версия.",
    ),
    ("DOWNLOAD_VERIFICATION_FAILED", ANY_OPERATION): Advice(
        "Start the download again with the vendor's tool.",
        "请用厂商工具重新下载。",
        ru="Снова начните загрузку программой производителя.",
    ),
    ("DOWNLOAD_FAILED", ANY_OPERATION): Advice(
        "Check the module's network connection, then start the download again with the vendor's tool.",
        "请检查模块的网络连接，然后用厂商工具重新下载。",
        ru="Проверьте сетевое подключение модуля, затем снова начните загрузку программой производителя.",
    ),
    ("UPDATE_FAILED", ANY_OPERATION): Advice(
        "Start the update again with the vendor's tool, and do not switch the module off until it is over.",
        "请用厂商工具重新升级，升级完成前请勿断电。",
        ru="Снова начните обновление программой производителя и не выключайте модуль до его завершения.",
    ),
    ("RESET_REFUSED_DURING_UPDATE", ANY_OPERATION): Advice(
        "Wait until the update is over, then reset the module. Do not switch it off before.",
        "请等待升级完成后再恢复出厂设置，在此之前请勿断电。",
        ru="Дождитесь завершения обновления, затем сбросьте модуль. До этого не выключайте его.",
    ),
    ("UPDATE_UNKNOWN_ERROR", ANY_OPERATION): Advice(
        "Start the update again with the vendor's tool. If it fails again, ask the vendor.",
        "请用厂商工具重新升级；若再次失败，请联系厂商。",
        ru="Снова начните обновление программой производителя. Если снова не получится, обратитесь к "
        "производителю.",
    ),
    ("APPLICATION_UPDATE_FAILED", ANY_OPERATION): Advice(
        "Start the update of the application again with the vendor's tool. Do not switch the module off until it is "
        "over.",
        "请用厂商工具重新升级应用程序，升级完成前请勿断电。",
        ru="Снова начните обновление приложения программой производителя. Не выключайте модуль до его "
        "завершения.",
    ),
    ("TEMPLATE_CHANGES_DISABLED", ANY_OPERATION): Advice(
        "The learning mode does not allow it. Set another learning mode with the vendor's tool, then try again.",
        "当前学习模式不允许该操作。请用厂商工具更改学习模式后重试。",
        ru="Режим обучения этого не допускает. Установите другой режим обучения программой "
        "производителя и повторите.",
    ),
    ("FIRMWARE_MISMATCH", ANY_OPERATION): Advice(
        "Update the module's firmware with the vendor's tool.",
        "请用厂商工具升级模块固件。",
        ru="Обновите прошивку модуля программой производителя.",
    ),
    ("FILE_FORMAT_MISMATCH", ANY_OPERATION): Advice(
        "Use a file of the kind that this operation expects.",
        "请使用该操作所需格式的文件。",
        ru="Используйте файл того вида, который ожидает эта операция.",
    ),
    ("FILE_FORMAT_MISMATCH", "start_restore"): _EVO_FILE,
    ("FILE_FORMAT_MISMATCH", "get_restore_status"): _EVO_FILE,
    ("STORE_MISMATCH", ANY_OPERATION): Advice(
        "Check which store the module is activated for.",
        "请查看模块激活到了哪个门店。",
        "vision-ai info",
        ru="Проверьте, для какого магазина активирован модуль.",
    ),
    ("STORE_MISMATCH", "start_restore"): _SAME_STORE,
    ("STORE_MISMATCH", "get_restore_status"): _SAME_STORE,
    ("DEVICE_MISMATCH", ANY_OPERATION): Advice(
        "Check by its serial number that this is the right module.",
        "请通过序列号确认这是正确的模块。",
        "vision-ai info",
        ru="Проверьте по серийному номеру, что это нужный модуль.",
    ),
    ("DEVICE_MISMATCH", "start_restore"): _SAME_DEVICE,
    ("DEVICE_MISMATCH", "get_restore_status"): _SAME_DEVICE,
    ("ENGINE_VERSION_MISMATCH", ANY_OPERATION): Advice(
        "Check the version of the module's recognition engine.",
        "请查看模块识别引擎的版本。",
        "vision-ai info",
        ru="Проверьте версию движка распознавания модуля.",
    ),
    ("ENGINE_VERSION_MISMATCH", "start_restore"): _SAME_ENGINE,
    ("ENGINE_VERSION_MISMATCH", "get_restore_status"): _SAME_ENGINE,
    ("JSON_PARSING_FAILED", ANY_OPERATION): _FORMAT,
    ("FILE_NOT_FOUND", ANY_OPERATION): Advice(
        "It may have been deleted already. Check the list before you try again.",
        "文件可能已被删除。请先查看列表再重试。",
        ru="Возможно, это уже удалено. Прежде чем повторять, проверьте список.",
    ),
    ("FILE_NOT_FOUND", "commit_registered_item"): _CACHE,
    ("FILE_NOT_FOUND", "delete_registered_item"): _CACHE,
    ("FILE_NOT_FOUND", "delete_registered_image"): _CACHE,
    ("FILE_NOT_FOUND", "result_feedback"): _RECOGNITION,
    ("FILE_NOT_FOUND", "download_backup"): _NEW_BACKUP,
    ("WRITE_FAILED", ANY_OPERATION): _STORAGE,
    ("WRITE_FAILED", "start_backup"): _BUSY,
    ("WRITE_FAILED", "start_restore"): _BUSY,
    ("WRITE_FAILED_ALTERNATE", ANY_OPERATION): _STORAGE,
    ("WRITE_FAILED_ALTERNATE", "start_backup"): _BUSY,
    ("WRITE_FAILED_ALTERNATE", "start_restore"): _BUSY,
    ("NETWORK_ERROR", ANY_OPERATION): Advice(
        "Check network sharing on this computer, which a restart can switch off.",
        "请检查本机的网络共享，重启后可能失效。",
        ru="Проверьте общий доступ к сети на этом компьютере: перезагрузка может его отключить.",
    ),
    ("ALGORITHM_TIMEOUT", ANY_OPERATION): _RETRY,
    ("UNKNOWN_ERROR", ANY_OPERATION): _RETRY,
    ("UNKNOWN_ERROR", "reboot"): Advice(
        "Try again. If it fails again, switch the module off and on.",
        "请重试；若再次失败，请将模块断电后重新上电。",
        ru="Повторите. Если снова не получится, выключите и включите модуль.",
    ),
    ("FILE_VERIFICATION_FAILED", ANY_OPERATION): _DAMAGED,
    ("FILE_VERIFICATION_FAILED", "start_backup"): _NEW_BACKUP,
    ("FILE_VERIFICATION_FAILED", "get_backup_status"): _NEW_BACKUP,
    ("LOGIN_FAILED", ANY_OPERATION): Advice(
        "Check the login in the vendor's tool.",
        "请在厂商工具中检查登录信息。",
        ru="Проверьте данные для входа в программе производителя.",
    ),
    ("PARAMETER_ERROR", ANY_OPERATION): Advice(
        "Check the values of the request.", "请检查请求中的内容。", ru="Проверьте значения в запросе."
    ),
    ("PARAMETER_ERROR", "set_calib"): Advice(
        "The area must lie inside the picture of 1280×720 pixels. Correct its values.",
        "区域必须位于 1280×720 像素的画面内。请更正数值。",
        ru="Область должна лежать внутри изображения 1280×720 пикселей. Исправьте её значения.",
    ),
    ("PARAMETER_ERROR", "register_item"): Advice(
        "Check the product's number and name.",
        "请检查商品的编号和名称。",
        ru="Проверьте номер и название товара.",
    ),
    ("PARAMETER_ERROR", "commit_registered_item"): _CACHE,
    ("PARAMETER_ERROR", "delete_registered_item"): _CACHE,
    ("PARAMETER_ERROR", "delete_registered_image"): _CACHE,
    ("PARAMETER_ERROR", "result_feedback"): _RECOGNITION,
    ("PARAMETER_ERROR", "download_backup"): _NEW_BACKUP,
    ("PARAMETER_ERROR", "start_restore"): _FORMAT,
    ("SYNC_TIMEOUT", ANY_OPERATION): Advice(
        "Check the network connection between this module and the main scale.",
        "请检查本模块与主秤之间的网络连接。",
        ru="Проверьте сетевое соединение между этим модулем и главными весами.",
    ),
    ("ALGORITHM_ERROR", ANY_OPERATION): _RETRY,
    ("ALGORITHM_ERROR", "register_item"): _PUT_ON_PAN,
    ("ALGORITHM_ERROR", "add_item_template"): _PUT_ON_PAN,
    ("ALGORITHM_ERROR", "commit_registered_item"): Advice(
        "Delete the product's pictures from the cache, and take new ones with the product on the pan.",
        "请删除该商品缓存的图片，并将商品放在秤盘上重新拍摄。",
        ru="Удалите снимки товара из кэша и сделайте новые, положив товар на платформу весов.",
    ),
    ("ALGORITHM_ERROR", "result_feedback"): _RECOGNITION,
    ("UNKNOWN", ANY_OPERATION): _UNKNOWN,
    ("FAILED", "get_backup_status"): _RETRY,
    ("IDLE", "get_restore_status"): Advice(
        "Compare the module's products with those of the backup, or restore it again.",
        "请将模块中的商品与备份中的商品核对，或重新恢复。",
        "vision-ai items list",
        ru="Сравните товары модуля с товарами резервной копии или восстановите её снова.",
    ),
    ("RESTORE_FAILED", "get_restore_status"): Advice(
        "Check that the file is a backup of this module, then start again.",
        "请确认该文件是此模块的备份，然后重新开始。",
        ru="Проверьте, что файл является резервной копией этого модуля, и начните снова.",
    ),
    ("VERIFICATION_FAILED", "get_restore_status"): _DAMAGED,
}
"""The advice for the name of an error code or of a final status, and for an operation or any operation.

`UNKNOWN` stands for the codes that the contract does not list.
"""


def find_advice(code: int, operation: str = ANY_OPERATION, api_version: str | None = None) -> Advice:
    """Return what to do about an error code.

    Args:
        code: The error code.
        operation: What returned it, such as `get_result`.
        api_version: The version of the API that the module speaks, "v1" or "v2"; None if it is not known.
    """
    advice = _find_entry(code, operation)
    return _replace_restart(advice) if api_version == "v2" else advice


def _find_entry(code: int, operation: str) -> Advice:
    entry = find_error(code)
    name = entry.name if entry else "UNKNOWN"
    for key in ((name, operation.removesuffix("_alias")), (name, ANY_OPERATION)):
        if key in ADVICE:
            return ADVICE[key]
    return _RETRY if entry and entry.retryable else _UNKNOWN


def _replace_restart(advice: Advice) -> Advice:
    """Advise to switch the module off and on where it cannot be told to restart: that command of V2 is not known."""
    if advice.command != _REBOOT:
        return advice
    en, zh = advice.en, advice.zh
    for verb, instead in (("restart", "switch"), ("Restart", "Switch")):
        en = en.replace(f"{verb} the module", f"{instead} the module off and on")
    return Advice(en, zh.replace("重启模块", "将模块断电后重新上电"))


def find_transfer_advice(status: models.BackupStatus | models.RestoreStatus | None, code: int = 0) -> Advice:
    """Return what to do about a backup or a restore that ended with this status and error code."""
    operation = ANY_OPERATION
    if status is not None:
        is_backup = isinstance(status, models.BackupStatus)
        operation = "get_backup_status" if is_backup else "get_restore_status"
    if code:
        return find_advice(code, operation)
    return ADVICE.get(("" if status is None else status.status.name, operation), _START_AGAIN)
