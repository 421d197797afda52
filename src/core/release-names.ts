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

const systems = table<Exclude<Os, null>>({
  linux: 'linux linux64 linux32 ubuntu debian centos rhel fedora alpine manylinux musllinux appimage',
  darwin: 'darwin macos mac osx apple macosx osx64 mac64',
  windows: 'windows win win32 win64 mingw mingw32 mingw64 exe windows64 windows32',
  other: 'android ios freebsd openbsd netbsd dragonfly solaris illumos sunos aix plan9 wasm wasi wasm32 js haiku openeuler emscripten',
})
const architectures = table<Exclude<Arch, null>>({
  amd64: 'x64 amd64 win64 linux64 windows64 64bit osx64 mac64 intel',
  arm64: 'arm64 aarch64 armv8 arm64v8 silicon',
  universal: 'universal universal2 all fat',
  other:
    'arm armv5 armv6 armv6l armv6hf armv7 armv7l armv7a armv7hf armhf armel arm32 arm5 arm6 arm7 x86 i386 i486 i586 i686 386 32bit ia32 ' +
    'linux32 windows32 riscv64 riscv64gc s390x ppc64 ppc64le powerpc64 powerpc64le powerpc loong64 loongarch64 ' +
    'mips mipsel mips64 mips64el mipsle mips64le sparc64 sparcv9 wasm32 arm64ec',
})
const abis = table<Exclude<Abi, null>>({
  glibc: 'gnu glibc gnueabihf gnueabi',
  musl: 'musl musllinux alpine musleabihf musleabi',
  msvc: 'msvc',
  mingw: 'mingw mingw32 mingw64',
})
/** Words that say nothing more than the others: part of the names of platforms, or what all files are. */
const silent: ReadonlySet<string> = new Set('unknown pc bin cpu release static portable v'.split(' '))
/** System and architecture in one word. */
const compound =
  /^(linux|ubuntu|darwin|macos|mac|osx|windows|win|freebsd)(x64|amd64|arm64|aarch64|x86|i386|i686|386|armv7|armv6|arm|universal)$/

/** Reads a file name of any release: words between separators, upper and lower case alike. `repository`: without owner. */
export function readName(name: string, repository: string): NameFacets {
  const lower = name.slice(0, 300).toLowerCase()
  const ending = format.exec(lower)?.[1] ?? ''
  const stem = ending === '' ? lower : lower.slice(0, -ending.length - 1)
  const own = repository.toLowerCase()
  const isNamedAfter = own !== '' && stem.startsWith(own) && !/^[a-z\d]/.test(stem.slice(own.length))
  const rest = isNamedAfter ? stem.slice(own.length) : stem
  const tokens = split(rest)
  // Endings may tell the system, after the words of the name.
  const all = ending === 'exe' || ending === 'appimage' ? [...tokens, ending] : tokens
  const arch = archOf(all)
  const os = osOf(all)
  const abi = abiOf(all, os)
  return {
    os: os ?? (abi === 'musl' || abi === 'glibc' ? 'linux' : null),
    arch,
    abi,
    isNamedAfter,
    format: ending,
    extras: tokens.filter((token) => !isPlatformWord(token)),
    tokens,
  }
}
