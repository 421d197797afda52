/** Endings of files that go with others, with what they are. */
const endings: ReadonlyArray<readonly [RegExp, string]> = [
  [/\.(?:asc|sig|sign|signature|minisig|gpg|pem|crt|cert|pub|sigstore|bundle)$/, 'is a signature'],
  [/\.(?:sigstore\.json|intoto\.jsonl|jsonl|att|attestation|provenance|provenance\.json)$/, 'is an attestation'],
  [
    /\.(?:md5|sha1|sha256|sha512|b3|blake3|digest|checksums?|(?:md5|sha1|sha256|sha512)sums?)(?:\.txt)?$/,
    'is a checksum',
  ],
  [/(?:^|[._-])(?:(?:md5|sha1|sha256|sha512)-?sums?|checksums?)(?:[._-]sha256)?(?:\.txt)?$/, 'is a list of checksums'],
  [/(?:\.|^|[_-])(?:sbom|spdx|cdx|cyclonedx)(?:\.(?:json|xml|txt))?$/, 'is a list of parts'],
  [
    /\.(?:deb|rpm|msi|msix|appx|dmg|pkg|apk|aab|ipa|snap|flatpak|nupkg|whl|gem|vsix|crx|xpi|pkg\.tar\.(?:zst|xz))$/,
    'is an installer or a package of a system',
  ],
  [
    /\.(?:txt|md|json|ya?ml|toml|html?|pdf|rb|nix|diff|patch|log|lock|zsync|blockmap|[1-8]|d\.ts)$/,
    'is a text that goes with the others',
  ],
  [/\.(?:sh|bash|zsh|fish|ps1|bat|cmd)$/, 'is a script'],
  [/\.(?:pdb|dsym|debug|dbg|symbols?)(?:\.(?:zip|gz|tar\.gz|tar\.xz))?$/, 'has symbols for debuggers'],
]
const words: ReadonlyMap<string, string> = new Map([
  ...['src', 'source', 'sources', 'vendor', 'vendored'].map((word) => [word, 'is source'] as const),
  ...['debug', 'dbg', 'debuginfo', 'debugsymbols', 'symbols', 'pdb', 'dsym', 'asan', 'msan', 'tsan'].map(
    (word) => [word, 'is for debugging'] as const,
  ),
  ...['sbom', 'ui', 'webui', 'xcframework', 'docs', 'doc', 'manpages', 'completions', 'headers'].map(
    (word) => [word, `is ${word}, no build of the program`] as const,
  ),
  ['cudart', 'is the CUDA runtime, which goes with a build'],
  ...['snapdragon', 'adreno', 'hexagon', 'openeuler', 'kleidiai'].map((word) => [word, `is made for ${word}`] as const),
])

/** Whether a file only says something of others: signature, attestation, checksum, list of parts. */
export function isSidecar(name: string): boolean {
  const lower = name.toLowerCase()
  return endings.slice(0, 5).some(([ending]) => ending.test(lower))
}

/**
 * Why a file is no build that could be unpacked and used; null where it may be one. `tokens` are the words of its name but
 * for those of the repository's.
 */
export function notABuild(name: string, tokens: readonly string[]): string | null {
  const lower = name.toLowerCase()
  const ending = endings.find(([pattern]) => pattern.test(lower))
  return ending?.[1] ?? tokens.map((token) => words.get(token)).find((reason) => reason !== undefined) ?? null
}
