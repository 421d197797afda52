import { Buffer } from 'node:buffer'

/**
 * Turns raw bytes of a header field (a string of Latin-1 characters) into text: UTF-8 where they are strictly that,
 * else the one of GBK, Shift_JIS and windows-1251 that they look like, else Latin-1 as the standard says.
 */
export function decodeRawBytes(latin1: string): string {
  if (/^[\x00-\x7f]*$/.test(latin1)) return latin1
  const bytes = Buffer.from(latin1, 'latin1')
  return decodeStrict('utf-8', bytes) ?? decodeLegacy(latin1, bytes) ?? latin1
}

/** Decodes bytes in a named character set; undefined when the set is unknown or a byte does not belong to it. */
export function decodeStrict(charset: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    // Unknown label (RangeError) or invalid bytes (TypeError): both mean that this is not the character set.
    return undefined
  }
}

function decodeLegacy(latin1: string, bytes: Uint8Array): string | undefined {
  if (looksGb2312(latin1)) return decodeStrict('gbk', bytes)
  if (looksCyrillic(latin1)) return decodeStrict('windows-1251', bytes)
  if (!/[\x81-\x9f]/.test(latin1)) return undefined
  const japanese = decodeStrict('shift_jis', bytes)
  return japanese !== undefined && looksJapanese(japanese) ? japanese : undefined
}

/**
 * Pairs of high bytes, most of them of the first level of GB 2312, which holds the characters of daily use. Its first
 * bytes are capitals in windows-1251, and Russian words have one of these at most, or an odd number of letters.
 */
function looksGb2312(text: string): boolean {
  const runs = text.match(/[\x80-\xff]+/g) ?? []
  if (!runs.every((run) => /^(?:[\xa1-\xa3\xb0-\xf7][\xa1-\xfe])+$/.test(run))) return false
  const pairs = runs.join('').match(/../g) ?? []
  const common = pairs.filter((pair) => /^[\xb0-\xd7]/.test(pair)).length
  return common >= 2 && common * 3 >= pairs.length * 2
}

/** Whole words of Cyrillic letters: Western names mix their few accented letters with ASCII ones. */
function looksCyrillic(text: string): boolean {
  const words = text.match(/[\x80-\xff]+/g) ?? []
  if (/[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]/.test(text)) return false
  return words.every((word) => /^[\xa8\xb8\xc0-\xff]+$/.test(word)) && words.some((word) => word.length >= 3)
}

function looksJapanese(text: string): boolean {
  const foreign = text.match(/[^\x00-\x7f]/gu) ?? []
  return foreign.length >= 2 && foreign.every((char) => /[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]/u.test(char))
}
