/** What the name of a file of any release says. */
export interface NameFacets {
  readonly os: 'linux' | 'darwin' | 'windows' | 'other' | null
  /** `universal`: for all that the system knows. */
  readonly arch: 'amd64' | 'arm64' | 'universal' | 'other' | null
  /** Of Linux: which C library, of Windows: which compiler's. */
  readonly abi: 'glibc' | 'musl' | 'msvc' | 'mingw' | null
  /** Whether the name begins with that of the repository. */
  readonly isNamedAfter: boolean
  /** Ending without the first dot, as `tar.gz`; '' where there is none that is known. */
  readonly format: string
  /** All words that are none of those: versions, flavours, distributions. */
  readonly extras: readonly string[]
  /** The words of the name, without those of the repository's. */
  readonly tokens: readonly string[]
}

type Os = NameFacets['os']
type Arch = NameFacets['arch']
type Abi = NameFacets['abi']

/** Endings of archives and of single packed files, and of programs that are one file. */
const format = /\.(tar\.(?:gz|xz|bz2|zst|lz4|br)|tgz|txz|tbz2?|tzst|tar|zip|7z|gz|xz|bz2|zst|exe|appimage|jar)$/

const systems = table<Exclude<Os, null>>(
  ['linux', 'linux linux64 linux32 ubuntu debian centos rhel fedora alpine manylinux musllinux appimage'],
  ['darwin', 'darwin macos mac osx apple macosx osx64 mac64'],
  ['windows', 'windows win win32 win64 mingw mingw32 mingw64 windows64 windows32 exe'],
  [
    'other',
    'android ios freebsd openbsd netbsd dragonfly solaris illumos sunos aix plan9 wasm wasi wasm32 haiku openeuler emscripten',
  ],
)
const architectures = table<Exclude<Arch, null>>(
  ['amd64', 'x64 amd64 win64 linux64 windows64 64bit osx64 mac64'],
  ['arm64', 'arm64 aarch64 armv8 arm64v8 silicon'],
  ['universal', 'universal universal2 all fat'],
  [
    'other',
    'arm armv5 armv6 armv6l armv6hf armv7 armv7l armv7a armv7hf armhf armel arm32 arm5 arm6 arm7 arm64ec x86 i386 i486 ' +
      'i586 i686 386 32bit ia32 win32 linux32 windows32 riscv64 riscv64gc s390 s390x ppc64 ppc64le ppcle powerpc64 ' +
      'powerpc64le powerpc loong64 loongarch64 mips mipsel mips64 mips64el mipsle mips64le sparc64 sparcv9 wasm32',
  ],
)
const abis = table<Exclude<Abi, null>>(
  ['glibc', 'gnu glibc'],
  ['musl', 'musl musllinux alpine'],
  ['msvc', 'msvc'],
  ['mingw', 'mingw mingw32 mingw64 gnullvm'],
)
/** Distributions: they name the system, and a file for one of them is not for all. */
const distributions: ReadonlySet<string> = new Set('ubuntu debian centos rhel fedora alpine'.split(' '))
/** Words that say nothing more than the others: part of the names of platforms, or what all files are. */
const silent: ReadonlySet<string> = new Set('unknown pc bin cpu release'.split(' '))
/** System and architecture, or system and its version, in one word. */
const compound =
  /^(linux|ubuntu|debian|darwin|macos|mac|osx|windows|win|freebsd)(?:(x64|amd64|arm64|aarch64|x86|i386|i686|386|armv7|armv6|arm|universal|64bit|32bit)|\d{1,4})$/

/** The end of a word that a system follows without a separator: `ToolLinux`, `ToolMacOS`. */
const grownTogether = /([a-z\d])(?=(?:Linux|Ubuntu|Windows|Win(?:32|64)|Mac(?:OS)?|Darwin)(?![a-z]))/g

/**
 * Reads a file name of any release: words between separators, upper and lower case alike. `repository` without its owner.
 */
export function readName(name: string, repository: string): NameFacets {
  const lower = name.slice(0, 300).replace(grownTogether, '$1-').toLowerCase()
  const ending = format.exec(lower)?.[1] ?? ''
  const stem = ending === '' ? lower : lower.slice(0, -ending.length - 1)
  const own = repository.toLowerCase()
  const isNamedAfter = own !== '' && stem.startsWith(own) && !/^[a-z\d]/.test(stem.slice(own.length))
  const tokens = split(isNamedAfter ? stem.slice(own.length) : stem)
  // Some endings tell the system.
  const all = ending === 'exe' || ending === 'appimage' ? [...tokens, ending] : tokens
  const abi = abis.get(all.find((token) => abis.has(token)) ?? '') ?? null
  const os = osOf(all) ?? (abi === 'musl' || abi === 'glibc' ? 'linux' : null)
  return {
    os,
    arch: archOf(all, os),
    abi: abi === 'glibc' && os === 'windows' ? 'mingw' : abi,
    isNamedAfter,
    format: ending,
    extras: tokens.filter((token) => !isPlatformWord(token)),
    tokens,
  }
}

/** `x86_64` and its like are one word, as are `x86_32` and `aarch_64`. */
function split(text: string): string[] {
  return text
    .replace(/x86[-_]64/g, 'x64')
    .replace(/x86[-_]32/g, 'x86')
    .replace(/aarch[-_]64/g, 'arm64')
    .split(/[^a-z\d]+/)
    .filter((token) => token !== '')
}

function osOf(tokens: readonly string[]): Os {
  const found = new Set(tokens.map((token) => systems.get(token) ?? systems.get(compound.exec(token)?.[1] ?? '')))
  if (found.has('other')) return 'other'
  found.delete(undefined)
  // Two systems in one name are as good as none.
  return found.size === 1 ? ([...found][0] ?? null) : null
}

function archOf(tokens: readonly string[], os: Os): Arch {
  const found = new Set(
    tokens.map((token) => architectures.get(token) ?? architectures.get(compound.exec(token)?.[2] ?? '')),
  )
  if (found.has('amd64') && found.has('arm64')) return 'universal'
  for (const arch of ['amd64', 'arm64', 'universal'] as const) if (found.has(arch)) return arch
  if (os === 'darwin' && tokens.includes('intel')) return 'amd64'
  return found.has('other') ? 'other' : null
}

function isPlatformWord(token: string): boolean {
  if (distributions.has(token)) return false
  const [, , machine] = compound.exec(token) ?? []
  return systems.has(token) || architectures.has(token) || abis.has(token) || silent.has(token) || machine !== undefined
}

function table<T>(...entries: ReadonlyArray<readonly [meaning: T, words: string]>): ReadonlyMap<string, T> {
  return new Map(entries.flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning] as const)))
}
