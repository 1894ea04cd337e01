"""A device that keeps one passkey, as a browser speaks for it: what it sends is signed for real."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

HERE = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Device:
    """`unlocks` is False for one that asked for no finger, face or PIN."""

    def __init__(self, *, host: str = "localhost", unlocks: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = b"passkey of the tests"
        self.host = hashlib.sha256(host.encode()).digest()
        self.flags = HERE if unlocks else AuthenticatorData.FLAG.UP
        self.owner = ""

    def make(self, options: dict[str, Any]) -> str:
        """What the page sends when a passkey was made by these options."""
        self.owner = options["publicKey"]["user"]["id"]
        public = AttestedCredentialData.create(
            Aaguid.NONE, self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        about = AuthenticatorData.create(self.host, self.flags | AuthenticatorData.FLAG.AT, 0, public)
        client = _client_data(CollectedClientData.TYPE.CREATE, options)
        made = AttestationObject.create("none", about, {})
        return self._credential(client, attestationObject=websafe_encode(bytes(made)))

    def use(self, options: dict[str, Any]) -> str:
        """What the page sends when the passkey was used by these options."""
        about = AuthenticatorData.create(self.host, self.flags, 1)
        client = _client_data(CollectedClientData.TYPE.GET, options)
        signature = self.key.sign(bytes(about) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            client,
            authenticatorData=websafe_encode(bytes(about)),
            signature=websafe_encode(signature),
            userHandle=self.owner,
        )

    def _credential(self, client: bytes, **response: str) -> str:
        name = websafe_encode(self.credential_id)
        sent = {"clientDataJSON": websafe_encode(client), **response}
        extensions = {"credProps": {"rk": True}}
        kept = {"id": name, "rawId": name, "type": "public-key", "response": sent}
        return json.dumps(kept | {"clientExtensionResults": extensions})


def _client_data(kind: str, options: dict[str, Any]) -> bytes:
    challenge = websafe_decode(options["publicKey"]["challenge"])
    return bytes(CollectedClientData.create(kind, challenge, "http://localhost:8000"))
