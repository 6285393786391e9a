# SPDX-License-Identifier: Apache-2.0
"""The names of npm's settings (npm 11), to tell a slip of the pen in an `.npmrc`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .npmrc import Source

__all__ = ["KEYS", "unknown"]

KEYS = frozenset(
    """
    access all allow-directory allow-file allow-git allow-remote allow-same-version
    allow-scripts allow-scripts-pending allow-scripts-pin also audit audit-level auth-type
    before bin-links browser bypass-2fa ca cache cache-max cache-min cafile call cert cidr color
    commit-hooks cpu dangerously-allow-all-scripts depth description dev diff diff-dst-prefix
    diff-ignore-all-space diff-name-only diff-no-prefix diff-src-prefix diff-text diff-unified
    dry-run edgejs-cache editor engine-strict expect-result-count expect-results expires
    fetch-retries fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout
    force foreground-scripts format-package-lock fund git git-tag-version global global-style
    globalconfig heading https-proxy if-present ignore-scripts include include-attestations
    include-staged include-workspace-root init-author-email init-author-name init-author-url
    init-license init-module init-private init-type init-version init.author.email
    init.author.name init.author.url init.license init.module init.version install-links
    install-strategy json key legacy-bundling legacy-peer-deps libc link local-address location
    lockfile-version loglevel logs-dir logs-max long maxsockets message min-release-age
    min-release-age-exclude name node-gyp node-options node-version nodedir noproxy npm-version
    offline omit omit-lockfile-registry-resolved only optional orgs orgs-permission os otp
    pack-destination package package-lock package-lock-only packages packages-all
    packages-and-scopes-permission parseable prefer-dedupe prefer-offline prefer-online prefix
    preid production progress provenance provenance-file proxy python read-only rebuild-bundle
    registry replace-registry-host save save-bundle save-dev save-exact save-optional save-peer
    save-prefix save-prod sbom-format sbom-type scope scopes script-shell searchexclude
    searchlimit searchopts searchstaleness shell shrinkwrap sign-git-commit sign-git-tag
    strict-allow-scripts strict-peer-deps strict-ssl tag tag-version-prefix timing
    token-description umask unicode update-notifier usage user-agent userconfig version versions
    viewer which workspace workspaces workspaces-update yes
    """.split()  # noqa: SIM905 -- a list literal would take a line for each
)
_FOR_REGISTRIES = frozenset(
    ["_auth", "_authToken", "username", "_password", "email", "certfile", "keyfile", "always-auth"]
)
"""What is set for one host and path, or by the name of a scope."""


def unknown(sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
    """(kind of source, key) for each setting in a file that means nothing."""
    for source in sources:
        for key in source.values if source.path else ():
            base = key.rpartition(":")[2]
            if base not in KEYS and not (":" in key and base in _FOR_REGISTRIES):
                yield source.kind, key
