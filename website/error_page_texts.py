"""Have the texts of the catalog of error codes in Russian and Chinese, beside what the program itself translates."""

from __future__ import annotations

LABELS = {
    "ru": {
        "All codes": "Все коды",
        "code": "код",
        "meaning": "значение",
        "Raised as": "Исключение",
        "Cause": "Причина",
        "What to do": "Что делать",
        "… in": "… в операции",
        "Retry": "Повтор",
        "can succeed later": "позже может получиться",
        "fails again": "приведёт к той же ошибке",
        "Operations": "Операции",
        "API": "API",
        "and": "и",
        "Vendor's name": "У производителя",
        "camera": "Камера",
        "update": "Обновление",
        "command": "Команда",
        "activation": "Активация",
        "compatibility": "Совместимость",
        "request": "Запрос",
        "file": "Файлы",
        "network": "Сеть",
        "engine": "Движок распознавания",
        "internal": "Внутренние ошибки",
    },
    "zh": {
        "All codes": "全部错误码",
        "code": "错误码",
        "meaning": "含义",
        "Raised as": "对应的异常：",
        "Cause": "原因",
        "What to do": "处理方法",
        "… in": "… 操作",
        "Retry": "重试",
        "can succeed later": "稍后重试可能成功",
        "fails again": "重试仍会失败",
        "Operations": "操作",
        "API": "接口版本",
        "and": "和",
        "Vendor's name": "厂商名称",
        "camera": "摄像头",
        "update": "升级",
        "command": "命令",
        "activation": "激活",
        "compatibility": "兼容性",
        "request": "请求",
        "file": "文件",
        "network": "网络",
        "engine": "识别引擎",
        "internal": "内部错误",
    },
}

INTRODUCTIONS = {
    "ru": """# Коды ошибок

Если вызов не удался, модуль возвращает отрицательное число в поле `code`, с состоянием HTTP 200. SDK вызывает исключение
[`DeviceError`](../errors.md) с полями `error.code`, `error.name`, `error.meaning` и `error.advice`. В терминале то же, что
эта страница, показывает `vision-ai errors CODE`.

Производитель называет коды, но не их причины. Причины на этой странице и операции, которые возвращают код, это наше
толкование. «Позже может получиться» значит, что тот же запрос может удаться без других действий (`error.retryable`).
""",
    "zh": """# 错误码

调用失败时，模块返回负数 `code`，HTTP 状态码为 200。SDK 会抛出异常 [`DeviceError`](../errors.md)，带有 `error.code`、`error.name`、`error.meaning` 和 `error.advice`。在终端中，`vision-ai errors CODE` 显示与本页相同的内容。

厂商给出了各错误码的名称，但没有说明原因。本页的原因以及会返回该错误码的操作均为我们的解读。“稍后重试可能成功”表示无需其他操作，同样的请求可能会成功（`error.retryable`）。
""",
}

