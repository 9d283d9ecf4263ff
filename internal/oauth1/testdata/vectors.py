#!/usr/bin/python3
"""Write vectors.json: requests signed by oauthlib, an independent implementation.

Run it with Debian's python3-oauthlib: /usr/bin/python3 vectors.py > vectors.json
"""
import base64
import hashlib
import json
import sys
from urllib.parse import quote_plus

from oauthlib.oauth1.rfc5849 import signature

SECRETS = ["secret", "s3cr&t +~%", "schlüssel"]
METHODS = ["HMAC-SHA1", "HMAC-SHA256"]


def sign(method, secret, verb, uri, pairs):
    params = signature.normalize_parameters([p for p in pairs])
    base = signature.signature_base_string(verb, signature.base_string_uri(uri), params)
    signer = {
        "HMAC-SHA1": signature.sign_hmac_sha1_with_client,
        "HMAC-SHA256": signature.sign_hmac_sha256_with_client,
    }[method]

    class Client:
        client_secret = secret
        resource_owner_secret = ""

    return base, signer(base, Client)


def form(pairs):
    return "&".join(quote_plus(n) + "=" + quote_plus(v) for n, v in pairs)


def protocol(method, number):
    return [
        ("oauth_consumer_key", "key.%d" % number),
        ("oauth_nonce", "nonce-%04d" % number),
        ("oauth_signature_method", method),
        ("oauth_timestamp", str(1700000000 + number)),
        ("oauth_version", "1.0"),
    ]


def in_form(name, url, query, body, number, method="HMAC-SHA1", secret="secret"):
    oauth = protocol(method, number) + [("oauth_callback", "about:blank")]
    base, sig = sign(method, secret, "POST", url, query + body + oauth)
    full = url + ("?" + form(query) if query else "")
    return {
        "name": name, "secret": secret, "verb": "POST", "url": full,
        "content_type": "application/x-www-form-urlencoded",
        "authorization": "", "body": form(body + oauth + [("oauth_signature", sig)]),
        "at": 1700000000 + number, "base": base, "params": len(query + body + oauth),
    }


def in_header(name, verb, url, query, body, number, method="HMAC-SHA1", secret="secret"):
    algorithm = hashlib.sha256 if method == "HMAC-SHA256" else hashlib.sha1
    digest = base64.b64encode(algorithm(body.encode()).digest()).decode()
    oauth = protocol(method, number) + [("oauth_body_hash", digest)]
    base, sig = sign(method, secret, verb, url, query + oauth)
    header = ", ".join(
        '%s="%s"' % (signature.utils.escape(n), signature.utils.escape(v))
        for n, v in oauth + [("oauth_signature", sig)])
    return {
        "name": name, "secret": secret, "verb": verb, "url": url + ("?" + form(query) if query else ""),
        "content_type": "application/xml" if body else "",
        "authorization": 'OAuth realm="", ' + header, "body": body,
        "at": 1700000000 + number, "base": base, "params": len(query + oauth),
    }


FORMS = [
    ("plain", "https://tool.example.org/launch", [], [("user_id", "42")]),
    ("no path", "https://tool.example.org", [], [("user_id", "42")]),
    ("root path", "https://tool.example.org/", [], [("user_id", "42")]),
    ("capitals", "HTTPS://Tool.Example.ORG/Launch", [], [("A", "B"), ("a", "b")]),
    ("port 80", "http://tool.example.org:80/launch", [], [("a", "b")]),
    ("port 443", "https://tool.example.org:443/launch", [], [("a", "b")]),
    ("port 443 over http", "http://tool.example.org:443/launch", [], [("a", "b")]),
    ("port 8080", "http://tool.example.org:8080/launch", [], [("a", "b")]),
    ("escaped path", "https://tool.example.org/a%20b/%C3%A9/x%2Fy", [], [("a", "b")]),
    ("marks in the path", "https://tool.example.org/a(b)!*'/~x;y=1", [], [("a", "b")]),
    ("blanks", "https://tool.example.org/l", [("q", "a b")], [("x y", " padded ")]),
    ("plus signs", "https://tool.example.org/l", [("q", "1+1")], [("mail", "a+b@x.example")]),
    ("percent signs", "https://tool.example.org/l", [("q", "%20")], [("p", "100%"), ("d", "%2520")]),
    ("marks", "https://tool.example.org/l", [], [("m", "~*!'()-._;:@/?#[]$,\\\"<>^`{|}")]),
    ("accents", "https://tool.example.org/l", [("né", "é")], [("name", "Zoë Ångström")]),
    ("emoji", "https://tool.example.org/l", [], [("e", "🙂👩‍🚀")]),
    ("right to left", "https://tool.example.org/l", [], [("n", "שלום مرحبا")]),
    ("line breaks", "https://tool.example.org/l", [], [("d", "a\r\nb\nc\rd\te")]),
    ("empty values", "https://tool.example.org/l", [("q", "")], [("a", ""), ("b", "")]),
    ("equal pairs", "https://tool.example.org/l", [("a", "1"), ("a", "1")], [("b", "2"), ("b", "2")]),
    ("repeated names", "https://tool.example.org/l", [("a", "2"), ("a", "1")], [("a", "3"), ("a", "")]),
    ("name order", "https://tool.example.org/l", [], [("key2", "a"), ("key", "b"), ("key-1", "c"), ("Key", "d"), ("key%", "e")]),
    ("value order", "https://tool.example.org/l", [], [("a", "~"), ("a", "é"), ("a", "A"), ("a", "1"), ("a", " ")]),
    ("nested query", "https://tool.example.org/l", [("u", "https://x.example/?a=b&c=d")], [("r", "a=b&c")]),
    ("JSON", "https://tool.example.org/l", [], [("lis_result_sourcedid", '{"data":{"instanceid":"7"},"hash":"0f"}')]),
]

XML = '<?xml version="1.0" encoding="UTF-8"?>\n<x>é&amp;</x>\n'
BODIES = [
    ("XML", "POST", "https://lms.example.org/service", [], XML),
    ("XML with a query", "POST", "http://lms.example.org:8080/service", [("id", "7"), ("x y", "+")], XML),
    ("empty GET", "GET", "https://lms.example.org/roster", [], ""),
    ("GET with a query", "GET", "https://lms.example.org/roster", [("page", "2"), ("page", ""), ("é", "~*")], ""),
    ("DELETE", "DELETE", "https://lms.example.org/result/7", [], ""),
    ("one byte", "PUT", "https://lms.example.org/result/7", [], "x"),
]


def main():
    cases, number = [], 0
    for method in METHODS:
        for name, url, query, body in FORMS:
            number += 1
            cases.append(in_form("%s, %s" % (name, method), url, query, body, number, method, SECRETS[number % 3]))
        for name, verb, url, query, body in BODIES:
            number += 1
            cases.append(in_header("%s, %s" % (name, method), verb, url, query, body, number, method, SECRETS[number % 3]))
    json.dump(cases, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
