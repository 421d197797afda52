/** Headers of libraries for other systems, as small as they can be; nothing in them can be run. */

/** A 64-bit shared object of ELF with nothing in it; `machine` 183 is arm64, 62 x64. */
export function elfHeader(machine: number): Buffer {
  const bytes = Buffer.alloc(64 + 2 * 56 + 16 * 4 + 16)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(3, 16)
  bytes.writeUInt16LE(machine, 18)
  bytes.writeUInt32LE(1, 20)
  bytes.writeUInt32LE(64, 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(2, 56)
  segment(bytes, 64, 1, 0, bytes.length)
  segment(bytes, 120, 2, 176, 64)
  // DT_STRTAB, DT_NEEDED, DT_RUNPATH, DT_NULL; the names are behind them.
  ;[5n, 240n, 1n, 1n, 29n, 9n, 0n, 0n].forEach((value, index) => bytes.writeBigUInt64LE(value, 176 + 8 * index))
  bytes.write('\0libx.so\0/a:/b\0', 240, 'latin1')
  return bytes
}

function segment(bytes: Buffer, at: number, kind: number, offset: number, size: number): void {
  bytes.writeUInt32LE(kind, at)
  bytes.writeBigUInt64LE(BigInt(offset), at + 8)
  bytes.writeBigUInt64LE(BigInt(offset), at + 16)
  bytes.writeBigUInt64LE(BigInt(size), at + 32)
}

/** A 64-bit library of macOS: `cpu` 0x01000007 is x64, 0x0100000c arm64. */
export function machOLibrary(cpu: number): Buffer {
  const commands = [
    text(0x0d, 24, '@rpath/libllama.0.dylib'),
    text(0x0c, 24, '@rpath/libggml.0.dylib'),
    text(0x0c, 24, '/usr/lib/libSystem.B.dylib'),
    text(0x8000_0018, 24, '/usr/lib/libweak.dylib'),
    text(0x8000_001c, 12, '@loader_path'),
    numbers(0x32, [1, (13 << 16) | (3 << 8), 0, 0]),
  ]
  const header = Buffer.alloc(32)
  const body = Buffer.concat(commands)
  ;[0xfeed_facf, cpu, 0, 6, commands.length, body.length].forEach((value, index) =>
    header.writeUInt32LE(value, 4 * index),
  )
  return Buffer.concat([header, body])
}

/** A universal file of macOS with a part for each. */
export function universal(parts: ReadonlyArray<readonly [cpu: number, bytes: Buffer]>): Buffer {
  const head = Buffer.alloc(4096)
  head.writeUInt32BE(0xcafe_babe, 0)
  head.writeUInt32BE(parts.length, 4)
  let offset = head.length
  parts.forEach(([cpu, bytes], index) => {
    ;[cpu, 0, offset, bytes.length, 0].forEach((value, place) => head.writeUInt32BE(value, 8 + 20 * index + 4 * place))
    offset += bytes.length
  })
  return Buffer.concat([head, ...parts.map(([, bytes]) => bytes)])
}

function text(command: number, offset: number, value: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil((offset + value.length + 1) / 8) * 8)
  ;[command, bytes.length, offset].forEach((number, index) => bytes.writeUInt32LE(number, 4 * index))
  bytes.write(value, offset)
  return bytes
}

function numbers(command: number, values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 4 * values.length)
  ;[command, bytes.length, ...values].forEach((value, index) => bytes.writeUInt32LE(value, 4 * index))
  return bytes
}

/** A 64-bit DLL that imports others; `machine` 0x8664 is x64, 0xaa64 arm64. */
export function dll(machine: number, imports: readonly string[]): Buffer {
  const bytes = Buffer.alloc(1024)
  bytes.write('MZ', 0)
  bytes.writeUInt32LE(64, 60)
  bytes.write('PE\0\0', 64)
  bytes.writeUInt16LE(machine, 68)
  bytes.writeUInt16LE(1, 70)
  bytes.writeUInt16LE(240, 84)
  bytes.writeUInt16LE(0x2022, 86)
  bytes.writeUInt16LE(0x20b, 88)
  bytes.writeUInt32LE(16, 88 + 108)
  bytes.writeUInt32LE(0x1000, 88 + 120)
  // One section, at 0x1000 in memory and 512 in the file.
  ;[512, 0x1000, 512, 512].forEach((value, index) => bytes.writeUInt32LE(value, 328 + 8 + 4 * index))
  let name = 20 * (imports.length + 1)
  imports.forEach((one, index) => {
    bytes.writeUInt32LE(0x1000 + name, 512 + 20 * index + 12)
    bytes.write(one, 512 + name)
    name += one.length + 1
  })
  return bytes
}
