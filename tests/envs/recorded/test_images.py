"""Frames: checked by their headers, decoded as TensorFlow decodes them."""
import struct

import cv2
import numpy as np
import pytest
import tensorflow as tf

from envs.recorded import encoded
from envs.recorded.images import check_image, decode, encode
from utils.foreign.files import ContentError

SHAPE = (16, 24, 3)
IMAGE = cv2.GaussianBlur(np.random.default_rng(0).integers(256, size=SHAPE, dtype=np.uint8), (5, 5), 0)
GREY = IMAGE[..., 0]


def stored(image, ending):
    return cv2.imencode(ending, image)[1].tobytes()


def decoded(data):
    out = np.zeros(SHAPE, np.uint8)
    decode(data, out)
    return out


def test_a_png_is_the_image_it_was_made_of():
    np.testing.assert_array_equal(decoded(encode(IMAGE, 'png')), IMAGE)


def test_a_jpeg_is_decoded_as_by_tensorflow():
    data = encode(IMAGE, 'jpeg')
    expected = tf.io.decode_jpeg(data, dct_method='INTEGER_ACCURATE').numpy()
    assert np.abs(decoded(data).astype(int) - expected).max() <= 1
    assert np.abs(decoded(data).astype(int) - IMAGE[..., ::-1]).mean() > 5


@pytest.mark.parametrize('encoding', ['jpeg', 'png'])
def test_an_older_opencv_decodes_the_same_pixels(monkeypatch, encoding):
    data = encode(IMAGE, encoding)
    expected = decoded(data)
    monkeypatch.setattr(encoded, '_DECODES_RGB', False)
    np.testing.assert_array_equal(decoded(data), expected)


@pytest.mark.parametrize('encoding', ['jpeg', 'png'])
def test_the_encoding_is_found(encoding):
    data = memoryview(encode(IMAGE, encoding))
    assert check_image(data, SHAPE, '') == check_image(data, SHAPE, encoding) == encoding


def test_a_jpeg_of_tensorflow_is_accepted():
    for progressive in (True, False):
        data = tf.io.encode_jpeg(IMAGE, progressive=progressive, optimize_size=True).numpy()
        assert check_image(data, SHAPE, 'jpeg') == 'jpeg'
    assert check_image(tf.io.encode_png(IMAGE).numpy(), SHAPE, 'png') == 'png'


def huge_png():
    data = bytearray(encode(IMAGE, 'png'))
    data[16:24] = struct.pack('>II', 2 ** 31 - 1, 2 ** 31 - 1)
    return bytes(data)


@pytest.mark.parametrize('data, encoding, expected', [
    (b'', '', "expected a JPEG or PNG, got b''"), (b'GIF89a', '', "expected a JPEG or PNG, got b'GIF89a'"),
    (encode(IMAGE, 'png'), 'jpeg', 'expected the encoding jpeg, as in other frames, got png'),
    (encode(IMAGE[:8], 'jpeg'), '', r'expected an image of \[16, 24, 3\] bytes, got \[8, 24, 3\]'),
    (encode(IMAGE[:8], 'png'), '', r'expected an image of \[16, 24, 3\] bytes, got \[8, 24, 3\]'),
    (huge_png(), '', r'got \[2147483647, 2147483647, 3\]'),
    (stored(GREY, '.jpg'), '', r'got \[16, 24, 1\]'),
    (stored(GREY, '.png'), '', 'expected a PNG of 3 channels of 8 bits'),
    (stored(IMAGE.astype(np.uint16), '.png'), '', 'expected a PNG of 3 channels of 8 bits'),
    (encode(IMAGE, 'jpeg')[:-2], '', 'expected a whole JPEG, got one without an end'),
    (encode(IMAGE, 'png')[:-2], '', 'expected a whole PNG, got one without an end'),
    (b'\xff\xd8\xff', '', 'expected a JPEG, got one without a header'),
    (b'\xff\xd8\xff\xe0\xff\xff' + bytes(20), '', 'expected a JPEG, got one without a header'),
    (encode(IMAGE, 'png')[:20], '', 'expected a PNG, got one without a header')])
def test_other_images_are_refused(data, encoding, expected):
    with pytest.raises(ContentError, match=expected):
        check_image(memoryview(data), SHAPE, encoding)


def test_a_damaged_image_is_refused():
    data = bytearray(encode(IMAGE, 'png'))
    data[40:200] = bytes(160)
    check_image(data, SHAPE, 'png')
    with pytest.raises(ContentError, match='cannot be decoded'):
        decoded(bytes(data))


def test_the_orientation_of_a_camera_app_is_not_applied():
    exif = b'Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\3\0\0\0\0\0\0'      # turned by 180 degrees
    data = encode(IMAGE, 'jpeg')
    turned = data[:2] + b'\xff\xe1' + struct.pack('>H', len(exif) + 2) + exif + data[2:]
    assert np.array_equal(cv2.imdecode(np.frombuffer(turned, np.uint8), cv2.IMREAD_COLOR)[..., ::-1],
                          decoded(data)[::-1, ::-1])        # the note is valid: OpenCV obeys by default
    check_image(turned, SHAPE, 'jpeg')
    np.testing.assert_array_equal(decoded(turned), decoded(data))
