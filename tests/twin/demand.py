"""What of a world stands in files, and how busy it is, by the dice: forecasts, recorded contacts, head-counts."""

from twin.dice import Dice, Spec

QUARTER_S = 900


def in_files(dice: Dice, spec: Spec) -> dict[str, str]:
    """Let streams and head-counts of half an hour come from files, and be busier than planned; return the texts."""
    texts: dict[str, str] = {}
    spec |= dice.some(0.15, busyness=lambda: _busyness(dice))
    for queue in spec["queues"].values():
        queue |= dice.some(0.1, volume_factor=[0.5, 1.5])
    for number, stream in enumerate(spec["arrivals"]):
        stream |= dice.some(0.15, busyness=lambda: _busyness(dice), name=[f"stream {number}"])
        if dice.may(0.15):
            stream |= {"per_hour": [dice.choice((0, 30, 90)) for _ in range(2)], "every": "15m"}
        elif dice.may(0.15):
            texts[f"forecast{number}.csv"] = _forecast(dice)
            stream["file"] = f"forecast{number}.csv"
            stream.pop("per_hour")
        elif dice.may(0.15) and isinstance(stream["queue"], str):
            texts[f"recorded{number}.csv"] = _recorded(dice, stream)
            stream["replay"] = f"recorded{number}.csv"
            for key in ("channel", "queue", "per_hour", "volume_factor", "busyness", "labels"):
                stream.pop(key, None)
    for name, team in spec["teams"].items():
        if "head_count" in team and dice.may(0.3):
            texts[f"{name} heads.csv"] = _head_count(dice)
            team["head_count"] = {"file": f"{name} heads.csv"}
    return texts


def _busyness(dice: Dice) -> Spec:
    return {"sd": dice.choice((0, 0.2))} | dice.some(0.5, interval_sd=[0.3], every=["10m", "15m"])


def _forecast(dice: Dice) -> str:
    rows = [f"{at},{dice.choice((0, 5, 20))},{dice.choice((60, 120))}" for at in (0, QUARTER_S)]
    return "\n".join(["interval_start,volume,aht_s", *rows, ""])


def _head_count(dice: Dice) -> str:
    return "\n".join(["interval_start,agents", *(f"{n * 600},{dice.randint(0, 3)}" for n in range(3)), ""])


def _recorded(dice: Dice, stream: Spec) -> str:
    rows = ["contact_id,channel,queue,offered_at,patience_s,handle_time_s"]
    for number in range(dice.randint(1, 20)):
        at, patience = round(dice.uniform(0, 1799), 2), dice.choice(("", 20, 100))
        handled = dice.choice(("", 40, 150))
        rows.append(f"c{number},{stream['channel']},{stream['queue']},{at},{patience},{handled}")
    return "\n".join([*rows, ""])
