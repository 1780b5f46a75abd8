"""What a person must see of the exchange with the parent."""

FORK_ZH = "上级持有本机另一份不同的记录，可能有克隆的机器在用同一身份。请联系信息科核对。"
HOLE_ZH = "本机缺少一段自己的旧记录，其后的记录无法上传。请联系信息科从备份补回。"
REFUSED_ZH = "上级不接受其中一台机器的记录（未登记）。请联系信息科登记。"
