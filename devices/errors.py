"""Faults every driver reports in the same words.

`str(error)` is for logs (English, no personal data); `hint` is Chinese text a clerk can act on and is never
empty: a driver that knows better passes its own.
"""

from typing import ClassVar


class DeviceError(Exception):
    """Base of all device faults. `device_id` says which device; `hint` tells staff what to do."""

    default_hint: ClassVar[str] = "设备出现故障，请联系管理员。"

    def __init__(self, device_id: str, message: str, *, hint: str = "") -> None:
        super().__init__(f"{device_id}: {message}")
        self.device_id = device_id
        self.message = message
        self.hint = hint or self.default_hint


class DeviceOffline(DeviceError):
    """No answer or no cable. Nothing was done."""

    default_hint = "设备没有应答，请检查电源和连接线。"


class DeviceNeedsPerson(DeviceError):
    """Paper, cover, jam. Nothing was done; a person must act."""

    default_hint = "设备需要人工处理，请查看设备上的指示灯。"


class BadReply(DeviceError):
    """The device answered bytes that its protocol does not allow."""

    default_hint = "设备应答异常，请重启设备；仍不正常时请联系管理员核对型号和通信参数。"


class OutcomeUnknown(DeviceError):
    """Sent, then silence: it may have happened. Never resent automatically."""

    default_hint = "不能确认设备是否已完成，请到设备前查看后再决定是否重做。"
