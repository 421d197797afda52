import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { gnuMagic, gnuPart, paxPart, paxRecord, tarBytes } from '../../../test/support/tar-bytes.ts'
import type { TarPart } from '../../../test/support/tar-bytes.ts'
import { unpackLab } from '../../../test/support/unpack-lab.ts'
import { u16, zipBytes } from '../../../test/support/zip-bytes.ts'
import type { ZipPart } from '../../../test/support/zip-bytes.ts'

const file = (name: string, data = 'x'): TarPart => ({ name, data })
const folder = (name: string): TarPart => ({ name, type: '5', mode: 0o755 })
const link = (name: string, target: string): TarPart => ({ name, target, type: '2', mode: 0o777 })
const hardLink = (name: string, target: string): TarPart => ({ name, target, type: '1' })
const up = '../'.repeat(12)
const long = 'e'.repeat(300)

/** `OUTSIDE` stands for a real folder with a file `canary`. Each lies behind a right library. */
const tars: ReadonlyArray<readonly [string, RegExp, TarPart[]]> = [
  ['a parent in front', /"\.\.\/evil".*leads elsewhere/, [file('../evil')]],
  ['a parent inside', /"a\/\.\.\/\.\.\/evil".*leads elsewhere/, [file('a/../../evil')]],
  ['a parent at the end', /leads elsewhere/, [file('a/..')]],
  ['a parent behind ./', /leads elsewhere/, [file('./../evil')]],
  ['a folder that is a parent', /"\.\.\/"/, [folder('../')]],
  ['the top as a file', /named as a folder/, [file('./')]],
  ['a dot inside', /leads elsewhere/, [file('a/./evil')]],
  ['an empty part', /leads elsewhere/, [file('a//evil')]],
  ['an absolute name', /canary".*is absolute/, [file('OUTSIDE/canary')]],
  ['an absolute name behind ./', /leads elsewhere/, [file('.//evil')]],
  ['a drive', /"C:\\evil\.txt".*backslash/, [file('C:\\evil.txt')]],
  ['a drive with a slash', /is absolute/, [file('C:/evil.txt')]],
  ['a UNC name', /backslash/, [file('\\\\host\\share\\evil')]],
  ['a device path', /backslash/, [file('\\\\?\\C:\\evil')]],
  ['backslashes', /"\.\.\\evil".*backslash/, [file('..\\evil')]],
  ['no name', /"".*is empty/, [file('')]],
  [
    'a link out, then a file through it',
    /"way\/evil".*behind the link "way"/,
    [link('way', 'OUTSIDE'), file('way/evil')],
  ],
  ['a file through a link, then the link', /"way"/, [file('way/evil'), link('way', 'OUTSIDE')]],
  ['a relative link out, then a file through it', /"way"/, [link('way', `${up}tmp`), file('way/evil')]],
  ['a link inside, then a file through it', /"s\/x"/, [folder('d'), link('s', 'd'), file('s/x')]],
  ['a link, then a file of its name', /"way" twice/, [link('way', 'OUTSIDE/canary'), file('way')]],
  ['a file, then a link of its name', /"way" twice/, [file('way'), link('way', 'OUTSIDE/canary')]],
  ['a link out alone', /"way".*absolute/, [link('way', 'OUTSIDE')]],
  ['a relative link out alone', /"way".*out of the archive/, [link('way', `${up}etc/passwd`)]],
  ['a link to a neighbour of the folder', /out of the archive/, [link('way', '../neighbour')]],
  ['a link out and back in', /out of the archive/, [link('way', '../into/lib.so')]],
  ['a link to the top', /leads to a folder/, [link('way', '.')]],
  ['a link to a folder', /leads to a folder/, [folder('d'), link('way', 'd')]],
  ['a link to a folder, by a dot', /leads to a folder/, [file('d/x'), link('d/way', '.')]],
  ['a link to nothing', /leads to nothing/, [link('way', 'nothing')]],
  ['a link to what differs in case', /leads to nothing/, [link('way', 'LIB.so')]],
  ['a link without a target', /is empty/, [link('way', '')]],
  ['a link to itself', /in a circle/, [link('way', 'way')]],
  ['links in a circle', /in a circle/, [link('one', 'other'), link('other', 'one')]],
  [
    'a chain of 41 links',
    /too many links/,
    Array.from({ length: 41 }, (_, i) => link(`l${i}`, i ? `l${i - 1}` : 'lib.so')),
  ],
  ['a link through a file', /goes through a file/, [link('way', 'lib.so/../lib.so')]],
  ['a link with a slash at its end', /goes through a file|nothing/, [link('way', 'lib.so/')]],
  [
    'a chain of links that each look harmless',
    /"a\/d".*through another link/,
    [folder('a'), folder('a/b'), file('a/b/x'), link('a/b/c', 'x'), link('a/d', 'b/c/../..')],
  ],
  [
    'a chain of links, and a file through it',
    /"e\/outside\/x".*behind the link "e"/,
    [folder('a/b'), link('a/b/c', '..'), link('a/d', 'b/c/../..'), link('e', 'a/d/..'), file('e/outside/x')],
  ],
  [
    'a chain of links out',
    /refused/,
    [folder('a/b'), link('a/b/c', '..'), link('a/d', 'b/c/../..'), link('e', 'a/d/..')],
  ],
  ['a link with control characters', /control/, [link('way', 'lib\x1b[31m.so')]],
  ['a link with a backslash', /backslash/, [link('way', '..\\evil')]],
  ['a hard link out', /"way".*hard link to "\.\.\/outside\/canary"/, [hardLink('way', '../outside/canary')]],
  ['an absolute hard link', /"way".*is absolute/, [hardLink('way', 'OUTSIDE/canary')]],
  ['an absolute hard link, then a file of its name', /"way"/, [hardLink('way', 'OUTSIDE/canary'), file('way')]],
  ['a hard link through a link', /no earlier file/, [link('s', 'OUTSIDE'), hardLink('way', 's/canary')]],
  ['a hard link to a link', /no earlier file/, [link('s', 'lib.so'), hardLink('way', 's')]],
  ['a hard link to a later file', /no earlier file/, [hardLink('way', 'later'), file('later')]],
  ['a hard link to itself', /no earlier file/, [hardLink('way', 'way')]],
  ['a hard link to a folder', /no earlier file/, [folder('d'), hardLink('way', 'd')]],
  ['a pipe', /"evil".*a pipe/, [{ name: 'evil', type: '6' }]],
  ['a character device', /"evil".*a device/, [{ name: 'evil', type: '3' }]],
  ['a block device', /"evil".*a device/, [{ name: 'evil', type: '4' }]],
  ['a contiguous file', /not taken/, [{ name: 'evil', type: '7', data: 'x' }]],
  ['a sparse file of GNU tar', /with holes/, [{ name: 'evil', type: 'S', data: 'x', magic: gnuMagic }]],
  [
    'a sparse file of PAX',
    /with holes/,
    [paxPart({ 'GNU.sparse.major': '1', 'GNU.sparse.name': '../x' }), file('evil')],
  ],
  ['an unknown type', /"evil".*not taken/, [{ name: 'evil', type: 'Z' }]],
  ['a list of names of old GNU tar', /not taken/, [{ name: 'evil', type: 'N', data: '../evil\0' }, file('a')]],
  ['a volume label', /not taken/, [{ name: 'evil', type: 'V' }]],
  ['a file twice', /"a" twice/, [file('a'), file('a')]],
  ['names that differ in case', /"A".*in the way of "a"/, [file('a'), file('A')]],
  ['folders that differ in case', /"B\/y".*in the way of "b"/, [file('b/x'), file('B/y')]],
  ['names that differ in composition', /in the way/, [file('\u00e9'), file('e\u0301')]],
  ['names that are one where ss is sharp s', /in the way/, [file('ss'), file('\u00df')]],
  ['a file, then a file below it', /"k\/x".*in the way of "k"/, [file('k'), file('k/x')]],
  ['a file below a name, then the name', /"k" twice|in the way/, [file('k/x'), file('k')]],
  ['a file, then a folder of its name', /"k"/, [file('k'), folder('k')]],
  ...['NUL', 'aux.so', 'com1', 'LPT\u00b9.dll', 'CONIN$', 'a/con.txt/b'].map(
    (name) => [`the device name ${name}`, /a device on some systems/, [file(name)]] as [string, RegExp, TarPart[]],
  ),
  ['a dot at the end', /"x\.".*dot or blank/, [file('x.')]],
  ['a blank at the end of a folder', /dot or blank/, [file('x /y')]],
  ['an alternate stream', /"lib:ads".*not every system/, [file('lib:ads')]],
  ['a wildcard', /not every system/, [file('x*')]],
  ['an escape sequence', /"evil\?\[31m".*control/, [file('evil\x1b[31m')]],
  ['a name that turns the direction', /control/, [file('evil\u202egpj.so')]],
  ['a name that is no UTF-8', /not UTF-8/, [{ name: Buffer.from([0x65, 0xff]) }]],
  ['a target that is no UTF-8', /not UTF-8/, [{ ...link('way', ''), target: Buffer.from([0x65, 0xff]) }]],
  ['a name of 300 bytes, by PAX', /"eee.*too long/, [paxPart({ path: long }), file('a')]],
  ['a name of 300 bytes, by GNU', /too long/, [gnuPart('L', long), file('a')]],
  ['a path of 1100 bytes', /too long/, [paxPart({ path: 'evil/'.repeat(220) }), file('a')]],
  ['33 folders', /folders deep/, [file('d/'.repeat(33) + 'x')]],
  ['another path by PAX', /"\.\.\/evil"/, [paxPart({ path: '../evil' }), file('a')]],
  ['another path by GNU', /"\.\.\/evil"/, [gnuPart('L', '../evil'), file('a')]],
  ['another target by PAX', /out of the archive/, [paxPart({ linkpath: `${up}etc/passwd` }), link('way', 'lib.so')]],
  ['another target by GNU', /is absolute/, [gnuPart('K', '/etc/passwd'), link('way', 'lib.so')]],
  ['a prefix that leads out', /"\.\.\/evil"/, [{ ...file('evil'), prefix: '..' }]],
  ['NUL in a path of PAX', /control/, [paxPart({ path: 'a\0/../../evil' }), file('a')]],
  ['NUL in a long name of GNU', /control/, [gnuPart('L', 'a\0/../../evil'), file('a')]],
  ['a path for all by PAX', /all others/, [paxPart({ path: 'evil' }, 'g'), file('a'), file('b')]],
  ['a size for all by PAX', /all others/, [paxPart({ size: '1' }, 'g'), file('a')]],
  [
    'a path twice in PAX',
    /damaged/,
    [
      {
        type: 'x',
        data: Buffer.concat(
          [
            ['path', 'a'],
            ['path', '../b'],
          ].map((r) => paxRecord([r[0]!, r[1]!])),
        ),
      },
      file('a'),
    ],
  ],
  ['two headers of PAX', /two headers/, [paxPart({ path: 'a' }), paxPart({ path: '../b' }), file('a')]],
  ['headers of PAX and GNU', /two headers/, [paxPart({ path: 'a' }), gnuPart('L', '../b'), file('a')]],
  ['a record of PAX with a negative length', /damaged/, [{ type: 'x', data: '-9 a=bcd\n' }, file('a')]],
  ['a record of PAX that is too long', /damaged/, [{ type: 'x', data: '99 path=a\n' }, file('a')]],
  ['a record of PAX without an end', /damaged/, [{ type: 'x', data: '9 path=ab' }, file('a')]],
  ['a header of PAX of 70 KiB', /too long a header/, [paxPart({ comment: 'x'.repeat(70 * 1024) }), file('a')]],
  ['a negative size in PAX', /does not tell its size/, [paxPart({ size: '-512' }), file('a')]],
  ['no number as size in PAX', /does not tell its size/, [paxPart({ size: '1e3' }), file('a')]],
  ['a size in PAX beyond all numbers', /does not tell its size/, [paxPart({ size: '9'.repeat(30) }), file('a')]],
  ['a negative size', /does not tell its size/, [{ ...file('a'), size: Buffer.alloc(12, 0xff) }]],
  [
    'a negative size of a header',
    /does not tell its size/,
    [{ type: 'x', name: 'p', size: Buffer.alloc(12, 0xff) }, file('a')],
  ],
  [
    'a size in a base of its own',
    /does not tell its size/,
    [{ ...file('a'), size: Buffer.from('\x81\0\0\0\0\0\0\0\0\0\0\x01', 'latin1') }],
  ],
  [
    'a size beyond all numbers',
    /does not tell its size/,
    [{ ...file('a'), size: Buffer.from('\x80\x7f\0\0\0\0\0\0\0\0\0\x01', 'latin1') }],
  ],
  ['no number as size', /does not tell its size/, [{ ...file('a'), size: Buffer.from('12 34zz', 'latin1') }]],
  [
    'a file above 8 GiB',
    /"a".*larger than 8\.00 GiB/,
    [
      {
        name: 'a',
        data: randomBytes(2_000_000),
        size: Buffer.from('\x80\0\0\0\0\0\0\x02\0\0\0\x01', 'latin1'),
      },
    ],
  ],
  ['a folder with content', /has content/, [{ ...folder('d'), data: 'x'.repeat(512) }]],
  ['a link with content', /has content/, [{ ...link('way', 'lib.so'), data: 'x' }]],
  ['a link with content by PAX', /has content/, [paxPart({ size: '512' }), link('way', 'lib.so'), file('evil')]],
  ['a file named as a folder', /named as a folder/, [file('d/')]],
  ['a link named as a folder', /named as a folder/, [link('d/', 'lib.so')]],
  ['a wrong checksum', /damaged/, [{ ...file('a'), checksum: 1 }]],
  ['a header of no known format', /no tar/, [{ ...file('a'), magic: 'evil' }]],
  ['a header in front of nothing', /middle of an entry/, [paxPart({ path: 'a' })]],
]

for (const [what, reason, parts] of tars) {
  test(`a tar is refused: ${what}`, async (t) => {
    const lab = unpackLab(t)
    const real = (text: string): string => text.replace('OUTSIDE', lab.outside)
    const placed = parts.map((part): TarPart => {
      const name = typeof part.name === 'string' ? real(part.name) : part.name
      const target = typeof part.target === 'string' ? real(part.target) : part.target
      return { ...part, ...(name !== undefined && { name }), ...(target !== undefined && { target }) }
    })
    await lab.refuses(gzipSync(tarBytes([{ ...file('lib.so'), mode: 0o755 }, ...placed])), reason)
  })
}

const good = tarBytes([file('a', 'first'), file('b', randomBytes(100_000).toString('hex'))])
const packed = gzipSync(good)
const wrongSum = Buffer.from(packed)
wrongSum[wrongSum.length - 6]! ^= 1

const streams: ReadonlyArray<readonly [string, RegExp, Buffer]> = [
  ['a cut tar.gz', /cut off/, packed.subarray(0, -1000)],
  ['a tar.gz without its last byte', /cut off/, packed.subarray(0, -1)],
  [
    'a tar.gz whose second member is cut',
    /cut off/,
    Buffer.concat([gzipSync(good.subarray(0, 512)), gzipSync(good.subarray(512)).subarray(0, 50)]),
  ],
  ['a tar.gz with a wrong checksum', /damaged/, wrongSum],
  ['a tar.gz with other bytes behind', /damaged/, Buffer.concat([packed, Buffer.from('and something else')])],
  ['a tar.gz with zeros behind', /follow the end/, Buffer.concat([packed, Buffer.alloc(512)])],
  ['a tar.zst that is cut', /cut off/, zstdCompressSync(good).subarray(0, -3)],
  [
    'a tar.zst with other bytes behind',
    /follow the end/,
    Buffer.concat([zstdCompressSync(good), Buffer.from('and else')]),
  ],
  ['a tar that is cut between entries', /cut off/, good.subarray(0, 1024)],
  ['a tar that is cut in an entry', /cut off/, good.subarray(0, 5000)],
  ['a tar without its second block of zeros', /cut off/, good.subarray(0, -512)],
  ['a tar with entries behind its end', /behind its end/, Buffer.concat([good, tarBytes([file('evil')])])],
  [
    'a tar with a block of zeros inside',
    /behind its end/,
    Buffer.concat([tarBytes([file('a')], Buffer.alloc(512)), tarBytes([file('evil')])]),
  ],
  ['two archives in one tar.gz', /behind its end/, Buffer.concat([packed, packed])],
  ['no tar in a gz', /no tar/, gzipSync('<html>'.repeat(200))],
  ['a tar.gz in a gz', /no tar/, gzipSync(gzipSync(randomBytes(5000)))],
  ['an xz', /xz are not supported/, Buffer.from('\xfd7zXZ\0etc', 'latin1')],
  ['a 7z', /7z are not supported/, Buffer.from('7z\xbc\xaf\x27\x1c etc', 'latin1')],
  ['a bz2', /bz2 are not supported/, Buffer.from('BZh91AY&SY')],
  ['something else', /no archive/, randomBytes(5000).fill(7, 0, 8)],
  ['nothing', /no archive/, Buffer.alloc(0)],
]

for (const [what, reason, bytes] of streams) {
  test(`an archive is refused: ${what}`, async (t) => {
    await unpackLab(t).refuses(bytes, reason)
  })
}

const mode = (bits: number): { attributes: number } => ({ attributes: (bits << 16) >>> 0 })
const zipLink = (name: string, target: string): ZipPart => ({ name, data: target, says: mode(0o120777) })

const zips: ReadonlyArray<readonly [string, RegExp, ZipPart[]]> = [
  ['a parent', /"\.\.\/evil".*leads elsewhere/, [{ name: '../evil' }]],
  ['backslashes of Unix', /backslash/, [{ name: '..\\evil' }]],
  ['backslashes of Windows', /leads elsewhere/, [{ name: '..\\evil', says: { host: 0 } }]],
  ['a UNC name of Windows', /absolute/, [{ name: '\\\\host\\evil', says: { host: 0 } }]],
  ['an absolute name', /absolute/, [{ name: '/etc/evil' }]],
  ['a device name', /device/, [{ name: 'AUX.dll' }]],
  ['an alternate stream', /not every system/, [{ name: 'lib:ads' }]],
  ['a blank at the end', /dot or blank/, [{ name: 'lib ' }]],
  ['a link out', /"way".*absolute/, [zipLink('way', '/etc')]],
  ['a relative link out', /"way".*out of the archive/, [zipLink('way', '../../outside/canary')]],
  ['a link out, then a file through it', /"way\/evil"/, [zipLink('way', '/tmp'), { name: 'way/evil' }]],
  ['a link to nothing', /leads to nothing/, [zipLink('way', 'nothing')]],
  ['a link whose target is too long', /"way".*too long/, [zipLink('way', 'x'.repeat(5000))]],
  ['a link whose target is no UTF-8', /not UTF-8/, [{ ...zipLink('way', ''), data: Buffer.from([0xff]) }]],
  ['a link whose target is damaged', /damaged/, [{ ...zipLink('way', 'lib.so'), says: { ...mode(0o120777), crc: 1 } }]],
  [
    'a link of a system without links',
    /link or something/,
    [{ ...zipLink('way', 'lib.so'), says: { ...mode(0o120777), host: 0 } }],
  ],
  ['a pipe', /link or something/, [{ name: 'evil', says: mode(0o010644) }]],
  ['a wrong checksum', /"a".*damaged/, [{ name: 'a', data: 'first', says: { crc: 1 } }]],
  ['encryption', /encrypted/, [{ name: 'a', data: 'x'.repeat(20), says: { flags: 1, size: 8 } }]],
  ['another name in the local header', /two different/, [{ name: 'a', local: { name: '../evil' } }]],
  ['a second name', /two names/, [{ name: 'a', says: { extra: Buffer.concat([u16(0x7075), u16(0)]) } }]],
  ['names that differ in case', /twice/, [{ name: 'a' }, { name: 'A' }]],
  ['folders that differ in case', /in the way/, [{ name: 'b/x' }, { name: 'B/y' }]],
]

for (const [what, reason, parts] of zips) {
  test(`a zip is refused: ${what}`, async (t) => {
    await unpackLab(t).refuses(zipBytes([{ name: 'lib.so', data: 'x' }, ...parts]), reason)
  })
}
