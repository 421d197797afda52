import { basename } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'
import { libcHint, tooOldLibc } from './check-library.ts'
import { hostLibc } from './host-libc.ts'

/** What to do about libraries that are often missing. */
const remedies: ReadonlyArray<readonly [name: RegExp, hint: string]> = [
  [/^libgomp\.so/, 'Install the OpenMP runtime: libgomp1 (Debian, Ubuntu), libgomp (Fedora, Alpine).'],
  [/^libvulkan\.so/, 'Install the Vulkan loader: libvulkan1 (Debian, Ubuntu), vulkan-loader (Fedora).'],
  [/^(libcuda\.so|nvcuda\.dll)/i, 'Install the NVIDIA driver, or take another variant.'],
  [/^(lib)?(ggml|llama)/i, 'It belongs beside the library: download the version again with --force, or take another.'],
  [/^(lib)?(cudart|cublas)/i, 'The CUDA runtime is missing beside the library: download the version again.'],
  [/^lib(amdhip64|hipblas|rocblas|hsa-runtime64)/, 'Install the ROCm runtime, or take another variant.'],
  [/^libstdc\+\+|^libgcc_s/, 'Install the C++ runtime: libstdc++6 and libgcc-s1 (Debian, Ubuntu).'],
  [/^(msvcp|vcruntime)/i, 'Install the Microsoft Visual C++ Redistributable.'],
]
const otherwise = 'Install what is missing, or take another variant.'

/** Of what a loader says, this much is looked at. */
const maxCharacters = 4096

/** The sentence and hint for a failed load. */
export interface Failure {
  readonly message: string
  readonly hint?: string
}

/** The texts of loaders (glibc, musl, dyld, Windows), by what they say; the first group is what is shown. */
const readings: ReadonlyArray<readonly [text: RegExp, read: (file: string, found: string) => Failure]> = [
  [
    /version `GLIBC_([\d.]{1,16})' not found/,
    (file, version) => ({ message: tooOldLibc(file, version, libc()), hint: libcHint }),
  ],
  [
    /version `((?:GLIBCXX|CXXABI|GCC)_[\d.]{1,16})' not found/,
    (file, version) => ({
      message: `${file} needs ${version}, and the C++ runtime of this machine is older.`,
      hint: libcHint,
    }),
  ],
  [/^(?:.*: )?([^\s:/]{1,200}): cannot open shared object file: No such file/s, missing],
  [/Error loading shared library ([^\s:]{1,200}): No such file/, missing],
  [/Library not loaded: (\S{1,300})/, (file, name) => missing(file, basename(name))],
  [/cannot open shared object file: (No such file)/, (file) => ({ message: `There is no file ${file}.` })],
  [
    /(?:undefined symbol: |symbol not found|Symbol not found: )[\s:]*([^\s,]{0,200})/,
    (file, symbol) => ({
      message: `${file} does not fit to the libraries beside it: ${symbol === '' ? 'a function' : symbol} is missing.`,
      hint: 'Its folder holds files of different versions; download the version again.',
    }),
  ],
  [
    /incompatible architecture|wrong ELF class|Cannot load '.*' DLL in|not a valid Win32 application/,
    (file) => ({ message: `${file} is built for another architecture than ${process.arch}.` }),
  ],
  [
    /invalid ELF header|file too short|not a mach-o|cannot read file data|slice is not valid/,
    (file) => ({ message: `${file} is no library, or is damaged.`, hint: 'Download the version again.' }),
  ],
  [
    /Permission denied|failed to map segment|Operation not permitted/,
    (file) => ({
      message: `This system does not let ${file} be loaded.`,
      hint: 'Its folder may be on a disk without the right to run programs (noexec), or a policy forbids it.',
    }),
  ],
]

/**
 * Says what a loader said, in one sentence. `absent` are the names that were found to be missing without the loader, which
 * tells only the first one, and on Windows none.
 */
export function loadFailure(error: unknown, path: string, absent: readonly string[] = []): Failure {
  const text = (error instanceof Error ? error.message : String(error)).slice(0, maxCharacters)
  const file = excerpt(basename(path), 100)
  for (const [pattern, read] of readings) {
    const match = pattern.exec(text)
    if (match === null) continue
    const failure = read(file, excerpt(match[1] ?? '', 200))
    const others = absent.map((name) => excerpt(name, 100)).filter((name) => !failure.message.includes(name))
    return read === missing && others.length > 0 ? missing(file, [match[1] ?? '', ...others].join(', ')) : failure
  }
  if (absent.length > 0) return missing(file, absent.map((name) => excerpt(name, 100)).join(', '))
  return { message: `${file} cannot be loaded: ${excerpt(text.replace(/^Failed to load shared library: /, ''), 300)}.` }
}

/** The failure as an error. */
export function notLoadable({ message, hint }: Failure, cause: unknown): SluiceError {
  return new SluiceError('not-loadable', message, hint === undefined ? { cause } : { hint, cause })
}

function missing(file: string, names: string): Failure {
  const hint = remedies.find(([name]) => names.split(', ').some((one) => name.test(one)))?.[1] ?? otherwise
  return { message: `${file} needs ${names}, which this machine does not have.`, hint }
}

function libc(): string | null {
  return hostLibc()?.version ?? null
}
