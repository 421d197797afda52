import { SluiceError } from '../core/errors.ts'

/** Set by Sluice itself; a second value would break ranges, framing or the proof that a byte belongs there. */
const ours = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'accept-encoding',
]

/** Checks a header as typed, `Name: value` (RFC 9110 section 5), and returns it with single spacing. */
export function checkHeader(text: string): string {
  const [name, value] = splitHeader(text)
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new SluiceError('usage', 'A header needs a name, a colon and a value.', {
      hint: "Write it as -H 'Name: value'.",
    })
  }
  // The value itself may be a secret, so it is not repeated here.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    throw new SluiceError('usage', `The value of the header ${name} contains a character that HTTP cannot carry.`, {
      hint: 'Only Latin-1 without line breaks and control characters is possible.',
    })
  }
  if (ours.includes(name.toLowerCase())) {
    throw new SluiceError('usage', `The header ${name} is set by Sluice itself.`, { hint: 'Leave it out.' })
  }
  return `${name}: ${value}`
}

/** Name and value of `Name: value`; the name is empty when there is no colon. */
export function splitHeader(text: string): [name: string, value: string] {
  const colon = text.indexOf(':')
  return colon < 1 ? ['', ''] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}
