/** What a server says about the identity of a file: RFC 9110 section 8.8. */
export interface Validators {
  /** With quotes and W/ as it came, null when absent. */
  readonly etag: string | null
  readonly lastModified: string | null
  /** The Date of the answer that carried lastModified; makes it strong or not. */
  readonly date: string | null
}

export const noValidators: Validators = { etag: null, lastModified: null, date: null }

const isStrongTag = (etag: string | null): etag is string => etag !== null && /^"[^"]*"$/.test(etag)

/** True when the file was at rest for a second before the answer, so that no two contents share the date: RFC 9110 8.8.2.2. */
function hasStrongDate({ lastModified, date }: Validators): boolean {
  if (lastModified === null || date === null) return false
  return Date.parse(date) - Date.parse(lastModified) >= 1000
}

/** The value for If-Range: a strong ETag, else a strong date, else null. Weak tags are never sent: RFC 9110 13.1.5. */
export function ifRangeValue(validators: Validators): string | null {
  if (isStrongTag(validators.etag)) return validators.etag
  return hasStrongDate(validators) ? validators.lastModified : null
}

/**
 * Whether two answers tell of the same file. `sizesEqual` is for whole sizes, null when one is unknown.
 * `unstable-tag`: the same file, from a server whose ETags differ between its nodes or requests.
 */
export function compareValidators(
  known: Validators,
  seen: Validators,
  sizesEqual: boolean | null,
): 'same' | 'unstable-tag' | 'changed' {
  if (sizesEqual === false) return 'changed'
  const datesEqual = known.lastModified !== null && known.lastModified === seen.lastModified
  if (known.etag !== null && seen.etag !== null) {
    if (known.etag.replace(/^W\//, '') === seen.etag.replace(/^W\//, '')) return 'same'
    return sizesEqual === true && datesEqual && hasStrongDate(known) ? 'unstable-tag' : 'changed'
  }
  if (known.lastModified !== null && seen.lastModified !== null) return datesEqual ? 'same' : 'changed'
  return 'same'
}
