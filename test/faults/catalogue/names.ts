import { join } from 'node:path'
import { redirectTo, withHeaders } from '../answer.ts'
import type { Fault, FaultGroup } from '../fault.ts'
import { KiB, MiB, simple } from '../lab.ts'
import { always } from './lies.ts'

const size = 20 * KiB

/** The server proposes a name with Content-Disposition; the value is Latin-1 bytes on the wire. */
function proposed(name: string, why: string, value: string, expected: string | RegExp): Fault {
  return {
    name,
    why,
    needs: ['names'],
    setup: (lab) =>
      simple(
        lab,
        always((correct) => withHeaders(correct, { 'Content-Disposition': value })),
        { exit: [0], size, name: expected, path: '/from-url.bin' },
      ),
  }
}

/** The address decides. */
function addressed(name: string, why: string, path: string, expected: string | RegExp): Fault {
  return { name, why, needs: ['names'], setup: (lab) => simple(lab, {}, { exit: [0], size, name: expected, path }) }
}

const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
/** One name of this folder that no system misreads. */
const harmless = /^(?!\.)[^/\\:*?"<>|\p{Cc}\u202a-\u202e\u2066-\u2069]+$/u

export const names: FaultGroup = {
  group: 'names',
  faults: [
    proposed('proposed-plain', 'RFC 6266', 'attachment; filename="report.pdf"', 'report.pdf'),
    proposed(
      'proposed-extended-wins',
      'RFC 6266 4.3',
      'attachment; filename="plain.bin"; filename*=UTF-8\'\'na%C3%AFve.bin',
      'naïve.bin',
    ),
    proposed(
      'climbs-out',
      'reliability C: path traversal',
      'attachment; filename="../../../climbed.bin"',
      'climbed.bin',
    ),
    proposed(
      'climbs-out-extended',
      'reliability C: path traversal',
      "attachment; filename*=UTF-8''..%2F..%2Fclimbed.bin",
      'climbed.bin',
    ),
    proposed(
      'climbs-out-backslash',
      'reliability C: path traversal',
      'attachment; filename="..\\\\..\\\\climbed.bin"',
      /^(?!\.\.)[^/\\]*climbed\.bin$/,
    ),
    proposed('absolute', 'reliability C: path traversal', 'attachment; filename="/tmp/absolute.bin"', 'absolute.bin'),
    proposed(
      'absolute-windows',
      'reliability C: path traversal',
      'attachment; filename="C:\\\\Windows\\\\drive.bin"',
      /^[^/\\:]*drive\.bin$/,
    ),
    proposed('only-dots', 'reliability C', 'attachment; filename=".."', harmless),
    proposed('empty', 'contract: Names', 'attachment; filename=""', 'from-url.bin'),
    proposed('hidden-file', 'contract: leading dots become _', 'attachment; filename=".bashrc"', '_bashrc'),
    proposed('staging-folder', 'contract: leading dots become _', 'attachment; filename=".staging"', '_staging'),
    proposed('reserved-on-windows', 'section D: Windows reserved names', 'attachment; filename="con.txt"', '_con.txt'),
    proposed(
      'reserved-with-digits',
      'section D: Windows reserved names',
      'attachment; filename="LPT1.tar.gz"',
      '_LPT1.tar.gz',
    ),
    proposed(
      'trailing-dots',
      'section D: trailing dots and spaces',
      'attachment; filename="name.bin. . "',
      /^name\.bin/,
    ),
    proposed(
      'right-to-left',
      'section D: Bidi',
      `attachment; filename="${utf8('invoice\u202efdp.exe')}"`,
      /^invoice_?fdp\.exe$/,
    ),
    proposed(
      'controls',
      'reliability C: terminal escape',
      "attachment; filename*=UTF-8''a%1B%5B31mred%00%0Ab.bin",
      harmless,
    ),
    proposed('quotes-and-pairs', 'RFC 9110 5.6.4', 'attachment; filename="a\\"b\\\\c.bin"', harmless),
    proposed(
      'utf8-bytes',
      'section D: raw bytes tried as strict UTF-8',
      `attachment; filename="${utf8('данные.bin')}"`,
      'данные.bin',
    ),
    proposed('latin1-bytes', 'section D: then Latin-1', 'attachment; filename="caf\u00e9.bin"', harmless),
    proposed(
      'rfc-2047-words',
      'section D: RFC 2047 decoded',
      'attachment; filename="=?UTF-8?B?bmHDr3ZlLmJpbg==?="',
      'naïve.bin',
    ),
    proposed(
      'separators-of-windows',
      'section D: replace <>:"/\\|?*',
      'attachment; filename="a<b>c|d?e*f.bin"',
      harmless,
    ),
    proposed(
      'very-long',
      'section D: 255 bytes with the partial suffix',
      `attachment; filename="${'n'.repeat(600)}.tar.gz"`,
      /^n{100,243}\.tar\.gz$/,
    ),
    proposed(
      'very-long-emoji',
      'section D: cut on a grapheme border',
      `attachment; filename*=UTF-8''${'%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB'.repeat(60)}.bin`,
      /^(👩‍💻)+\.bin$/u,
    ),
    proposed('device-file', 'reliability C', 'attachment; filename="/dev/null"', harmless),
    addressed('address-percent-coded', 'section D: last path segment', '/a%20b%C3%A9.bin', 'a bé.bin'),
    addressed('address-hides-a-slash', 'reliability C: path traversal', '/dir/..%2f..%2fevil.bin', harmless),
    addressed('address-hides-dots', 'reliability C: path traversal', '/dir/%2e%2e', harmless),
    addressed('address-bad-percent', 'WHATWG URL', '/100%25%ZZ%E4.bin', harmless),
    addressed('address-without-name', 'issue 2: else host', '/', harmless),
    addressed('address-with-query', 'section D', '/file.bin?name=other.bin&x=/../y', 'file.bin'),
    {
      name: 'name-of-the-original-address',
      why: 'section D: last path segment of the original URL',
      needs: ['names'],
      setup: (lab) =>
        simple(
          lab,
          {
            answer: (request, correct) =>
              request.path === '/model.gguf' ? redirectTo('/blobs/0a1b2c?sig=1') : correct,
          },
          {
            exit: [0],
            size,
            path: '/model.gguf',
            name: 'model.gguf',
          },
        ),
    },
    {
      name: 'target-exists-rename',
      why: 'section D: Target name exists; never clobber',
      needs: ['if-exists'],
      async setup(lab) {
        lab.sandbox.plant('file.bin', 'the old one')
        return simple(lab, {}, { exit: [0], size, name: 'file (1).bin' })
      },
    },
    {
      name: 'target-exists-fail',
      why: 'contract: exit 8',
      needs: ['if-exists'],
      async setup(lab) {
        lab.sandbox.plant('file.bin', 'the old one')
        return simple(lab, {}, { exit: [8], size, ask: { ifExists: 'fail' } })
      },
    },
    {
      name: 'target-exists-fail-under-a-proposed-name',
      why: 'contract: exit 8; reliability A1 curl -J never overwrites',
      needs: ['if-exists', 'names'],
      async setup(lab) {
        lab.sandbox.plant('proposed.bin', 'the old one')
        const scenario = always((correct) =>
          withHeaders(correct, { 'Content-Disposition': 'attachment; filename=proposed.bin' }),
        )
        return simple(lab, scenario, { exit: [8], size, ask: { ifExists: 'fail' } })
      },
    },
    {
      name: 'target-is-a-dangling-link',
      why: 'reliability C: symbolic links',
      needs: ['if-exists'],
      async setup(lab) {
        lab.sandbox.plantLink('file.bin', join(lab.sandbox.root, 'created-through-link'))
        return simple(lab, {}, { exit: [0, 6, 8], size })
      },
    },
    {
      name: 'part-is-a-link-to-elsewhere',
      why: 'reliability C: symbolic links',
      needs: ['if-exists'],
      async setup(lab) {
        lab.sandbox.plantLink('file.bin.part', join(lab.sandbox.root, 'canary'))
        return simple(lab, {}, { exit: [0, 1, 6], size: 9 * MiB })
      },
    },
    {
      name: 'part-of-someone-else',
      why: 'section D: never mix; reliability B: corrupt partial on disk',
      needs: ['if-exists'],
      async setup(lab) {
        lab.sandbox.litter('file.bin.part', Buffer.alloc(9 * MiB, 'z'))
        return simple(lab, {}, { exit: [0, 1, 6], size: 9 * MiB })
      },
    },
    {
      name: 'target-appears-meanwhile',
      why: 'section D: race in all GUIs; never clobber',
      needs: ['if-exists'],
      setup: (lab) =>
        simple(
          lab,
          always((correct) => {
            lab.sandbox.plant('file.bin', 'made by someone else while the bytes came')
            return correct
          }),
          { exit: [0], size: 9 * MiB, name: 'file (1).bin' },
        ),
    },
  ],
}