CAUSES = {
    "ru": {
        "CAMERA_LOST": "Камера внутри модуля больше не отвечает: её кабель отошёл, или она вышла из строя.",
        "UPDATE_FAILED": "Модуль не смог установить обновление.",
        "UNKNOWN_COMMAND": "В прошивке нет этой операции: прошивка старше или работает по другой версии API. Либо неверен "
        "путь в URL.",
        "ALREADY_ACTIVATED": "Активацию запросили для модуля, у которого уже есть магазин.",
        "STORE_ID_FORMAT_ERROR": "Неверна длина номера магазина, или в нём недопустимые символы.",
        "STORE_VERIFICATION_FAILED": "Сервер производителя не знает этот номер магазина, или модуль не смог связаться с "
        "сервером через компьютер, к которому подключён.",
        "NOT_ACTIVATED": "Модуль новый или сброшен к заводским настройкам.",
        "DOWNLOAD_NOT_STARTED": "Состояние загрузки запросили до её начала.",
        "ALREADY_LATEST_VERSION": "Запросили обновление, но его нет.",
        "DOWNLOAD_VERIFICATION_FAILED": "Загруженный файл неполон или повреждён.",
        "DOWNLOAD_FAILED": "Модуль потерял связь с сервером; она идёт через компьютер, к которому он подключён.",
        "RESET_REFUSED_DURING_UPDATE": "Сброс к заводским настройкам запросили во время обновления.",
        "UPDATE_UNKNOWN_ERROR": "Модуль не сообщает причину.",
        "FIRMWARE_MISMATCH": "Прошивка и движок или прошивка и устройство не подходят друг к другу, например после "
        "прерванного обновления.",
        "FILE_FORMAT_MISMATCH": "Это файл другого вида, например не резервная копия.",
        "STORE_MISMATCH": "Что-то относится к другому магазину, например восстанавливаемая резервная копия (A23).",
        "DEVICE_MISMATCH": "Что-то относится к другому модулю, например восстанавливаемая резервная копия (A23).",
        "ENGINE_VERSION_MISMATCH": "Что-то создано с другой версией движка, например восстанавливаемая резервная копия "
        "(A23).",
        "APPLICATION_UPDATE_FAILED": "Модуль не смог установить своё приложение после обновления прошивки.",
        "JSON_PARSING_FAILED": "Тело запроса не JSON или не тот JSON, которого ожидает эта прошивка.",
        "FILE_NOT_FOUND": "Снимка, резервной копии или распознавания больше нет. Перезагрузка очищает кэш снимков.",
        "WRITE_FAILED": "Память модуля заполнена или повреждена, или в неё пишет другая задача.",
        "WRITE_FAILED_ALTERNATE": "То же, что -6203 (A11).",
        "NETWORK_ERROR": "Модуль не смог связаться с другим компьютером. Его путь идёт через компьютер, к которому он "
        "подключён.",
        "ALGORITHM_TIMEOUT": "Движок слишком долго был занят.",
        "UNKNOWN_ERROR": "Модуль не сообщает причину.",
        "FILE_VERIFICATION_FAILED": "Файл неполон или повреждён.",
        "LOGIN_FAILED": "Модуль не смог войти на сервер производителя.",
        "PARAMETER_ERROR": "Значение отсутствует или вне допустимых пределов, или прошивка ожидает для него другое имя "
        "(A1).",
        "SYNC_TIMEOUT": "Главные весы не ответили.",
        "TEMPLATE_CHANGES_DISABLED": "Это запрещает режим обучения модуля.",
        "ALGORITHM_ERROR": "Движок не смог обработать изображение, например не нашёл на нём товара.",
    },
    "zh": {
        "CAMERA_LOST": "模块内的摄像头不再响应：线缆松动，或摄像头损坏。",
        "UPDATE_FAILED": "模块无法安装更新。",
        "UNKNOWN_COMMAND": "固件没有该操作：固件较旧，或使用另一个接口版本。也可能是 URL 中的路径有误。",
        "ALREADY_ACTIVATED": "对已有门店的模块请求了激活。",
        "STORE_ID_FORMAT_ERROR": "门店编号的长度不对，或含有不允许的字符。",
        "STORE_VERIFICATION_FAILED": "厂商的服务器没有该门店编号，或模块无法经由所连接的电脑访问服务器。",
        "NOT_ACTIVATED": "模块是新的，或已恢复出厂设置。",
        "DOWNLOAD_NOT_STARTED": "下载开始之前查询了下载状态。",
        "ALREADY_LATEST_VERSION": "请求了更新，但没有可用的更新。",
        "DOWNLOAD_VERIFICATION_FAILED": "下载的文件不完整或已损坏。",
        "DOWNLOAD_FAILED": "模块与服务器的连接中断；该连接经由模块所连接的电脑。",
        "RESET_REFUSED_DURING_UPDATE": "更新期间请求了恢复出厂设置。",
        "UPDATE_UNKNOWN_ERROR": "模块没有说明原因。",
        "FIRMWARE_MISMATCH": "固件与识别引擎或固件与设备不匹配，例如更新中断之后。",
        "FILE_FORMAT_MISMATCH": "文件类型不对，例如不是备份文件。",
        "STORE_MISMATCH": "数据属于其他门店，例如所恢复的备份（A23）。",
        "DEVICE_MISMATCH": "数据属于其他模块，例如所恢复的备份（A23）。",
        "ENGINE_VERSION_MISMATCH": "数据由其他版本的识别引擎生成，例如所恢复的备份（A23）。",
        "APPLICATION_UPDATE_FAILED": "固件升级后，模块无法安装其应用程序。",
        "JSON_PARSING_FAILED": "请求的正文不是 JSON，或不是该固件要求的 JSON。",
        "FILE_NOT_FOUND": "图片、备份或识别结果已不存在。重启会清空图片缓存。",
        "WRITE_FAILED": "模块的存储空间已满或损坏，或其他任务正在写入。",
        "WRITE_FAILED_ALTERNATE": "与 -6203 相同（A11）。",
        "NETWORK_ERROR": "模块无法访问其他电脑。它的网络经由所连接的电脑。",
        "ALGORITHM_TIMEOUT": "识别引擎忙碌时间过长。",
        "UNKNOWN_ERROR": "模块没有说明原因。",
        "FILE_VERIFICATION_FAILED": "文件不完整或已损坏。",
        "LOGIN_FAILED": "模块无法登录厂商的服务器。",
        "PARAMETER_ERROR": "缺少某个值或值超出范围，或者固件使用另一个参数名（A1）。",
        "SYNC_TIMEOUT": "主秤没有响应。",
        "TEMPLATE_CHANGES_DISABLED": "模块的学习模式不允许。",
        "ALGORITHM_ERROR": "识别引擎无法处理该画面，例如在画面中没有找到商品。",
    },
}
"""Why a module may return a code: `CAUSES` of error_page.py."""
