"""Owns twenty-five incidents and some alarms as a street's desk has them on an afternoon."""

from __future__ import annotations

from app.domain.alarm import Alarm
from app.domain.incident import Incident

NOW = 1_795_330_626_000
"""2026-11-22 14:57:06 at the centre."""

_S = 1000
_M = 60 * _S
G = "31019800600{}00{}".format

Story = tuple[str, str, int, int, str, int, str, tuple[int, int]]
"""Title, type, priority, age, status, units, address, grid."""

_STORY: tuple[Story, ...] = (
    ("望浦广场商场门前百余人聚集，有推搡", "crowd", 1, 42 * _S, "reported", 0, "望浦广场北门", (3, 1)),
    ("老年人接“公检法”电话，正在银行转账", "fraud", 1, 3 * _M + 10 * _S, "dispatched", 2, "解放路农商银行", (1, 4)),
    ("滨江里 7 号楼五层冒烟", "fire", 1, 6 * _M + 5 * _S, "handling", 4, "滨江里 7 号楼", (2, 2)),
    ("六岁男童在地铁口与家人走散", "missing_person", 2, 1 * _M + 12 * _S, "reported", 0, "望浦广场地铁 3 号口", (3, 1)),
    ("夜市两摊主争位动手，一人受伤", "security", 2, 4 * _M + 48 * _S, "accepted", 0, "铁路东街夜市", (1, 3)),
    ("电动车与三轮车相撞，占用非机动车道", "traffic", 2, 5 * _M + 30 * _S, "dispatched", 1, "学府路解放路口", (1, 2)),
    ("学校门口陌生人长时间逗留", "security", 2, 8 * _M + 2 * _S, "handling", 1, "望浦第二小学", (4, 1)),
    ("独居老人三日未出门，邻居请求上门查看", "medical", 2, 14 * _M, "handling", 2, "学府新村 23 号 401", (1, 5)),
    ("酒店大堂客人醉酒滋事", "security", 2, 16 * _M + 20 * _S, "dispatched", 1, "望浦大酒店", (3, 2)),
    ("树枝压住电线，随风摆动有火花", "facility", 3, 2 * _M + 15 * _S, "reported", 0, "滨江路 52 弄口", (2, 3)),
    ("井盖松动，车辆经过有异响", "facility", 3, 9 * _M + 44 * _S, "accepted", 0, "学府路 200 号", (1, 1)),
    ("楼道堆放电动车电池充电", "fire", 3, 12 * _M + 31 * _S, "dispatched", 1, "学府新村 9 号楼", (1, 5)),
    ("餐馆夜间排烟扰民，多户投诉", "environment", 3, 18 * _M + 9 * _S, "dispatched", 1, "铁路东街 66 号", (1, 3)),
    ("快递点占用消防通道", "fire", 3, 21 * _M, "handling", 1, "滨江里东门", (2, 2)),
    ("邻里因漏水赔偿争执", "dispute", 3, 26 * _M + 40 * _S, "handling", 1, "滨江里 3 号楼", (2, 1)),
    ("熟食店涉嫌售卖过期食品", "food_drug", 3, 33 * _M, "handling", 1, "望浦菜场 18 号", (3, 3)),
    ("共享单车堆积堵住盲道", "environment", 3, 37 * _M + 55 * _S, "reported_back", 0, "地铁 3 号口", (3, 1)),
    ("拖欠装修款，业主与施工队争执", "dispute", 3, 52 * _M + 3 * _S, "handling", 1, "学府新村 31 号", (1, 4)),
    ("社区活动室空调外机脱落风险", "facility", 4, 11 * _M + 20 * _S, "reported", 0, "滨江社区活动室", (2, 4)),
    ("居民订单：代办老年证换发", "order", 4, 24 * _M, "accepted", 0, "学府社区服务站", (1, 2)),
    ("流浪犬在小区内逗留", "environment", 4, 41 * _M, "dispatched", 1, "滨江里西侧绿地", (2, 2)),
    ("居民反映路灯三盏不亮", "facility", 4, 66 * _M, "dispatched", 1, "滨江路 10 至 40 号", (2, 3)),
    ("信访件：停车收费标准咨询", "petition", 4, 95 * _M, "handed_over", 0, "街道办事处", (3, 4)),
    ("一键报警误触，已回拨核实", "alarm", 2, 48 * _M, "closed", 0, "望浦广场 2 号报警柱", (3, 1)),
    ("广场舞音响扰民", "environment", 4, 130 * _M, "closed", 0, "滨江公园", (2, 1)),
)  # fmt: skip


def incidents(now: int = NOW) -> list[Incident]:
    """The sample day, newest state; numbers in the order of the list."""
    return [_incident(number, now, story) for number, story in enumerate(_STORY, 1)]


def _incident(number: int, now: int, story: Story) -> Incident:
    title, kind, priority, age, status, units, address, grid = story
    opened = now - age
    later = status not in ("reported",)
    sent = status not in ("reported", "accepted")
    there = status in ("handling", "reported_back", "closed")
    return Incident(
        id=f"i{number:02d}",
        source_ids=(f"110:{number}",),
        incident_type=kind,
        priority=priority,
        title=title,
        opened_at=opened,
        address=address,
        grid=G(*grid),
        number=f"20261122-{number:03d}",
        status=status,
        units=tuple(f"p{n}" for n in range(1, units + 1)),
        accepted_at=opened + 20 * _S if later else None,
        dispatched_at=opened + 50 * _S if sent else None,
        arrived_at=opened + 5 * _M if there else None,
        closed_at=now - 10 * _M if status == "closed" else None,
    )


_ALARMS = (
    ("厨房烟感报警", "fire", 1, 35 * _S, "raised", "C004", (1, 4)),
    ("望浦广场人群密度超过阈值", "crowd", 2, 2 * _M + 8 * _S, "raised", "C001", (3, 1)),
    ("一键报警柱呼叫，无人应答", "alarm", 2, 3 * _M + 40 * _S, "raised", None, (2, 2)),
    ("河道围栏越界", "security", 3, 5 * _M + 12 * _S, "acknowledged", None, (2, 3)),
    ("地铁口摄像头遮挡", "facility", 4, 7 * _M, "acknowledged", "C002", (3, 1)),
    ("电动车进电梯", "fire", 3, 8 * _M + 30 * _S, "raised", None, (1, 5)),
    ("井盖位移传感器触发", "facility", 3, 9 * _M + 50 * _S, "raised", None, (1, 1)),
)


def alarms(now: int = NOW) -> list[Alarm]:
    """Live alarms, newest first."""
    return [
        Alarm(f"a{n}", "video", kind, priority, title, now - age, status, grid=G(*grid), camera=camera)
        for n, (title, kind, priority, age, status, camera, grid) in enumerate(_ALARMS, 1)
    ]
