import { SluiceError } from '../core/errors.ts'

/** A header field of the user: its value, '' to send it empty, null to leave a field out that is sent by default. */
export type HeaderRule = readonly [name: string, value: string | null]

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const controls = /[\x00-\x08\x0a-\x1f\x7f]/

/** Fields that users may not set, and why. */
const forbidden: Readonly<Record<string, string>> = {
  host: 'it is taken from the address',
  range: 'Sluice decides which bytes it asks for',
  'if-range': 'Sluice decides which bytes it asks for',
  connection: 'it steers the connection, which is the work of Sluice',
  'keep-alive': 'it steers the connection, which is the work of Sluice',
  'proxy-connection': 'it steers the connection, which is the work of Sluice',
  upgrade: 'it steers the connection, which is the work of Sluice',
  te: 'it changes how the bytes travel',
  trailer: 'it changes how the bytes travel',
  'transfer-encoding': 'it changes how the bytes travel',
  'content-length': 'a download sends no content',
  expect: 'a download sends no content',
  'proxy-authorization': 'it would reach the server behind the proxy; give user and password in the address of --proxy',
}

/**
 * Reads a header as -H takes it, like curl: `Name: value`, `Name:` to leave a default field out, `Name;` to send it
 * empty. Throws `usage` for anything else; the value, which may be a secret, is never part of the message.
 */
export function parseHeaderLine(line: string): HeaderRule {
  const match = /^([^:;]*)(?::(.*)|;\s*)$/s.exec(line)
  if (match === null) {
    throw new SluiceError('usage', 'A header has no colon after its name.', { hint: "Write it as -H 'Name: value'." })
  }
  const [, name = '', value] = match
  return headerRule(name, value === undefined ? '' : value.trim() || null)
}

/** Checks a header field. Throws `usage` for names and values that no header can hold, and for fields that are ours. */
export function headerRule(name: string, value: string | null): HeaderRule {
  if (!token.test(name)) {
    throw new SluiceError('usage', `${JSON.stringify(name.slice(0, 40))} is not a name of a header.`, {
      hint: "Write it as -H 'Name: value'.",
    })
  }
  const lower = name.toLowerCase()
  if (Object.hasOwn(forbidden, lower)) {
    throw new SluiceError('usage', `The header ${name} cannot be set: ${forbidden[lower]}.`, { hint: 'Leave it out.' })
  }
  return [name, value === null ? null : fieldValue(name, value)]
}

/** The value as it goes over the wire: bytes of UTF-8 as Latin-1 characters. Throws `usage` for control characters. */
export function fieldValue(name: string, value: string): string {
  if (controls.test(value)) {
    throw new SluiceError(
      'usage',
      `The value of the header ${name} contains a line break or another control character.`,
      {
        hint: 'Remove it.',
      },
    )
  }
  return /^[\x00-\x7f]*$/.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1')
}
