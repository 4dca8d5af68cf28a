"""The key that signs id tokens, and the document that lets others check them (RFC 7515, RFC 7517)."""

import base64
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from simulator import exact_json

KEY_ID = "simulator-key-1"


class SigningKey:
    """Made when it is first needed, another one in every simulator."""

    @cached_property
    def _private(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def published(self) -> dict[str, Any]:
        numbers = self._private.public_key().public_numbers()
        key = {"n": _whole(numbers.n), "e": _whole(numbers.e)}
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, **key}]}

    def signed(self, claims: dict[str, Any]) -> str:
        """A token in three parts."""
        head = _json({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"})
        signed = f"{head}.{_json(claims)}"
        signature = self._private.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return f"{signed}.{_text(signature)}"


def _json(value: dict[str, Any]) -> str:
    return _text(exact_json.dumps(value).encode())


def _whole(number: int) -> str:
    return _text(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
