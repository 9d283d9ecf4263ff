"""Signs and verifies with oauthlib; see README.md."""

import base64
import hashlib
import json
import sys
from urllib.parse import parse_qsl, urlencode

from oauthlib import oauth1

FORM = "application/x-www-form-urlencoded"
XML = "application/xml"


class Validator(oauth1.RequestValidator):
    """Knows the one key, and takes each nonce once."""

    enforce_ssl = False
    client_key_length = (1, 255)
    nonce_length = (1, 255)
    safe_characters = frozenset(map(chr, range(0x21, 0x7F)))
    dummy_client = "nobody"

    def __init__(self, key, secret):
        super().__init__()
        self.key, self.secret = key, secret

    def validate_client_key(self, client_key, request):
        return client_key == self.key

    def get_client_secret(self, client_key, request):
        return self.secret

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, **tokens):
        return True


def client(ask, kind):
    return oauth1.Client(
        ask["key"], client_secret=ask["secret"], signature_method=ask["method"], signature_type=kind,
        callback_uri="about:blank" if kind == oauth1.SIGNATURE_TYPE_BODY else None,
    )


def sign_form(ask):
    signer = client(ask, oauth1.SIGNATURE_TYPE_BODY)
    _, _, body = signer.sign(ask["url"], "POST", urlencode(ask["params"]), {"Content-Type": FORM})
    return {"params": dict(parse_qsl(body, keep_blank_values=True))}


def sign_body(ask):
    signer = client(ask, oauth1.SIGNATURE_TYPE_AUTH_HEADER)
    _, headers, _ = signer.sign(ask["url"], "POST", ask["body"], {"Content-Type": XML})
    return {"authorization": headers["Authorization"]}


def sign_get(ask):
    signer = client(ask, oauth1.SIGNATURE_TYPE_AUTH_HEADER)
    _, headers, _ = signer.sign(ask["url"], "GET")
    return {"authorization": headers["Authorization"]}


def verify(ask, body, headers):
    endpoint = oauth1.SignatureOnlyEndpoint(Validator(ask["key"], ask["secret"]))
    valid, request = endpoint.validate_request(ask["url"], "POST", body, headers)
    return valid and request.signature_method == ask["method"], request


def verify_form(ask):
    valid, _ = verify(ask, urlencode(ask["params"]), {"Content-Type": FORM})
    return {"valid": valid}


def verify_body(ask):
    """The library leaves the body hash to its caller."""
    valid, request = verify(ask, ask["body"], {"Content-Type": XML, "Authorization": ask["authorization"]})
    digest = hashlib.sha256 if ask["method"] == "HMAC-SHA256" else hashlib.sha1
    expected = base64.b64encode(digest(ask["body"].encode()).digest()).decode()
    given = dict(request.oauth_params).get("oauth_body_hash") if request else None
    return {"valid": bool(valid) and given == expected}


asked = json.load(sys.stdin)
answer = {
    "sign_form": sign_form, "sign_body": sign_body, "sign_get": sign_get,
    "verify_form": verify_form, "verify_body": verify_body,
}
json.dump(answer[asked["do"]](asked), sys.stdout)
