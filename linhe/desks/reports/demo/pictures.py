"""Small drawn pictures that stand for photos of hazards, one for each category, and of their result."""

from __future__ import annotations

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (480, 360)
KEPT = (320, 240)
WALL, GROUND, DARK, RUST, GREEN, WATER = "#d8cfbd", "#9a948a", "#3b4046", "#a4502f", "#5d7d4a", "#6f93a8"


def snapshot(category: str, number: int, *, done: bool = False) -> SimpleUploadedFile:
    """A scene of a category; ``done`` shows it put right."""
    return SimpleUploadedFile("scene.jpg", _scene(category, number % 3, done), "image/jpeg")


@cache
def _scene(category: str, variant: int, done: bool) -> bytes:
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 250, 480, 360), fill=GROUND)
    shift = 60 * variant
    if category in ("road", "house", "water"):
        pen.ellipse(
            (120 + shift, 275, 300 + shift, 335), fill=GROUND if done else WATER if category == "water" else DARK
        )
    elif category in ("wires", "fire"):
        pen.line((0, 60, 480, 60 if done else 120), fill=DARK, width=5)
        if not done:
            pen.line((100 + shift, 80, 140 + shift, 300), fill=RUST, width=5)
    elif category in ("lights", "lift", "facility", "water_machine"):
        pen.rectangle((200 + shift, 60, 280 + shift, 260), fill=DARK)
        pen.ellipse((215 + shift, 80, 265 + shift, 130), fill="#f2d675" if done else "#5a5f66")
    elif category == "tree":
        pen.rectangle((220, 120, 244, 280), fill=RUST)
        pen.ellipse((150, 30, 320, 160), fill=GREEN if done else "#9b8f5a")
    elif not done:
        for place in range(5):
            left = 90 + shift + 45 * place
            pen.rectangle((left, 215 - 12 * (place % 2), left + 38, 262), fill=(RUST, DARK, GREEN)[place % 3])
    out = io.BytesIO()
    image.resize(KEPT).save(out, "JPEG", quality=80)
    return out.getvalue()
