"""The operator, the days of logs and the hosts that calls ask, as the site's documents and security.txt say them.

The pages lie in frontend/ with placeholders. The deployment fills them in once; the local gateway each time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

NAME_PLACEHOLDER = "{{operator_name}}"
CONTACT_PLACEHOLDER = "{{operator_contact}}"
RETENTION_PLACEHOLDER = "{{log_retention_days}}"
SERVERS_PLACEHOLDER = "{{address_servers}}"

# Where an operator did not say who they are or how to be reached, by the language of the document.
UNKNOWN = {
    "en": ("the operator of this site, who has not given a name", "not given by the operator"),
    "ar": ("مشغّل هذا الموقع، ولم يذكر اسمه", "لم يذكرها المشغّل"),
    "de": ("der Betreiber dieser Seite, der keinen Namen angegeben hat", "vom Betreiber nicht angegeben"),
    "es": ("el responsable de este sitio, que no ha dado su nombre", "no indicado por el responsable"),
    "fr": ("l’exploitant de ce site, qui n’a pas donné de nom", "non indiqué par l’exploitant"),
    "hi": ("इस साइट के संचालक, जिन्होंने नाम नहीं बताया", "संचालक ने नहीं बताया"),
    "ja": ("このサイトの運営者（名前は公表されていません）", "運営者は公表していません"),
    "pt": ("o responsável por este site, que não informou um nome", "não informado pelo responsável"),
    "ru": ("владелец этого сайта, не назвавший себя", "владелец не указал"),
    "zh": ("本站运营者（未提供名称）", "运营者未提供"),
}
LANGUAGE = re.compile(r'<html lang="(\w+)"')

CARD = '<meta property="og:image" content='

SECURITY_PATH = "/.well-known/security.txt"
# RFC 9116 asks for an end of less than a year, so that nobody writes to an address that was forgotten.
SECURITY_VALID_DAYS = 330


@dataclass(frozen=True, slots=True)
class Imprint:
    """The operator's name and their e-mail address or page; empty when they did not say."""

    name: str = ""
    contact: str = ""
    log_retention_days: int = 14
    domain_name: str = ""
    stun_urls: tuple[str, ...] = ()

    @property
    def contact_url(self) -> str:
        """Where to write to them."""
        return f"mailto:{self.contact}" if "@" in self.contact else self.contact

    @property
    def address_servers(self) -> str:
        """The hosts that tell browsers their own address, in brackets; nothing where there are none."""
        hosts = ", ".join(dict.fromkeys(url.split(":")[1] for url in self.stun_urls))
        return f" ({hosts})" if hosts else ""


def from_environment(environment: Mapping[str, str]) -> Imprint:
    """Return what the local gateway was told."""
    stun_urls = tuple(filter(None, environment.get("STUN_URLS", "").split(",")))
    return Imprint(environment.get("OPERATOR_NAME", ""), environment.get("OPERATOR_CONTACT", ""), stun_urls=stun_urls)


def fill_in(page: str, imprint: Imprint) -> str:
    """Return a page with the operator in place of its placeholders."""
    language = LANGUAGE.search(page)
    no_name, no_contact = UNKNOWN[language[1] if language is not None else "en"]
    name = html.escape(imprint.name) or no_name
    contact = html.escape(imprint.contact)
    link = f'<a href="{html.escape(imprint.contact_url)}">{contact}</a>' if contact else no_contact
    filled = page.replace(NAME_PLACEHOLDER, name).replace(CONTACT_PLACEHOLDER, link)
    filled = filled.replace(SERVERS_PLACEHOLDER, html.escape(imprint.address_servers))
    return filled.replace(RETENTION_PLACEHOLDER, str(imprint.log_retention_days))


def address_card(page: str, imprint: Imprint) -> str:
    """Return a page whose card has an absolute address, as those who fetch cards want; only one's own name is known."""
    if not imprint.domain_name:
        return page
    return page.replace(f'{CARD}"/', f'{CARD}"https://{imprint.domain_name}/')


def security_txt(imprint: Imprint, today: datetime) -> str:
    """Return the site's security.txt (RFC 9116), or nothing where there is nobody to write to.

    It changes at most once a month, so that deploying an unchanged product changes nothing.
    """
    if not imprint.contact:
        return ""
    month = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    expires = month + timedelta(days=SECURITY_VALID_DAYS)
    return f"Contact: {imprint.contact_url}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: en\n"
