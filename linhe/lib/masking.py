"""Personal data shown by default: enough to recognise one's own, not enough to find a stranger."""

import re

_BUILDING = re.compile(r"\d+\s*(?:号楼|#楼|栋|幢|座)|[A-Za-z]\s*座")
_ROOM = re.compile(r"[\s,，-]*(?:\d+\s*单元.*|[0-9A-Za-z-]+\s*(?:室|户|房).*|\d+(?:-\d+)+)$")


def mask_phone(phone: str) -> str:
    """``13812345678`` -> ``138****5678``; a country code goes, a short number keeps its last two digits."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    shown = 2 if len(digits) > 4 else 0
    return "*" * (len(digits) - shown) + digits[len(digits) - shown :]


def mask_id_number(number: str) -> str:
    """First and last character only: ``110101199001011237`` -> ``1****************7``."""
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) > 2 else "*" * len(number)


def mask_name(name: str) -> str:
    """``王小明`` -> ``王**``, ``Mary Smith`` -> ``M** S**``: not even the length of a given name is shown."""
    return " ".join(f"{word[0]}**" for word in name.split())


def address_to_building(address: str) -> str:
    """Cut an address after its building: ``和平路5号院3号楼2单元501室`` -> ``和平路5号院3号楼``.

    Where no building is named, unit and room are cut from the end all the same.
    """
    buildings = list(_BUILDING.finditer(address))
    if buildings:
        return address[: buildings[-1].end()].strip()
    return _ROOM.sub("", address).strip()
