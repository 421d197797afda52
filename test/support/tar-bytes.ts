/** An entry of a hand-made tar file. What is not given is as a plain program would write it. */
export interface TarPart {
  readonly name?: string | Buffer
  readonly data?: string | Uint8Array
  /** One character: `0` file, `1` hard link, `2` link, `5` folder, `x`, `g`, `L`, `K` ... Default `0`. */
  readonly type?: string
  readonly target?: string | Buffer
  readonly mode?: number
  /** Says something else than the truth. */
  readonly size?: number | Buffer
  /** Of the POSIX format, in front of the name. */
  readonly prefix?: string
  /** Magic and version; default those of POSIX. */
  readonly magic?: string
  /** Does not come true. */
  readonly checksum?: number
}

const endOfTar: Buffer = Buffer.alloc(1024)

/** Builds a tar file block by block, wrong ones too, with its end. */
export function tarBytes(parts: readonly TarPart[], end: Buffer = endOfTar): Buffer {
  return Buffer.concat([...parts.map(partBytes), end])
}

/** An extended header with these records. */
export function paxPart(records: Readonly<Record<string, string>>, type = 'x'): TarPart {
  return { type, name: 'PaxHeader', data: Buffer.concat(Object.entries(records).map(paxRecord)) }
}

/** A header of GNU tar with a long name (`L`) or a long target (`K`). */
export function gnuPart(type: 'L' | 'K', text: string): TarPart {
  return { type, name: '././@LongLink', magic: gnuMagic, data: `${text}\0` }
}

/** `LENGTH KEY=VALUE\n`, the length counting itself. */
export function paxRecord([key, value]: readonly [string, string]): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

export const gnuMagic = 'ustar  \0'

function partBytes(part: TarPart): Buffer {
  const data = Buffer.from((part.data ?? '') as string)
  const header = Buffer.alloc(512)
  const put = (at: number, value: string | Buffer): void => {
    header.set(Buffer.from(value as string), at)
  }
  put(0, part.name ?? '')
  put(100, octal(part.mode ?? 0o644, 7))
  put(108, octal(0, 7))
  put(116, octal(0, 7))
  put(124, Buffer.isBuffer(part.size) ? part.size : octal(part.size ?? data.length, 11))
  put(136, octal(0, 11))
  put(156, part.type ?? '0')
  put(157, part.target ?? '')
  put(257, part.magic ?? 'ustar\x0000')
  put(345, part.prefix ?? '')
  put(148, ' '.repeat(8))
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(148, `${octal(part.checksum ?? sum, 6)}\0 `)
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)])
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}
