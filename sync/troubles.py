"""What a person must see of the exchange with the parent."""

from collections.abc import Collection

FORK_ZH = "上级持有本机另一份不同的记录，可能有克隆的机器在用同一身份。请联系信息科核对。"
HOLE_ZH = "本机缺少一段自己的旧记录，其后的记录无法上传。请联系信息科从备份补回。"


def refused_zh(machines: Collection[str]) -> str | None:
    """`machines`: node ids, which those who show it turn into names. None: the parent refuses nobody."""
    if not machines:
        return None
    which = "、".join(sorted(machines))
    return f"上级不接受这些机器的记录，因为没有登记：{which}。请联系信息科在上级的 machine.json 里登记。"
