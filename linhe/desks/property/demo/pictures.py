"""Small drawn pictures that stand for photos in told stories."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def photo(number: int) -> SimpleUploadedFile:
    """A stamped sheet of paper, in shades that follow a number."""
    image = Image.new("RGB", (320, 240), (214 + number % 20, 206, 190))
    pen = ImageDraw.Draw(image)
    pen.rectangle((70, 15, 250, 230), fill=(252, 250, 244), outline=(170, 160, 140))
    pen.rectangle((110, 30, 210, 42), fill=(60, 66, 64))
    for row in range(7):
        pen.line((90, 65 + 18 * row, 230 - (number * 7 + row * 13) % 40, 65 + 18 * row), fill=(140, 140, 136), width=3)
    pen.ellipse((180, 170, 232, 222), outline=(190, 60, 40), width=4)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return SimpleUploadedFile("sheet.jpg", out.getvalue(), "image/jpeg")
