"""Small drawn pictures that stand for photos in told stories."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def photo(number: int) -> SimpleUploadedFile:
    """A parcel before a door, in colours that follow a number."""
    image = Image.new("RGB", (320, 240), (232, 226, 214))
    pen = ImageDraw.Draw(image)
    pen.rectangle((110, 20, 210, 220), fill=(120 + number % 60, 84, 62))
    pen.ellipse((192, 120, 200, 128), fill=(210, 190, 120))
    pen.rectangle((130, 170, 190, 220), fill=(196, 152 + number % 40, 96))
    pen.line((160, 170, 160, 220), fill=(150, 110, 70), width=4)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return SimpleUploadedFile("door.jpg", out.getvalue(), "image/jpeg")
