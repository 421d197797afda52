export type CsvValue = string | number | boolean | null

/**
 * One record of RFC 4180 with its line end. Text that a spreadsheet would take for a formula gets a `'` in front, plain
 * numbers stay numbers; null is an empty field.
 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join(',')}\r\n`
}

function field(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const isFormula = /^[=+\-@\t\r]/.test(value) && !/^[+-]?\d+(?:\.\d+)?$/.test(value)
  const text = isFormula ? `'${value}` : value
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
