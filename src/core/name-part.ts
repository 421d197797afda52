import { excerpt, showCharacter } from './excerpt.ts'

export type NamePart = 'host' | 'namespace' | 'model' | 'tag'

interface PartRule {
  readonly maxBytes: number
  /** The first character that does not fit, after the first one. */
  readonly wrong: RegExp
  readonly allowed: string
}

/** As ollama checks the parts of a name (types/model/name.go). All that fits is ASCII: one character, one byte. */
const rules: Readonly<Record<NamePart, PartRule>> = {
  host: { maxBytes: 350, wrong: /[^\w.:-]/u, allowed: 'letters, digits, "_", "-", "." and ":"' },
  namespace: { maxBytes: 80, wrong: /[^\w-]/u, allowed: 'letters, digits, "_" and "-"' },
  model: { maxBytes: 80, wrong: /[^\w.-]/u, allowed: 'letters, digits, "_", "-" and "."' },
  tag: { maxBytes: 80, wrong: /[^\w.-]/u, allowed: 'letters, digits, "_", "-" and "."' },
}

/**
 * What is wrong with one part of a name, as a sentence; null when it fits. A part that fits is a safe path component, but
 * for the `:` of a host on Windows.
 */
export function partFault(part: NamePart, text: string): string | null {
  const { maxBytes, wrong, allowed } = rules[part]
  if (text === '') return `The ${part} is empty.`
  const found = wrong.exec(text)?.[0]
  if (found !== undefined)
    return `The ${part} "${excerpt(text)}" contains ${showCharacter(found)}; ${allowed} are allowed.`
  if (!/^\w/.test(text))
    return `The ${part} "${excerpt(text)}" begins with ${showCharacter(text)}; it must begin with a letter, a digit or "_".`
  if (text.length > maxBytes) return `The ${part} has ${text.length} characters; at most ${maxBytes} are allowed.`
  return null
}

/**
 * What is wrong with a host that requests are to be sent to: besides the grammar, it must be written as an address has it,
 * with a number as its port. So `127.1` and `0x7f000001` are refused, and nothing is asked of another host than the name
 * shows. IPv6 addresses stand in brackets.
 */
export function hostFault(host: string): string | null {
  const fault = /^\[[\da-f:.]+\](?::\d+)?$/i.test(host) ? null : partFault('host', host)
  if (fault !== null) return fault
  const wanted = host.toLowerCase()
  const url = URL.parse(`http://${host}/`)
  // Each scheme drops its default port.
  if (url === null || url.port === '0' || /\.\.|\.(?::|$)/.test(host))
    return `The host "${excerpt(host)}" is none that an address can have; a port is a number from 1 to 65535.`
  if (url.host === wanted || URL.parse(`https://${host}/`)?.host === wanted) return null
  return `The host "${excerpt(host)}" must be written as "${excerpt(url.host)}".`
}

/** Whether a host, with or without its port, is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)
}
